using System.Text.RegularExpressions;

namespace ExamPlatform.Sandbox.Sms;

/// <summary><c>ACS3-HMAC-SHA256 Credential=…,SignedHeaders=a;b,Signature=hex</c>.</summary>
public sealed partial record Acs3Authorization(string AccessKeyId, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public static Acs3Authorization? Parse(string header) =>
        Whole().Match(header) is { Success: true } match
            ? new(match.Groups["id"].Value, match.Groups["headers"].Value.Split(';'), match.Groups["signature"].Value)
            : null;

    [GeneratedRegex(@"^ACS3-HMAC-SHA256\s+Credential=(?<id>[^,\s]+),\s*SignedHeaders=(?<headers>[a-z0-9\-;]+),\s*Signature=(?<signature>[0-9a-f]{64})\z")]
    private static partial Regex Whole();
}
