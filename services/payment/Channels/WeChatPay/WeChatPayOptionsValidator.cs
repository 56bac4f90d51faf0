using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>Names every fault of the configuration at once; never a value of it.</summary>
internal sealed class WeChatPayOptionsValidator : IValidateOptions<WeChatPayOptions>
{
    public ValidateOptionsResult Validate(string? name, WeChatPayOptions options)
    {
        var faults = new List<string>();
        Check(!string.IsNullOrWhiteSpace(options.MerchantId), nameof(options.MerchantId), "must be set");
        Check(!string.IsNullOrWhiteSpace(options.AppId), nameof(options.AppId), "must be set");
        Check(options.AccountAppId is null || options.AccountAppId.Trim().Length > 0, nameof(options.AccountAppId), "must be the official account's, or left out");
        Check(options.MiniProgramAppId is null || options.MiniProgramAppId.Trim().Length > 0, nameof(options.MiniProgramAppId), "must be the mini-program's, or left out");
        Check(!string.IsNullOrWhiteSpace(options.MerchantSerial), nameof(options.MerchantSerial), "must be set");
        Check(IsRsa(options.MerchantPrivateKeyPath, needsPrivate: true), nameof(options.MerchantPrivateKeyPath), "must name a PEM file with the merchant's RSA private key, 2048 bits or more");
        Check(Encoding.UTF8.GetByteCount(options.ApiV3Key) == 32, nameof(options.ApiV3Key), "must be exactly 32 bytes");
        Check(options is { PlatformKeyId: not null } or { PlatformCertificatePaths.Length: > 0 } or { PlatformRootPath: not null }, nameof(options.PlatformKeyId),
            "must be set, or PlatformCertificatePaths, or PlatformRootPath: nothing of WeChat Pay's could be verified");
        Check(options.PlatformKeyId?.StartsWith("PUB_KEY_ID_", StringComparison.Ordinal) ?? true, nameof(options.PlatformKeyId), "must start with PUB_KEY_ID_");
        Check(options.PlatformKeyId is null || IsRsa(options.PlatformPublicKeyPath ?? "", needsPrivate: false), nameof(options.PlatformPublicKeyPath), "must name a PEM file with WeChat Pay's RSA public key, 2048 bits or more");
        foreach (var (id, path) in options.FurtherPublicKeyPaths)
            Check(id.StartsWith("PUB_KEY_ID_", StringComparison.Ordinal) && IsRsa(path, needsPrivate: false), $"{nameof(options.FurtherPublicKeyPaths)}:{id}", "must be a PUB_KEY_ID_… and name a PEM file with its RSA public key, 2048 bits or more");
        foreach (var path in options.PlatformCertificatePaths) Check(IsCertificate(path), nameof(options.PlatformCertificatePaths), "must name PEM files with one certificate each, its key RSA");
        Check(options.PlatformRootPath is null || IsCertificate(options.PlatformRootPath), nameof(options.PlatformRootPath), "must name a PEM file with the root certificate");
        Check(IsWeb(options.BaseAddress), nameof(options.BaseAddress), "must be an http(s) address without a query string");
        Check(IsWeb(options.NotifyUrl), nameof(options.NotifyUrl), "must be the public address of /callbacks/wechat-pay, without a query string (WeChat Pay drops others without a word)");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool right, string key, string what)
        {
            if (!right) faults.Add($"{WeChatPayOptions.Section}:{key} {what}.");
        }
    }

    private static bool IsWeb(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static bool IsCertificate(string path)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            using var key = certificate.GetRSAPublicKey();
            return key is { KeySize: >= 2048 };
        }
        catch (Exception fault) when (fault is CryptographicException or IOException)
        {
            return false;
        }
    }

    private static bool IsRsa(string path, bool needsPrivate)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(path));
            if (needsPrivate) rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return rsa.KeySize >= 2048;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
