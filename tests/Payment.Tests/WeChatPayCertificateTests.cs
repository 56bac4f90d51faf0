using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ExamPlatform.Payments.Channels.WeChatPay;

namespace ExamPlatform.Payments.Tests;

/// <summary>Platform certificates beside the public key: whose signature is believed, and from when until when.</summary>
public sealed class WeChatPayCertificateTests : IDisposable
{
    private const string ApiV3Key = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Now = Some.Now;

    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-certificates-").FullName;
    private readonly RSA rootKey = RSA.Create(2048), oldKey = RSA.Create(2048), newKey = RSA.Create(2048), merchant = RSA.Create(2048);
    private readonly X509Certificate2 root, old, fresh;

    public WeChatPayCertificateTests()
    {
        root = Root("CN=Tenpay.com Root CA", rootKey);
        old = Certificate(root, oldKey, 1, Now.AddYears(-4), Now.AddDays(5));
        fresh = Certificate(root, newKey, 2, Now.AddDays(-5), Now.AddYears(4));
    }

    [Fact]
    public void Old_and_new_certificate_are_believed_side_by_side_until_the_old_one_ends()
    {
        using var keys = Keys(root);

        Assert.Null(keys.TakeIn(Answer(old, fresh), Signed(Answer(old, fresh), old, oldKey, Now), Now));

        Assert.Null(keys.Verify(Signed("{}"u8.ToArray(), old, oldKey, Now), "{}"u8, Now));
        Assert.Null(keys.Verify(Signed("{}"u8.ToArray(), fresh, newKey, Now), "{}"u8, Now));
        var later = Now.AddDays(6);
        Assert.Equal("signed by a key whose time is not now", keys.Verify(Signed("{}"u8.ToArray(), old, oldKey, later), "{}"u8, later));
        var earlier = Now.AddDays(-6);
        Assert.Equal("signed by a key whose time is not now", keys.Verify(Signed("{}"u8.ToArray(), fresh, newKey, earlier), "{}"u8, earlier));
        Assert.Equal("the signature does not fit", keys.Verify(Signed("{}"u8.ToArray(), fresh, oldKey, Now), "{}"u8, Now));
    }

