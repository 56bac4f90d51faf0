using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Notifications;

/// <summary>Aliyun's ACS3-HMAC-SHA256, free of HTTP so that the published example can be replayed.</summary>
internal static class Acs3Signature
{
    /// <param name="query">Already canonical: encoded, sorted; empty if there is none.</param>
    /// <param name="headers">Lower-case names with their values; all of them are signed.</param>
    /// <returns>The value of the Authorization header.</returns>
    public static string Authorization(string method, string path, string query, IReadOnlyDictionary<string, string> headers, string bodyHash, string keyId, string keySecret)
    {
        var sorted = headers.OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var names = string.Join(';', sorted.Select(h => h.Key));
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(sorted.Select(h => $"{h.Key}:{h.Value.Trim()}\n"))}\n{names}\n{bodyHash}";
        var toSign = $"ACS3-HMAC-SHA256\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(keySecret), Encoding.UTF8.GetBytes(toSign)));
        return $"ACS3-HMAC-SHA256 Credential={keyId},SignedHeaders={names},Signature={signature}";
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
