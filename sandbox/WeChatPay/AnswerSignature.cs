using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The headers by which a merchant verifies an answer or a callback: <c>timestamp\nnonce\nbody\n</c> under the platform's key.</summary>
public sealed class AnswerSignature(WeChatPayKeys keys, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    public string KeyId => options.Value.PlatformKeyId;

    public void Put(HttpResponse response, string body, bool wrong)
    {
        foreach (var (name, value) in For(body, wrong ? keys.SignAsStranger : keys.Sign)) response.Headers[name] = value;
        response.Headers["Request-ID"] = Guid.NewGuid().ToString("N").ToUpperInvariant();
    }

    public Dictionary<string, string> For(string body, Func<string, string>? sign = null, TimeSpan age = default)
    {
        var timestamp = (clock.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new()
        {
            ["Wechatpay-Timestamp"] = timestamp,
            ["Wechatpay-Nonce"] = nonce,
            ["Wechatpay-Signature"] = (sign ?? keys.Sign)($"{timestamp}\n{nonce}\n{body}\n"),
            ["Wechatpay-Serial"] = KeyId,
            ["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048",
        };
    }
}
