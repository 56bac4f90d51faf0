namespace ExamPlatform.Identities.Tests;

public class PersonNameTests
{
    [Theory]
    [InlineData('\u2022')]
    [InlineData('\u2027')]
    [InlineData('\u30FB')]
    [InlineData('\uFF65')]
    [InlineData('\u0387')]
    [InlineData('\u00B7')]
    public void Whatever_dot_was_typed_one_is_kept(char dot) => Assert.Equal("买买提·阿凡提", PersonName.Tidy($" 买买提{dot}阿凡提 "));

    [Theory]
    [InlineData("\uF900明")] // a compatibility ideograph that NFC would replace by U+8C48
    [InlineData("\u0065\u0301")] // e and a combining accent stay two
    [InlineData("㐱𠀀𪚥𮯠𰀀")]
    public void A_name_is_kept_as_typed(string name) => Assert.Equal(name, PersonName.Tidy(name));

    [Theory]
    [InlineData("张三")]
    [InlineData("𠮷野家")]
    [InlineData("Jean-Luc O'Neill")]
    [InlineData("葛\U000E0100")] // with a variation selector
    [InlineData("\U000323B0")] // a plane-3 ideograph newer than the runtime's tables
    public void A_name_of_any_plane_is_right(string name) => Assert.Equal("", Faults(name));

    [Theory]
    [InlineData("", "required")]
    [InlineData("张\u200B三", "name-character")]
    [InlineData("张\u0000三", "name-character")]
    [InlineData("张三1", "name-character")]
    [InlineData("<b>张</b>", "name-character")]
    [InlineData("张\uE000", "name-character")]
    [InlineData("张\u202E三", "name-character")]
    public void What_is_no_name_is_refused(string name, string code) => Assert.Equal(code, Faults(name));

    [Fact]
    public void Length_is_counted_in_characters_that_people_see()
    {
        Assert.Equal("", Faults(string.Concat(Enumerable.Repeat("𠮷", 50))));
        Assert.Equal("name-length", Faults(string.Concat(Enumerable.Repeat("张", 51))));
        Assert.Equal("name-length", Faults("e" + new string('\u0301', 100_000)));
    }

    [Theory]
    [InlineData("张三", "张*")]
    [InlineData("欧阳娜娜", "欧***")]
    [InlineData("张", "*")]
    [InlineData("𠮷", "*")]
    [InlineData("𠮷野家", "𠮷**")] // one character of plane 2, two units
    [InlineData("李\U000323B0", "李*")]
    [InlineData("葛\U000E0100城", "葛\U000E0100*")] // a variation selector belongs to its character
    [InlineData("阿依古丽·买买提", "阿***·***")]
    [InlineData("Jean-Luc O'Neill", "J******* *******")]
    [InlineData("e\u0301a", "e\u0301*")]
    [InlineData("", "")]
    public void For_a_public_notice_nothing_but_the_first_character_and_the_shape_is_left(string name, string masked) => Assert.Equal(masked, PersonName.Masked(name));

    private static string Faults(string name)
    {
        var faults = new Faults();
        PersonName.Check(PersonName.Tidy(name), "name", faults);
        return string.Join(' ', faults.All.Select(f => f.Code));
    }
}