    [Fact]
    public void A_certificate_that_has_ended_or_is_told_under_another_number_is_not_taken_in()
    {
        using var ended = Certificate(root, newKey, 4, Now.AddYears(-6), Now.AddDays(-1));
        using var keys = Keys(root);
        var misnamed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Answer(fresh)).Replace(fresh.SerialNumber, "515799", StringComparison.Ordinal));

        Assert.Equal("a certificate that is not made under the root", keys.TakeIn(Answer(ended), Signed(Answer(ended), ended, newKey, Now), Now));
        Assert.Equal("a certificate of another serial number", keys.TakeIn(misnamed, Signed(misnamed, fresh, newKey, Now), Now));

        foreach (var unknown in (X509Certificate2[])[ended, fresh]) Assert.Equal("signed by an unknown key", keys.Verify(Signed("{}"u8.ToArray(), unknown, newKey, Now), "{}"u8, Now));
    }

    [Fact]
    public void A_certificate_under_another_root_is_not_taken_in_whoever_signed_the_answer()
    {
        using var otherRootKey = RSA.Create(2048);
        using var otherRoot = Root("CN=Tenpay.com Root CA", otherRootKey);
        using var forged = Certificate(otherRoot, newKey, 3, Now.AddDays(-5), Now.AddYears(4));
        using var keys = Keys(root);

        Assert.Equal("a certificate that is not made under the root", keys.TakeIn(Answer(forged), Signed(Answer(forged), forged, newKey, Now), Now));
        Assert.Equal("signed by an unknown key", keys.Verify(Signed("{}"u8.ToArray(), forged, newKey, Now), "{}"u8, Now));
    }

    [Fact]
    public void An_answer_that_nobody_known_has_signed_changes_nothing()
    {
        using var stranger = RSA.Create(2048);
        using var keys = Keys(root);

        Assert.NotNull(keys.TakeIn(Answer(fresh), Signed(Answer(fresh), fresh, stranger, Now), Now));
        Assert.NotNull(keys.TakeIn("{}"u8.ToArray(), Signed("{}"u8.ToArray(), fresh, newKey, Now), Now));

        Assert.Equal("signed by an unknown key", keys.Verify(Signed("{}"u8.ToArray(), fresh, newKey, Now), "{}"u8, Now));
    }

    [Fact]
    public void Certificates_of_a_file_and_two_public_keys_are_believed_at_once()
    {
        using var keys = Keys(null, certificate: old, further: newKey);

        Assert.Null(keys.Verify(Signed("{}"u8.ToArray(), old, oldKey, Now), "{}"u8, Now));
        Assert.Null(keys.Verify(Signed("{}"u8.ToArray(), "PUB_KEY_ID_2", newKey, Now), "{}"u8, Now));
        Assert.Null(keys.Verify(Signed("{}"u8.ToArray(), "PUB_KEY_ID_1", rootKey, Now), "{}"u8, Now));
    }

    [Fact]
    public void A_configuration_by_which_nothing_could_be_verified_is_refused() =>
        Assert.Contains(new WeChatPayOptionsValidator().Validate(null, new()).Failures!, fault => fault.StartsWith("Payment:WeChatPay:PlatformKeyId must be set, or", StringComparison.Ordinal));

    public void Dispose()
    {
        foreach (var used in (IDisposable[])[root, old, fresh, rootKey, oldKey, newKey, merchant]) used.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private WeChatPayKeys Keys(X509Certificate2? trusted, X509Certificate2? certificate = null, RSA? further = null) => new(Microsoft.Extensions.Options.Options.Create(new WeChatPayOptions
    {
        MerchantPrivateKeyPath = Pem("merchant", merchant.ExportPkcs8PrivateKeyPem()),
        ApiV3Key = ApiV3Key,
        PlatformRootPath = trusted is null ? null : Pem("root", trusted.ExportCertificatePem()),
        PlatformCertificatePaths = certificate is null ? [] : [Pem("certificate", certificate.ExportCertificatePem())],
        PlatformKeyId = further is null ? null : "PUB_KEY_ID_1",
        PlatformPublicKeyPath = further is null ? null : Pem("first", rootKey.ExportSubjectPublicKeyInfoPem()),
        FurtherPublicKeyPaths = further is null ? [] : new() { ["PUB_KEY_ID_2"] = Pem("second", further.ExportSubjectPublicKeyInfoPem()) },
    }));

    private string Pem(string name, string text)
    {
        var path = Path.Combine(folder, name + ".pem");
        File.WriteAllText(path, text);
        return path;
    }

    private static X509Certificate2 Root(string name, RSA key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(Now.AddYears(-10), Now.AddYears(10));
    }

    private static X509Certificate2 Certificate(X509Certificate2 root, RSA key, byte serial, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest("CN=Tenpay.com sign", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.Create(root, from, until, [0x51, 0x57, serial]);
    }

    /// <summary>As GET /v3/certificates answers.</summary>
    private static byte[] Answer(params X509Certificate2[] certificates) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        data = certificates.Select(certificate => new { serial_no = certificate.SerialNumber, encrypt_certificate = new { algorithm = "AEAD_AES_256_GCM", nonce = "61f9c719728a", associated_data = "certificate", ciphertext = Sealed(certificate.ExportCertificatePem()) } }),
    });

    private static string Sealed(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var (cipher, tag) = (new byte[plain.Length], new byte[16]);
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(ApiV3Key), 16);
        aes.Encrypt("61f9c719728a"u8, plain, cipher, tag, "certificate"u8);
        return Convert.ToBase64String([.. cipher, .. tag]);
    }

    private static WeChatPaySigned Signed(byte[] body, X509Certificate2 by, RSA key, DateTimeOffset at) => Signed(body, by.SerialNumber, key, at);

    private static WeChatPaySigned Signed(byte[] body, string serial, RSA key, DateTimeOffset at)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] message = [.. Encoding.UTF8.GetBytes($"{timestamp}\nnonce\n"), .. body, (byte)'\n'];
        return new(timestamp, "nonce", Convert.ToBase64String(key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), serial);
    }
}
