using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The headers by which a merchant verifies an answer or a callback: <c>timestamp\nnonce\nbody\n</c> under the platform's key.</summary>
public sealed class AnswerSignature(WeChatPayKeys keys, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    public string KeyId => options.Value.PlatformKeyId;

    /// <summary>Null where merchants have the public key only.</summary>
    public string? CertificateSerial { get; } = options.Value.PlatformCertificatePath is { } path ? SerialOf(path) : null;

    /// <summary>Who asks under a public key is answered under it; who names none, under the platform certificate.</summary>
    public void Put(HttpResponse response, string body, bool wrong)
    {
        var serial = response.HttpContext.Request.Headers.ContainsKey("Wechatpay-Serial") ? KeyId : CertificateSerial;
        foreach (var (name, value) in For(body, wrong ? keys.SignAsStranger : keys.Sign, serial: serial)) response.Headers[name] = value;
        response.Headers["Request-ID"] = Guid.NewGuid().ToString("N").ToUpperInvariant();
    }

    public Dictionary<string, string> For(string body, Func<string, string>? sign = null, TimeSpan age = default, string? serial = null)
    {
        var timestamp = (clock.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new()
        {
            ["Wechatpay-Timestamp"] = timestamp,
            ["Wechatpay-Nonce"] = nonce,
            ["Wechatpay-Signature"] = (sign ?? keys.Sign)($"{timestamp}\n{nonce}\n{body}\n"),
            ["Wechatpay-Serial"] = serial ?? KeyId,
            ["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048",
        };
    }

    private static string SerialOf(string path)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        return certificate.SerialNumber;
    }
}
