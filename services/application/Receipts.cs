using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Applications;

/// <summary>The key that receipts are signed with.</summary>
public sealed class ReceiptOptions
{
    public const string Section = "Application:Receipts";

    /// <summary>PKCS #8 of a P-256 key, base64. The AppHost generates one at first run.</summary>
    public string Key { get; set; } = "";
}

public sealed class ReceiptOptionsValidator : IValidateOptions<ReceiptOptions>
{
    public ValidateOptionsResult Validate(string? name, ReceiptOptions options)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(options.Key), out _);
            return key.KeySize == 256 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"Set {ReceiptOptions.Section}:Key to a P-256 key.");
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException)
        {
            return ValidateOptionsResult.Fail($"Set {ReceiptOptions.Section}:Key: PKCS #8 of a P-256 key, base64.");
        }
    }
}

/// <summary>
/// Receipts of submissions (E15): a JWS (RFC 7515, ES256) over the time, the version and the SHA-256 of the content. Whoever has the receipt, the content and the published key can
/// prove what was sent in and when, without the platform.
/// </summary>
public sealed class Receipts : IDisposable
{
    public const string Issuer = "urn:exam:receipts";

    private readonly ECDsa pair = ECDsa.Create();
    private readonly ECDsaSecurityKey key;

    public Receipts(IOptions<ReceiptOptions> options)
    {
        pair.ImportPkcs8PrivateKey(Convert.FromBase64String(options.Value.Key), out _);
        key = new(pair)
        {
            KeyId = Convert.ToHexStringLower(SHA256.HashData(pair.ExportSubjectPublicKeyInfo()))[..16],
            CryptoProviderFactory = new() { CacheSignatureProviders = false }, // the cache is the process's, and would outlive the pair
        };
        PublicKey = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new(ECDsa.Create(pair.ExportParameters(false))) { KeyId = key.KeyId });
    }

    /// <summary>What receipts are verified with.</summary>
    public JsonWebKey PublicKey { get; }

    /// <param name="content">The bytes that were sent in, as the candidate gets them with the receipt.</param>
    /// <param name="trial">The receipt says of itself that it is a practice's: nobody can show it as one of a real application.</param>
    public string Sign(Submission sent, string content, bool trial) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["iss"] = Issuer,
        ["iat"] = sent.SubmittedAt.ToUnixTimeSeconds(),
        ["application"] = sent.ApplicationId,
        ["version"] = sent.Number,
        ["verificationCode"] = sent.VerificationCode,
        ["trial"] = trial,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
    }), new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256));

    public void Dispose() => pair.Dispose();
}
