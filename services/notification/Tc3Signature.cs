using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Notifications;

/// <summary>Tencent Cloud's TC3-HMAC-SHA256, free of HTTP so that the published example can be replayed.</summary>
internal static class Tc3Signature
{
    /// <param name="headers">Lower-case names with their values; all of them are signed.</param>
    /// <returns>The value of the Authorization header of a POST to <c>/</c> without a query.</returns>
    public static string Authorization(string service, IReadOnlyDictionary<string, string> headers, byte[] body, DateTimeOffset at, string secretId, string secretKey)
    {
        var sorted = headers.OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var names = string.Join(';', sorted.Select(h => h.Key));
        var canonical = $"POST\n/\n\n{string.Concat(sorted.Select(h => $"{h.Key}:{h.Value.Trim().ToLowerInvariant()}\n"))}\n{names}\n{Hash(body)}";
        var date = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var scope = $"{date}/{service}/tc3_request";
        var toSign = $"TC3-HMAC-SHA256\n{at.ToUnixTimeSeconds()}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = ((string[])[date, service, "tc3_request"]).Aggregate(Encoding.UTF8.GetBytes("TC3" + secretKey), (sofar, part) => HMACSHA256.HashData(sofar, Encoding.UTF8.GetBytes(part)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"TC3-HMAC-SHA256 Credential={secretId}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
