using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>
/// Signature method 01 of version 5.1.0: SHA256 with RSA (PKCS#1 v1.5) over the lower-case hex text of the fields' SHA-256. What UnionPay signs carries its
/// certificate along, so what is trusted is the root above it and the name in it.
/// </summary>
internal sealed class UnionPayKeys : IDisposable
{
    private readonly Lock gate = new(); // RSA promises nothing about use from several threads
    private readonly RSA own = RSA.Create();
    private readonly X509Certificate2 root, middle;
    private readonly string signerName;

    public UnionPayKeys(IOptions<UnionPayOptions> options)
    {
        var o = options.Value;
        own.ImportFromPem(File.ReadAllText(o.PrivateKeyPath));
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(o.CertificatePath));
        CertificateId = IdOf(certificate);
        root = X509Certificate2.CreateFromPem(File.ReadAllText(o.RootCertificatePath));
        middle = X509Certificate2.CreateFromPem(File.ReadAllText(o.MiddleCertificatePath));
        signerName = o.SignerName;
    }

    /// <summary>The serial number of the merchant's certificate, in decimal.</summary>
    public string CertificateId { get; }

    public string Sign(IReadOnlyDictionary<string, string> fields)
    {
        lock (gate) return Convert.ToBase64String(own.SignData(Digest(fields), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <returns>Null when the fields are UnionPay's own by a certificate that holds at <paramref name="at"/>; else what is wrong.</returns>
    public string? Verify(IReadOnlyDictionary<string, string> fields, DateTimeOffset at)
    {
        if (fields.GetValueOrDefault("signMethod") != "01" || fields.GetValueOrDefault("version") != "5.1.0") return "not signed by method 01 of 5.1.0";
        if (fields.GetValueOrDefault("signature") is not { } text || fields.GetValueOrDefault("signPubKeyCert") is not { } pem) return "unsigned";
        var signature = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, signature, out var length)) return "the signature is no base64";
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            if (!IsUnionPays(certificate, at)) return "signed under a certificate that is not UnionPay's, or does not hold now";
            using var key = certificate.GetRSAPublicKey();
            return key?.VerifyData(Digest(fields), signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) == true ? null : "the signature does not fit";
        }
        catch (CryptographicException)
        {
            return "the certificate cannot be read";
        }
    }

    public static string IdOf(X509Certificate2 certificate) => new BigInteger(certificate.GetSerialNumber(), isUnsigned: true).ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        own.Dispose();
        root.Dispose();
        middle.Dispose();
    }

    private bool IsUnionPays(X509Certificate2 certificate, DateTimeOffset at)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if ((name.Split('@') is { Length: > 2 } parts ? parts[2] : name) != signerName) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.Add(middle);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // neither does UnionPay's own library; its lists are not reachable from where merchants stand
        chain.ChainPolicy.DisableCertificateDownloads = true; // a forger's certificate must not choose addresses for us to go to
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(certificate);
    }

    private static byte[] Digest(IReadOnlyDictionary<string, string> fields) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Fields.ToSign(fields, "signature")))));
}
