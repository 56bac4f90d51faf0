namespace ExamPlatform.Identities.Tests;

public class PasswordRuleTests
{
    // 盲人医疗按摩: 8–16 with digits, letters, specials. 福建: 8–16 with lower, upper, digit, special.
    private static readonly PasswordRule MassageExam = new() { Min = 8, Max = 16, Classes = [PasswordClass.Digit, PasswordClass.Letter, PasswordClass.Special] };
    private static readonly PasswordRule FujianRecruiting = new() { Min = 8, Max = 16, Classes = [PasswordClass.Lower, PasswordClass.Upper, PasswordClass.Digit, PasswordClass.Special] };

    [Theory]
    [InlineData("axk17395!", "")]
    [InlineData("abc1234", "password-length password-classes")]
    [InlineData("abc1234567890123!", "password-length")]
    [InlineData("73915482!", "password-classes")]
    [InlineData("abcdefgh!", "password-classes")]
    [InlineData("axk17395\u0007!", "password-character")]
    public void Digits_letters_and_specials_within_8_to_16(string password, string codes) => Assert.Equal(codes, Codes(MassageExam, password));

    [Theory]
    [InlineData("aXk17395!", "")]
    [InlineData("axk17395!", "password-classes")]
    [InlineData("AXK17395!", "password-classes")]
    public void Lower_and_upper_case_where_the_rule_asks_for_both(string password, string codes) => Assert.Equal(codes, Codes(FujianRecruiting, password));

    [Theory]
    [InlineData("password1")]
    [InlineData("PassWord1")]
    [InlineData("Password1!")]
    [InlineData("1qaz2wsx")]
    [InlineData("a1234567")]
    public void What_many_people_choose_is_no_password(string password) => Assert.Equal("password-common", Codes(new() { Min = 8, Max = 32, Classes = [PasswordClass.Letter, PasswordClass.Digit] }, password));

    private static string Codes(PasswordRule rule, string password)
    {
        var faults = new Faults();
        rule.Check(password, faults);
        return string.Join(' ', faults.All.Select(f => f.Code));
    }
}
