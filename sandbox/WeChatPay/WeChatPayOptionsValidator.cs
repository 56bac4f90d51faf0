using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

public sealed class WeChatPayOptionsValidator : IValidateOptions<WeChatPayOptions>
{
    public ValidateOptionsResult Validate(string? name, WeChatPayOptions options)
    {
        var faults = new List<string>();
        Text(nameof(options.MerchantId), options.MerchantId);
        Text(nameof(options.AppId), options.AppId);
        Text(nameof(options.MerchantSerial), options.MerchantSerial);
        Key(nameof(options.MerchantPublicKeyPath), options.MerchantPublicKeyPath, secret: false);
        Key(nameof(options.PlatformPrivateKeyPath), options.PlatformPrivateKeyPath, secret: true);
        if (Encoding.UTF8.GetByteCount(options.ApiV3Key) != 32) Fault(nameof(options.ApiV3Key), "must be exactly 32 bytes");
        if (!options.PlatformKeyId.StartsWith("PUB_KEY_ID_", StringComparison.Ordinal)) Fault(nameof(options.PlatformKeyId), "must start with PUB_KEY_ID_");
        if (options.PlatformCertificatePath is { } certificate && !IsOf(certificate, options.PlatformPrivateKeyPath))
            Fault(nameof(options.PlatformCertificatePath), $"must name a PEM file with the certificate of {nameof(options.PlatformPrivateKeyPath)}'s key");
        if (options.ResendScale is not (> 0 and <= 1)) Fault(nameof(options.ResendScale), "must be above 0 and at most 1");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Fault(string key, string what) => faults.Add($"{WeChatPayOptions.Section}:{key} {what}.");

        void Text(string key, string value)
        {
            if (string.IsNullOrWhiteSpace(value)) Fault(key, "must be set");
        }

        void Key(string key, string path, bool secret)
        {
            if (!File.Exists(path)) Fault(key, "must name an existing PEM file");
            else if (!IsRsa(path, secret)) Fault(key, $"must name a PEM file with an RSA {(secret ? "private" : "public")} key of at least 2048 bits");
        }
    }

    private static bool IsOf(string certificatePath, string keyPath)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException or IOException)
        {
            return false;
        }
    }

    private static bool IsRsa(string path, bool secret)
    {
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
}
