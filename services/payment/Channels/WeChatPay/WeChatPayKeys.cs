using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>The four headers under which WeChat Pay signs an answer or a callback; missing ones are empty.</summary>
internal sealed record WeChatPaySigned(string Timestamp, string Nonce, string Signature, string Serial)
{
    public static WeChatPaySigned From(Func<string, string?> header) =>
        new(header("wechatpay-timestamp") ?? "", header("wechatpay-nonce") ?? "", header("wechatpay-signature") ?? "", header("wechatpay-serial") ?? "");

    /// <summary>WeChat Pay now and then sends this kind of signature on purpose, to see whether it is checked.</summary>
    public bool IsProbe => Signature.StartsWith("WECHATPAY/SIGNTEST/", StringComparison.Ordinal);
}

/// <summary>SHA256 with RSA (PKCS#1 v1.5) both ways, and AEAD_AES_256_GCM of the callbacks.</summary>
internal sealed class WeChatPayKeys : IDisposable
{
    private const int TagBytes = 16;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(300);
    private readonly Lock gate = new(); // RSA promises nothing about use from several threads
    private readonly RSA merchant = RSA.Create();
    private readonly ConcurrentDictionary<string, PlatformKey> platform = new(StringComparer.Ordinal);
    private readonly X509Certificate2? root;
    private readonly byte[] apiV3Key;

    /// <summary>Believed from its beginning until its end; a public key has neither.</summary>
    private sealed record PlatformKey(RSA Key, DateTimeOffset From, DateTimeOffset Until);

    public WeChatPayKeys(IOptions<WeChatPayOptions> options)
    {
        merchant.ImportFromPem(File.ReadAllText(options.Value.MerchantPrivateKeyPath));
        if (options.Value is { PlatformKeyId: { } id, PlatformPublicKeyPath: { } path }) Believe(id, path);
        foreach (var (further, file) in options.Value.FurtherPublicKeyPaths) Believe(further, file);
        foreach (var file in options.Value.PlatformCertificatePaths) Believe(X509CertificateLoader.LoadCertificateFromFile(file));
        if (options.Value.PlatformRootPath is { } rootPath) root = X509CertificateLoader.LoadCertificateFromFile(rootPath);
        apiV3Key = Encoding.UTF8.GetBytes(options.Value.ApiV3Key);
    }

    public string Sign(ReadOnlySpan<byte> message)
    {
        lock (gate) return Convert.ToBase64String(merchant.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>What WeixinJSBridge and wx.requestPayment are given, signed: <c>appId\ntimeStamp\nnonceStr\nprepay_id=…\n</c>.</summary>
    public IReadOnlyDictionary<string, string> Bridge(string appId, string prepayId, DateTimeOffset now)
    {
        var (timestamp, nonce, package) = (now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(32), $"prepay_id={prepayId}");
        return new Dictionary<string, string>
        {
            ["appId"] = appId,
            ["timeStamp"] = timestamp,
            ["nonceStr"] = nonce,
            ["package"] = package,
            ["signType"] = "RSA",
            ["paySign"] = Sign(Encoding.UTF8.GetBytes($"{appId}\n{timestamp}\n{nonce}\n{package}\n")),
        };
    }

    /// <returns>Null when the body is WeChat Pay's own and fresh at <paramref name="at"/>; else what is wrong.</returns>
    public string? Verify(WeChatPaySigned signed, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        if (signed.Timestamp.Length == 0 || signed.Nonce.Length == 0 || signed.Signature.Length == 0 || signed.Serial.Length == 0) return "signature headers are missing";
        if (!platform.TryGetValue(signed.Serial, out var known)) return "signed by an unknown key";
        if (at < known.From || at >= known.Until) return "signed by a key whose time is not now";
        return Verify(signed, body, at, known.Key);
    }

    /// <summary>Takes in the certificates that WeChat Pay answered with: sealed under the APIv3 key, made under the root, and the answer signed by one of them or by a key that is known.</summary>
    /// <returns>Null when all of it is right; else what is wrong, and nothing is taken in.</returns>
    public string? TakeIn(byte[] answer, WeChatPaySigned signed, DateTimeOffset now)
    {
        var certificates = new List<X509Certificate2>();
        try
        {
            foreach (var told in JsonSerializer.Deserialize<WeChatPayWords.Certificates>(answer, WeChatPayWords.Json)?.Data ?? [])
            {
                if (told.EncryptCertificate is not { Ciphertext: { } ciphertext, Nonce: { } nonce } sealedOne) return "a certificate is missing";
                var certificate = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Open(ciphertext, nonce, sealedOne.AssociatedData ?? "")));
                certificates.Add(certificate);
                if (!certificate.SerialNumber.Equals(told.SerialNo, StringComparison.OrdinalIgnoreCase)) return "a certificate of another serial number";
                if (!IsUnderRoot(certificate, now)) return "a certificate that is not made under the root";
            }
        }
        catch (Exception e) when (e is JsonException or CryptographicException or FormatException)
        {
            return e.GetType().Name;
        }
        var signer = certificates.Find(c => c.SerialNumber == signed.Serial);
        using var key = signer?.GetRSAPublicKey();
        if ((key is null ? Verify(signed, answer, now) : Verify(signed, answer, now, key)) is { } fault) return fault;
        certificates.ForEach(Believe);
        return certificates.Count == 0 ? "no certificate" : null;
    }

    private void Believe(string id, string path)
    {
        var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(path));
        platform[id] = new(key, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
    }

    private void Believe(X509Certificate2 certificate) =>
        platform[certificate.SerialNumber] = new(certificate.GetRSAPublicKey()!, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    private bool IsUnderRoot(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (root is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // WeChat Pay publishes no list; what is withdrawn is no longer told
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }

    private string? Verify(WeChatPaySigned signed, ReadOnlySpan<byte> body, DateTimeOffset at, RSA key)
    {
        if (!long.TryParse(signed.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return "the timestamp is no number";
        if (Math.Abs((decimal)at.ToUnixTimeSeconds() - seconds) >= (decimal)Skew.TotalSeconds) return "signed at another time";
        var signature = new byte[signed.Signature.Length];
        if (!Convert.TryFromBase64String(signed.Signature, signature, out var length)) return "the signature is no base64";
        byte[] message = [.. Encoding.UTF8.GetBytes($"{signed.Timestamp}\n{signed.Nonce}\n"), .. body, (byte)'\n'];
        lock (gate)
            return key.VerifyData(message, signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? null : "the signature does not fit";
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or changed.</exception>
    /// <exception cref="FormatException">It is no base64.</exception>
    public byte[] Open(string ciphertext, string nonce, string associatedData)
    {
        var sealedBytes = Convert.FromBase64String(ciphertext);
        var nonceBytes = Encoding.UTF8.GetBytes(nonce);
        if (sealedBytes.Length < TagBytes || nonceBytes.Length != AesGcm.NonceByteSizes.MaxSize) throw new CryptographicException("Too short, or a nonce that is not 12 bytes.");
        using var aes = new AesGcm(apiV3Key, TagBytes);
        var plain = new byte[sealedBytes.Length - TagBytes];
        aes.Decrypt(nonceBytes, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), plain, Encoding.UTF8.GetBytes(associatedData));
        return plain;
    }

    public void Dispose()
    {
        merchant.Dispose();
        foreach (var known in platform.Values) known.Key.Dispose();
        root?.Dispose();
    }
}
