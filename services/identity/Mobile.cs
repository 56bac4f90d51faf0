using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>A mainland mobile number: 11 digits, as the SMS gateways take it.</summary>
public static partial class Mobile
{
    public static string Tidy(string typed) => CountryCode().Replace(DocumentNumber.HalfWidth(typed).Replace("-", "", StringComparison.Ordinal), "");

    public static bool IsRight(string mobile) => Format().IsMatch(mobile);

    /// <summary>138****5678.</summary>
    public static string Masked(string mobile)
    {
        ArgumentNullException.ThrowIfNull(mobile);
        return $"{mobile[..3]}****{mobile[^4..]}";
    }

    [GeneratedRegex(@"^(\+86|0086|86(?=[0-9]{11}\z))")]
    private static partial Regex CountryCode();

    [GeneratedRegex(@"^1[3-9][0-9]{9}\z")]
    private static partial Regex Format();
}
