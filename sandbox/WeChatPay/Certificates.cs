using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The platform certificate (平台证书) of the key that signs, sealed under the APIv3 key. Merchants that have a public key only are told that there is none.</summary>
public static class Certificates
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", Associated = "certificate";

    public static IResult Tell(IOptions<WeChatPayOptions> options)
    {
        if (options.Value.PlatformCertificatePath is not { } path) return WeChatPayError.NoCertificate.ToResult();
        var (pem, nonce) = (File.ReadAllText(path), RandomNumberGenerator.GetString(Letters, 12));
        using var certificate = X509Certificate2.CreateFromPem(pem);
        var told = new
        {
            SerialNo = certificate.SerialNumber,
            EffectiveTime = WeChatPayJson.Time(certificate.NotBefore),
            ExpireTime = WeChatPayJson.Time(certificate.NotAfter),
            EncryptCertificate = new { Algorithm = "AEAD_AES_256_GCM", Nonce = nonce, AssociatedData = Associated, Ciphertext = Notification.Encrypt(Encoding.UTF8.GetBytes(pem), options.Value.ApiV3Key, nonce, Associated) },
        };
        return Results.Json(new { Data = new[] { told } }, WeChatPayJson.Options);
    }
}
