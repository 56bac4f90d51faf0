using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>The merchant's own facts and keys. Without the section there is no Alipay; with it everything must be set.</summary>
public sealed class AlipayOptions
{
    public const string Section = "Payment:Alipay";

    public string AppId { get; init; } = "";

    /// <summary>The merchant's account at Alipay, <c>2088…</c>: 16 digits.</summary>
    public string SellerId { get; init; } = "";

    /// <summary>PEM, the application's RSA private key: signs our requests.</summary>
    public string PrivateKeyPath { get; init; } = "";

    /// <summary>PEM, Alipay's public key for this application (支付宝公钥): verifies answers and callbacks.</summary>
    public string AlipayPublicKeyPath { get; init; } = "";

    /// <summary>The gateway, <c>…/gateway.do</c>.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Public address of <c>/callbacks/alipay</c>.</summary>
    public string NotifyUrl { get; init; } = "";

    /// <summary>Where the payer's browser comes back to: the web front end's <c>/payments/returned</c>, to which the fee's id is added.</summary>
    public string ReturnUrl { get; init; } = "";
}

/// <summary>Names every fault of the configuration at once; never a value of it.</summary>
internal sealed class AlipayOptionsValidator : IValidateOptions<AlipayOptions>
{
    public ValidateOptionsResult Validate(string? name, AlipayOptions options)
    {
        var faults = new List<string>();
        Check(!string.IsNullOrWhiteSpace(options.AppId), nameof(options.AppId), "must be set");
        Check(options.SellerId.Length == 16 && options.SellerId.All(char.IsAsciiDigit), nameof(options.SellerId), "must be the merchant's account, 16 digits");
        Check(Configured.IsRsa(options.PrivateKeyPath, needsPrivate: true), nameof(options.PrivateKeyPath), "must name a PEM file with the application's RSA private key, 2048 bits or more");
        Check(Configured.IsRsa(options.AlipayPublicKeyPath, needsPrivate: false), nameof(options.AlipayPublicKeyPath), "must name a PEM file with Alipay's RSA public key, 2048 bits or more");
        Check(Configured.IsWeb(options.Gateway), nameof(options.Gateway), "must be an http(s) address without a query string");
        Check(Configured.IsWeb(options.NotifyUrl), nameof(options.NotifyUrl), "must be the public address of /callbacks/alipay, without a query string");
        Check(Configured.IsWeb(options.ReturnUrl), nameof(options.ReturnUrl), "must be the public address of the web front end's /payments/returned");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool right, string key, string what)
        {
            if (!right) faults.Add($"{AlipayOptions.Section}:{key} {what}.");
        }
    }
}
