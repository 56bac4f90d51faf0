using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>The one merchant this UnionPay knows, and UnionPay's own certificate. Without the section there is no UnionPay.</summary>
public sealed class UnionPayOptions
{
    public const string Section = "Sandbox:UnionPay";

    public string MerchantId { get; init; } = "";

    /// <summary>PEM: verifies the merchant's requests; its serial number is the <c>certId</c>.</summary>
    public string MerchantCertificatePath { get; init; } = "";

    /// <summary>PEM, sent along as <c>signPubKeyCert</c>.</summary>
    public string CertificatePath { get; init; } = "";

    /// <summary>PEM, the key of that certificate: signs answers and callbacks.</summary>
    public string PrivateKeyPath { get; init; } = "";

    /// <summary>Factor on the real resend schedule (1 to 16 min).</summary>
    public double ResendScale { get; init; } = 1;
}

public sealed class UnionPayOptionsValidator : IValidateOptions<UnionPayOptions>
{
    public ValidateOptionsResult Validate(string? name, UnionPayOptions options)
    {
        var faults = new List<string>();
        if (options.MerchantId.Length != 15) Fault(nameof(options.MerchantId), "must have 15 characters");
        if (!IsCertificate(options.MerchantCertificatePath)) Fault(nameof(options.MerchantCertificatePath), "must name a PEM file with a certificate");
        if (!IsCertificate(options.CertificatePath)) Fault(nameof(options.CertificatePath), "must name a PEM file with a certificate");
        if (!SandboxKeys.IsRsa(options.PrivateKeyPath, secret: true)) Fault(nameof(options.PrivateKeyPath), "must name a PEM file with an RSA private key of at least 2048 bits");
        if (options.ResendScale is not (> 0 and <= 1)) Fault(nameof(options.ResendScale), "must be above 0 and at most 1");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Fault(string key, string what) => faults.Add($"{UnionPayOptions.Section}:{key} {what}.");
    }

    private static bool IsCertificate(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
