using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Payments.Channels.WeChatPay;

namespace ExamPlatform.Payments.Tests;

public sealed class WeChatPayTests : IDisposable
{
    private static readonly DateTimeOffset Now = Some.Now;
    private readonly RSA platform = RSA.Create(2048);
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-keys-").FullName;

    [Theory]
    [InlineData(0, null)]
    [InlineData(299, null)]
    [InlineData(-299, null)]
    [InlineData(300, "signed at another time")]
    [InlineData(-300, "signed at another time")]
    public void A_signature_older_or_newer_than_five_minutes_is_refused(int secondsOff, string? fault)
    {
        using var keys = Keys();

        Assert.Equal(fault, keys.Verify(Signed("{}", Now.AddSeconds(secondsOff)), "{}"u8, Now));
    }

    [Fact]
    public void The_key_is_chosen_by_its_serial()
    {
        using var keys = Keys();

        Assert.Equal("signed by an unknown key", keys.Verify(Signed("{}", Now) with { Serial = "PUB_KEY_ID_2" }, "{}"u8, Now));
        Assert.Equal("the signature does not fit", keys.Verify(Signed("{}", Now), "{ }"u8, Now));
        Assert.Equal("the signature is no base64", keys.Verify(Signed("{}", Now) with { Signature = "§" }, "{}"u8, Now));
        Assert.Equal("signature headers are missing", keys.Verify(Signed("{}", Now) with { Nonce = "" }, "{}"u8, Now));
    }

    [Fact]
    public void A_sealed_resource_opens_only_with_its_own_associated_data()
    {
        using var keys = Keys();
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(Options().ApiV3Key), 16);
        var nonce = "nonce-of-12b"u8.ToArray();
        var (cipher, tag) = (new byte[5], new byte[16]);
        aes.Encrypt(nonce, "plain"u8, cipher, tag, "transaction"u8);
        var sealedText = Convert.ToBase64String([.. cipher, .. tag]);

        Assert.Equal("plain"u8.ToArray(), keys.Open(sealedText, "nonce-of-12b", "transaction"));
        Assert.ThrowsAny<CryptographicException>(() => keys.Open(sealedText, "nonce-of-12b", ""));
        Assert.ThrowsAny<CryptographicException>(() => keys.Open(sealedText, "short", "transaction"));
        Assert.ThrowsAny<CryptographicException>(() => keys.Open("AAAA", "nonce-of-12b", "transaction"));
    }

    /// <summary>Sealed with Python's cryptography, and signed with openssl by a key that was thrown away.</summary>
    [Fact]
    public void What_others_have_sealed_and_signed_is_opened_and_believed()
    {
        const string body = """{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}""";
        var options = Options();
        File.WriteAllText(options.PlatformPublicKeyPath!, Vector.PublicKey);
        using var keys = new WeChatPayKeys(Microsoft.Extensions.Options.Options.Create(options));
        var signed = new WeChatPaySigned("1795939200", "593BEC0C930BF1AFEB40B4A08C8FB242", Vector.Signature, "PUB_KEY_ID_1");

        Assert.Null(keys.Verify(signed, Encoding.UTF8.GetBytes(body), DateTimeOffset.FromUnixTimeSeconds(1795939200)));
        Assert.Equal("""{"out_refund_no":"R1"}""", Encoding.UTF8.GetString(keys.Open("DUcclrHBFYRYbVgf252J0g14r1jyjJM3hmQ9EM87YdheNRcYpz8=", "fdasflkja484", "refund")));
    }

    [Fact]
    public void A_configuration_without_anything_names_every_fault_and_no_value()
    {
        var result = new WeChatPayOptionsValidator().Validate(null, new WeChatPayOptions { ApiV3Key = "a-secret-too-short", NotifyUrl = "https://exam.example/callbacks/wechat-pay?x=1" });

        Assert.Equal(8, result.Failures!.Count());
        Assert.DoesNotContain("a-secret-too-short", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_complete_configuration_is_taken() => Assert.True(new WeChatPayOptionsValidator().Validate(null, Options()).Succeeded);

    public void Dispose()
    {
        platform.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private WeChatPaySigned Signed(string body, DateTimeOffset at)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = platform.SignData(Encoding.UTF8.GetBytes($"{timestamp}\nnonce\n{body}\n"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new(timestamp, "nonce", Convert.ToBase64String(signature), "PUB_KEY_ID_1");
    }

    private WeChatPayKeys Keys() => new(Microsoft.Extensions.Options.Options.Create(Options()));

    private WeChatPayOptions Options()
    {
        using var merchant = RSA.Create(2048);
        File.WriteAllText(Path.Combine(folder, "merchant.pem"), merchant.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "platform.pem"), platform.ExportSubjectPublicKeyInfoPem());
        return new()
        {
            MerchantId = "1900000001",
            AppId = "wx1",
            MerchantSerial = "1",
            MerchantPrivateKeyPath = Path.Combine(folder, "merchant.pem"),
            ApiV3Key = "0123456789abcdef0123456789abcdef",
            PlatformKeyId = "PUB_KEY_ID_1",
            PlatformPublicKeyPath = Path.Combine(folder, "platform.pem"),
            BaseAddress = "http://127.0.0.1:1",
            NotifyUrl = "http://127.0.0.1:1/callbacks/wechat-pay",
        };
    }

    private static class Vector
    {
        public const string Signature =
            "fwxAawgwhES/D8w3ccMimrptnDm+EM/oo9PeVjS+5D5uU0LX++aYi2yrZkXK4v5yqpVXB0vus7g+EYj+kp9hywqU4uTuM+zNcj4o90vRrHNgTrPdOaHruvnMrE5eMaSeH2v+CLDD8t0uAUvOyawd86T42tjcJpRAUzfp1vB/oeGsYq6FUMHgXd8LOfH7ljI/ajboMPqvs/p78WlVakzp1danzkg0oUW2HhEv772ZEhPmJrKUPfkQaC8izikYJL1kagYtBScMgOV2oZqJrrd3CEecFJHhfR5PdEPEBOUJYyx1UJ6aVQyrRhsBqST1nSe9/ujQRG/exDHyJQWdFJirmg==";

        public const string PublicKey = """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAj0RAx6N3FFHA8yugRDWj
            g9GPRNbfvAW1lbZFmEgZ8mfhsOz7mmjAfNp2FU8a0SZFrFrUBtjrLrrRqhdXxBmZ
            4WrK8f1OIJ/D9YeOuJ43rkVnALCVtKFmNJy4gAgTBhZDMS5Ojnr/hBPhieEv3qP9
            3LlfgsIf7k+DB/w6NxJxx9pYVi71+qWP/2IxDerBCg1paGTUSn81Z3aCisJ5bk0o
            +hVrN8EcXOoWlQZS/J/oIHxm52C+hpxoVVQLhBvACoyMs7nV5Uo6x/NEu2fFq7o0
            t6Du8LS9GMPgIQEW6pgraCULiNX44hIFaWrDvWTp3ntF+oRu2Pdwn5w7wYKakJ8f
            dwIDAQAB
            -----END PUBLIC KEY-----
            """;
    }
}
