using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Sandbox;

/// <summary>A merchant's public key, a bank's own and one that belongs to nobody: SHA256 with RSA, PKCS#1 v1.5, base64.</summary>
public sealed class SandboxKeys : IDisposable
{
    private readonly Lock gate = new(); // RSA promises nothing about use from several threads
    private readonly RSA merchant = RSA.Create();
    private readonly RSA own = RSA.Create();
    private readonly RSA stranger = RSA.Create(2048);

    /// <param name="merchantPublicKey">PEM.</param>
    /// <param name="privateKey">PEM.</param>
    public SandboxKeys(string merchantPublicKey, string privateKey)
    {
        merchant.ImportFromPem(merchantPublicKey);
        own.ImportFromPem(privateKey);
    }

    public bool IsFromMerchant(string text, string signature)
    {
        var bytes = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var length)) return false;
        lock (gate) return merchant.VerifyData(Encoding.UTF8.GetBytes(text), bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public string Sign(string text) => Sign(own, text);

    /// <summary>A well-formed signature by a key that belongs to nobody.</summary>
    public string SignAsStranger(string text) => Sign(stranger, text);

    public static bool IsRsa(string path, bool secret)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(path));
            if (secret) rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return rsa.KeySize >= 2048;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        merchant.Dispose();
        own.Dispose();
        stranger.Dispose();
    }

    private string Sign(RSA key, string text)
    {
        lock (gate) return Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
