using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>Method 01 of 5.1.0: the lower-case hex of the fields' SHA-256 is what is signed.</summary>
public sealed class UnionPaySignature : IDisposable
{
    private readonly X509Certificate2 merchant;
    private readonly SandboxKeys keys;

    public UnionPaySignature(IOptions<UnionPayOptions> options)
    {
        merchant = X509Certificate2.CreateFromPem(File.ReadAllText(options.Value.MerchantCertificatePath));
        using var key = merchant.GetRSAPublicKey() ?? throw new InvalidOperationException("The merchant's certificate is not for an RSA key.");
        keys = new(key.ExportSubjectPublicKeyInfoPem(), File.ReadAllText(options.Value.PrivateKeyPath));
        Certificate = File.ReadAllText(options.Value.CertificatePath);
        MerchantCertificateId = new BigInteger(merchant.GetSerialNumber(), isUnsigned: true).ToString(CultureInfo.InvariantCulture);
    }

    public string Certificate { get; }

    public string MerchantCertificateId { get; }

    public bool IsFromMerchant(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("certId") == MerchantCertificateId && keys.IsFromMerchant(Digest(fields), fields.GetValueOrDefault("signature", ""));

    /// <summary>Puts certificate and signature to the fields.</summary>
    public void Sign(Dictionary<string, string> fields, bool asStranger = false)
    {
        fields["signPubKeyCert"] = Certificate;
        fields["signature"] = asStranger ? keys.SignAsStranger(Digest(fields)) : keys.Sign(Digest(fields));
    }

    /// <summary>As <see cref="Sign"/>, by a key of its own whose certificate bears UnionPay's name but nobody stands above.</summary>
    public void SignByOwnCertificate(Dictionary<string, string> fields)
    {
        using var key = RSA.Create(2048);
        using var real = X509Certificate2.CreateFromPem(Certificate);
        using var own = new CertificateRequest(real.SubjectName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(real.NotBefore, real.NotAfter);
        fields["signPubKeyCert"] = own.ExportCertificatePem();
        fields["signature"] = Convert.ToBase64String(key.SignData(Encoding.ASCII.GetBytes(Digest(fields)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public void Dispose()
    {
        merchant.Dispose();
        keys.Dispose();
    }

    private static string Digest(Dictionary<string, string> fields) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SignedFields.Text(fields, "signature"))));
}
