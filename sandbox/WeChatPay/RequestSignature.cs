using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>Verifies <c>Authorization: WECHATPAY2-SHA256-RSA2048 …</c> of a merchant's request.</summary>
public static partial class RequestSignature
{
    private const string Scheme = "WECHATPAY2-SHA256-RSA2048 ";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Null when the request is the merchant's own, fresh and new.</summary>
    public static WeChatPayError? Verify(HttpContext context, string target, string body)
    {
        var services = context.RequestServices;
        var merchant = services.GetRequiredService<IOptions<WeChatPayOptions>>().Value;
        if (Parse(context.Request.Headers.Authorization.ToString()) is not { } sent) return WeChatPayError.Sign("sign.format");
        if (sent["mchid"] != merchant.MerchantId) return WeChatPayError.Sign("sign.merchant");
        if (sent["serial_no"] != merchant.MerchantSerial) return WeChatPayError.Sign("sign.serial");
        if (!long.TryParse(sent["timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return WeChatPayError.Sign("sign.format");
        if (Math.Abs(services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds() - seconds) > Skew.TotalSeconds)
            return WeChatPayError.Sign("sign.timestamp");

        var message = $"{context.Request.Method}\n{target}\n{sent["timestamp"]}\n{sent["nonce_str"]}\n{body}\n";
        if (!services.GetRequiredService<WeChatPayKeys>().IsFromMerchant(message, sent["signature"])) return Mismatch(context.Request.Method, target, sent, message, body);
        return services.GetRequiredService<UsedNonces>().TryUse("wechat-pay", sent["nonce_str"]) ? null : WeChatPayError.Sign("sign.nonce");
    }

    private static Dictionary<string, string>? Parse(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        var parts = Part().Matches(header[Scheme.Length..]);
        var sent = new Dictionary<string, string>();
        foreach (Match part in parts)
            if (!sent.TryAdd(part.Groups["name"].Value, part.Groups["value"].Value)) return null;
        string[] needed = ["mchid", "nonce_str", "timestamp", "serial_no", "signature"];
        return needed.All(sent.ContainsKey) && sent.Count == needed.Length && sent["nonce_str"].Length is > 0 and <= 32 ? sent : null;
    }

    // The real answer shows the message it verified, with the body cut to its first member, so that a merchant can find his mistake.
    private static WeChatPayError Mismatch(string method, string target, Dictionary<string, string> sent, string message, string body) =>
        WeChatPayError.Sign("sign.mismatch", new
        {
            Detail = new { Issue = "sign not match" },
            Field = "signature",
            Location = "authorization",
            SignInformation = new
            {
                Method = method,
                SignMessageLength = message.Length,
                TruncatedSignMessage = $"{method}\n{target}\n{sent["timestamp"]}\n{sent["nonce_str"]}\n{body[..Math.Min(8, body.Length)]}\n",
                Url = target,
            },
        });

    [GeneratedRegex("""(?:^|,)\s*(?<name>[a-z_]+)="(?<value>[^"]*)"(?=\s*(?:,|$))""")]
    private static partial Regex Part();
}
