using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>ACS3-HMAC-SHA256: the canonical request and its signature, free of HTTP types so that published examples can be replayed.</summary>
public static class Acs3Signature
{
    public const string Algorithm = "ACS3-HMAC-SHA256";

    public static string StringToSign(
        string method,
        string path,
        IEnumerable<KeyValuePair<string, string>> query,
        IReadOnlyList<string> signedHeaders,
        Func<string, string> header,
        string bodyHash)
    {
        var canonicalQuery = string.Join('&', query
            .Select(pair => (Key: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}"));
        var names = signedHeaders.Order(StringComparer.Ordinal).ToList();
        var headers = string.Concat(names.Select(name => $"{name}:{header(name).Trim()}\n"));
        var canonical = $"{method}\n{path}\n{canonicalQuery}\n{headers}\n{string.Join(';', names)}\n{bodyHash}";
        return $"{Algorithm}\n{Sha256(Encoding.UTF8.GetBytes(canonical))}";
    }

    public static string Sign(string secret, string stringToSign) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(stringToSign)));

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
