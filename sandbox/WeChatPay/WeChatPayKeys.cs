using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>SHA256 with RSA, PKCS#1 v1.5, base64: everything WeChat Pay signs and verifies.</summary>
public sealed class WeChatPayKeys : IDisposable
{
    private readonly Lock gate = new();
    private readonly RSA merchant = RSA.Create();
    private readonly RSA platform = RSA.Create();
    private readonly RSA stranger = RSA.Create(2048);

    public WeChatPayKeys(IOptions<WeChatPayOptions> options)
    {
        merchant.ImportFromPem(File.ReadAllText(options.Value.MerchantPublicKeyPath));
        platform.ImportFromPem(File.ReadAllText(options.Value.PlatformPrivateKeyPath));
    }

    public bool IsFromMerchant(string message, string signature)
    {
        var bytes = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var length)) return false;
        lock (gate) return merchant.VerifyData(Encoding.UTF8.GetBytes(message), bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public string Sign(string message) => Sign(platform, message);

    /// <summary>A well-formed signature by a key that belongs to nobody.</summary>
    public string SignAsStranger(string message) => Sign(stranger, message);

    public void Dispose()
    {
        merchant.Dispose();
        platform.Dispose();
        stranger.Dispose();
    }

    // RSA objects promise nothing about use from several threads.
    private string Sign(RSA key, string message)
    {
        lock (gate) return Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(message), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
