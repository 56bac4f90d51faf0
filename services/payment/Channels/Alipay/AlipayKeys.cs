using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>RSA2: SHA256 with RSA (PKCS#1 v1.5) over UTF-8, base64, both ways.</summary>
internal sealed class AlipayKeys : IDisposable
{
    private readonly Lock gate = new(); // RSA promises nothing about use from several threads
    private readonly RSA own = RSA.Create();
    private readonly RSA alipay = RSA.Create();

    public AlipayKeys(IOptions<AlipayOptions> options)
    {
        own.ImportFromPem(File.ReadAllText(options.Value.PrivateKeyPath));
        alipay.ImportFromPem(File.ReadAllText(options.Value.AlipayPublicKeyPath));
    }

    public string Sign(string text)
    {
        lock (gate) return Convert.ToBase64String(own.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public bool IsAlipays(ReadOnlySpan<byte> text, string signature)
    {
        var bytes = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var length)) return false;
        lock (gate) return alipay.VerifyData(text, bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public void Dispose()
    {
        own.Dispose();
        alipay.Dispose();
    }
}
