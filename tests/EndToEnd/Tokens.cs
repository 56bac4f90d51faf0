using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.EndToEnd;

/// <summary>Access tokens looked into, and made by somebody who should not.</summary>
internal static class Tokens
{
    public static DateTimeOffset IssuedAt(string token)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("iat").GetInt64());
    }

    /// <summary>The claims of a real token under a key of our own, with the real key's name.</summary>
    public static string SignedByStranger(string token)
    {
        var parts = token.Split('.');
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The same person as an operator, under the signature of the candidate's token.</summary>
    public static string Promoted(string token)
    {
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"candidate\"", "\"operator\"", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }

    /// <summary>Not signed at all.</summary>
    public static string Unsigned(string token) => $"{Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8)}.{token.Split('.')[1]}.";
}
