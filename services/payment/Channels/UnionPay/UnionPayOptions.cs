using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>The merchant's own facts and keys. Without the section there is no UnionPay; with it everything must be set.</summary>
public sealed class UnionPayOptions
{
    public const string Section = "Payment:UnionPay";

    /// <summary>15 letters and digits.</summary>
    public string MerchantId { get; init; } = "";

    /// <summary>PEM, the merchant's signing certificate; its serial number is the <c>certId</c>.</summary>
    public string CertificatePath { get; init; } = "";

    /// <summary>PEM, the RSA private key of that certificate: signs our requests.</summary>
    public string PrivateKeyPath { get; init; } = "";

    /// <summary>PEM, the root of UnionPay's certificates.</summary>
    public string RootCertificatePath { get; init; } = "";

    /// <summary>PEM, the certificate between the root and UnionPay's signing certificates.</summary>
    public string MiddleCertificatePath { get; init; } = "";

    /// <summary>Whose name a signing certificate must bear: the third part of its CN between <c>@</c>, or the whole CN where it has no such parts.</summary>
    public string SignerName { get; init; } = "";

    /// <summary>Where <c>frontTransReq.do</c>, <c>backTransReq.do</c> and <c>queryTrans.do</c> are.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Where bills are fetched.</summary>
    public string FileAddress { get; init; } = "";

    /// <summary>Public address of <c>/callbacks/unionpay</c>.</summary>
    public string NotifyUrl { get; init; } = "";

    /// <summary>Where the payer's browser comes back to: the web front end's <c>/payments/returned</c>, to which the fee's id is added.</summary>
    public string ReturnUrl { get; init; } = "";
}

/// <summary>Names every fault of the configuration at once; never a value of it.</summary>
internal sealed class UnionPayOptionsValidator : IValidateOptions<UnionPayOptions>
{
    public ValidateOptionsResult Validate(string? name, UnionPayOptions options)
    {
        var faults = new List<string>();
        Check(options.MerchantId.Length == 15 && options.MerchantId.All(char.IsAsciiLetterOrDigit), nameof(options.MerchantId), "must have 15 letters and digits");
        Check(Configured.IsRsa(options.PrivateKeyPath, needsPrivate: true), nameof(options.PrivateKeyPath), "must name a PEM file with the merchant's RSA private key, 2048 bits or more");
        Check(IsCertificate(options.CertificatePath, options.PrivateKeyPath), nameof(options.CertificatePath), "must name a PEM file with the certificate of that key");
        Check(IsCertificate(options.RootCertificatePath, null), nameof(options.RootCertificatePath), "must name a PEM file with the root certificate");
        Check(IsCertificate(options.MiddleCertificatePath, null), nameof(options.MiddleCertificatePath), "must name a PEM file with the certificate under the root");
        Check(!string.IsNullOrWhiteSpace(options.SignerName), nameof(options.SignerName), "must be the name that UnionPay signs by");
        Check(Configured.IsWeb(options.Gateway), nameof(options.Gateway), "must be an http(s) address without a query string");
        Check(Configured.IsWeb(options.FileAddress), nameof(options.FileAddress), "must be an http(s) address without a query string");
        Check(Configured.IsWeb(options.NotifyUrl), nameof(options.NotifyUrl), "must be the public address of /callbacks/unionpay, without a query string");
        Check(Configured.IsWeb(options.ReturnUrl), nameof(options.ReturnUrl), "must be the public address of the web front end's /payments/returned");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool right, string key, string what)
        {
            if (!right) faults.Add($"{UnionPayOptions.Section}:{key} {what}.");
        }
    }

    private static bool IsCertificate(string path, string? keyPath)
    {
        if (!File.Exists(path) || keyPath is not null && !File.Exists(keyPath)) return false;
        try
        {
            using var certificate = keyPath is null ? X509Certificate2.CreateFromPem(File.ReadAllText(path)) : X509Certificate2.CreateFromPemFile(path, keyPath);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
