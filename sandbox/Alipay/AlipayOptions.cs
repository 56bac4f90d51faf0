using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Alipay;

/// <summary>The one application this Alipay knows, and Alipay's own key. Without the section there is no Alipay.</summary>
public sealed class AlipayOptions
{
    public const string Section = "Sandbox:Alipay";

    public string AppId { get; init; } = "";

    public string SellerId { get; init; } = "";

    /// <summary>PEM, SubjectPublicKeyInfo: verifies the application's requests.</summary>
    public string MerchantPublicKeyPath { get; init; } = "";

    /// <summary>PEM: signs answers and callbacks.</summary>
    public string PrivateKeyPath { get; init; } = "";

    /// <summary>Factor on the real resend schedule (4 min … 15 h).</summary>
    public double ResendScale { get; init; } = 1;
}

public sealed class AlipayOptionsValidator : IValidateOptions<AlipayOptions>
{
    public ValidateOptionsResult Validate(string? name, AlipayOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.AppId)) Fault(nameof(options.AppId), "must be set");
        if (options.SellerId.Length != 16) Fault(nameof(options.SellerId), "must have 16 digits");
        if (!SandboxKeys.IsRsa(options.MerchantPublicKeyPath, secret: false)) Fault(nameof(options.MerchantPublicKeyPath), "must name a PEM file with an RSA public key of at least 2048 bits");
        if (!SandboxKeys.IsRsa(options.PrivateKeyPath, secret: true)) Fault(nameof(options.PrivateKeyPath), "must name a PEM file with an RSA private key of at least 2048 bits");
        if (options.ResendScale is not (> 0 and <= 1)) Fault(nameof(options.ResendScale), "must be above 0 and at most 1");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Fault(string key, string what) => faults.Add($"{AlipayOptions.Section}:{key} {what}.");
    }
}
