namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The one merchant this WeChat Pay knows, and the platform's own keys.</summary>
public sealed class WeChatPayOptions
{
    public const string Section = "Sandbox:WeChatPay";

    public string MerchantId { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>Serial number of the merchant's API certificate, as named in <c>serial_no</c>.</summary>
    public string MerchantSerial { get; init; } = "";

    /// <summary>PEM, SubjectPublicKeyInfo: what the merchant's requests are verified with.</summary>
    public string MerchantPublicKeyPath { get; init; } = "";

    /// <summary>32 ASCII characters shared by both sides: encrypts the callbacks' resource.</summary>
    public string ApiV3Key { get; init; } = "";

    /// <summary><c>PUB_KEY_ID_…</c>: the serial named in answers and callbacks.</summary>
    public string PlatformKeyId { get; init; } = "";

    /// <summary>PEM, PKCS#8 or PKCS#1: signs answers and callbacks.</summary>
    public string PlatformPrivateKeyPath { get; init; } = "";

    /// <summary>PEM, the platform certificate of that key: told by <c>/v3/certificates</c>, and named in the answers to whoever asks under no public key. Left out: merchants have the public key only.</summary>
    public string? PlatformCertificatePath { get; init; }

    /// <summary>Factor on the real resend schedule (15 s … 6 h): 1 is real time, 0.01 makes the first wait 150 ms.</summary>
    public double ResendScale { get; init; } = 1;
}
