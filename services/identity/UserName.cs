using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>
/// A user name, in lower case: 3 to 32 letters, digits and hyphens that begin with a letter. Without a hyphen it holds at most four digits, so that it is never taken for a passport, a permit
/// or a mobile number, nor one of those for it.
/// </summary>
public static partial class UserName
{
    public static string Tidy(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return typed.Trim().ToLowerInvariant();
    }

    public static bool IsRight(string userName) => Format().IsMatch(userName) && !LooksLikeNumber(userName);

    public static void Check(string userName, string field, Faults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var right = Format().IsMatch(userName);
        faults.Add(!right, field, "user-name-format", "A user name takes 3 to 32 lower-case letters, digits and hyphens, and begins with a letter.");
        faults.Add(right && LooksLikeNumber(userName), field, "user-name-number", "This could be the number of a document; take at most four digits, or put a hyphen in.");
    }

    public static IResult Taken() => new Refusal("user-name-taken", "Somebody has this user name; choose another.").ToProblem();

    private static bool LooksLikeNumber(string userName) => !userName.Contains('-', StringComparison.Ordinal) && userName.Count(char.IsAsciiDigit) > 4;

    [GeneratedRegex(@"^[a-z][a-z0-9-]{2,31}\z")]
    private static partial Regex Format();
}
