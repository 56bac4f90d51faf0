using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>A mainland mobile number: 11 digits, as the SMS gateways take it.</summary>
public static partial class Mobile
{
    public static string Tidy(string typed)
    {
        var digits = DocumentNumber.HalfWidth(typed).Replace("-", "", StringComparison.Ordinal);
        return digits.StartsWith("+86", StringComparison.Ordinal) ? digits[3..] : digits;
    }

    public static bool IsRight(string mobile) => Format().IsMatch(mobile);

    /// <summary>138****5678.</summary>
    public static string Masked(string mobile)
    {
        ArgumentNullException.ThrowIfNull(mobile);
        return $"{mobile[..3]}****{mobile[^4..]}";
    }

    [GeneratedRegex(@"^1[3-9][0-9]{9}\z")]
    private static partial Regex Format();
}
