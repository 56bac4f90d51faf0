namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>The merchant's own facts and keys. Nothing has a default; what may be left out turns a way of paying off.</summary>
public sealed class WeChatPayOptions
{
    public const string Section = "Payment:WeChatPay";

    public string MerchantId { get; init; } = "";

    /// <summary>The application under whose name codes and addresses (Native, H5) are paid.</summary>
    public string AppId { get; init; } = "";

    /// <summary>The official account within which is paid (JSAPI), the same as identity's; left out: not within WeChat.</summary>
    public string? AccountAppId { get; init; }

    /// <summary>The mini-program within which is paid, the same as identity's; left out: not there.</summary>
    public string? MiniProgramAppId { get; init; }

    /// <summary>Whether WeChat Pay has opened H5 to the merchant.</summary>
    public bool H5 { get; init; }

    /// <summary>Serial number of the merchant's API certificate.</summary>
    public string MerchantSerial { get; init; } = "";

    /// <summary>PEM, RSA private key of the merchant's API certificate: signs our requests.</summary>
    public string MerchantPrivateKeyPath { get; init; } = "";

    /// <summary>32 bytes, shared with WeChat Pay: opens the callbacks' resource.</summary>
    public string ApiV3Key { get; init; } = "";

    /// <summary><c>PUB_KEY_ID_…</c>: names WeChat Pay's public key in <c>Wechatpay-Serial</c>. Left out where the merchant still has platform certificates only.</summary>
    public string? PlatformKeyId { get; init; }

    /// <summary>PEM, WeChat Pay's public key (微信支付公钥) of that id: verifies answers and callbacks.</summary>
    public string? PlatformPublicKeyPath { get; init; }

    /// <summary>Public keys by their ids that are believed beside it, while one takes the other's place.</summary>
    public Dictionary<string, string> FurtherPublicKeyPaths { get; init; } = [];

    /// <summary>PEM, platform certificates (平台证书) that are believed until they end.</summary>
    public string[] PlatformCertificatePaths { get; init; } = [];

    /// <summary>PEM, the root under which WeChat Pay's certificates are made. With it they are fetched from WeChat Pay and fetched again, so that a new one is known before the old one ends.</summary>
    public string? PlatformRootPath { get; init; }

    /// <summary>Where API v3 is, without <c>/v3</c>.</summary>
    public string BaseAddress { get; init; } = "";

    /// <summary>Public address of <c>/callbacks/wechat-pay</c>, without a query string.</summary>
    public string NotifyUrl { get; init; } = "";
}
