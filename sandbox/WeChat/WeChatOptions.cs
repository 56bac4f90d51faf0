using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>The official account, the website application and the mini-program of one open-platform account, and the Baidu mini-program beside them.</summary>
public sealed partial class WeChatOptions
{
    public const string Section = "Sandbox:WeChat";

    public string AccountAppId { get; init; } = "";
    public string AccountSecret { get; init; } = "";
    public string WebsiteAppId { get; init; } = "";
    public string WebsiteSecret { get; init; } = "";
    public string MiniProgramAppId { get; init; } = "";
    public string MiniProgramSecret { get; init; } = "";

    /// <summary>Signs events.</summary>
    public string Token { get; init; } = "";

    /// <summary>43 characters of base64, encrypts events (safe mode).</summary>
    public string EncodingAesKey { get; init; } = "";

    /// <summary>Where events go; without it nobody hears of them.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The registered address that web authorizations may return to.</summary>
    public string RedirectAddress { get; init; } = "";

    /// <summary>Factor on the five seconds between two tries of an event.</summary>
    public double ResendScale { get; init; } = 1;

    public string BaiduClientId { get; init; } = "";
    public string BaiduSecret { get; init; } = "";

    public string? SecretOf(string appId) => appId.Length == 0 ? null : appId == AccountAppId ? AccountSecret : appId == WebsiteAppId ? WebsiteSecret : appId == MiniProgramAppId ? MiniProgramSecret : null;

    /// <summary>A 32-byte key without the padding of its base64.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9+/]{43}\z")]
    internal static partial Regex Key();
}

public sealed class WeChatOptionsValidator : IValidateOptions<WeChatOptions>
{
    public ValidateOptionsResult Validate(string? name, WeChatOptions options)
    {
        (string Key, string Value)[] needed =
        [
            (nameof(options.AccountAppId), options.AccountAppId), (nameof(options.AccountSecret), options.AccountSecret), (nameof(options.WebsiteAppId), options.WebsiteAppId),
            (nameof(options.WebsiteSecret), options.WebsiteSecret), (nameof(options.MiniProgramAppId), options.MiniProgramAppId), (nameof(options.MiniProgramSecret), options.MiniProgramSecret),
            (nameof(options.Token), options.Token), (nameof(options.RedirectAddress), options.RedirectAddress), (nameof(options.BaiduClientId), options.BaiduClientId), (nameof(options.BaiduSecret), options.BaiduSecret),
        ];
        List<string> faults = [.. needed.Where(each => string.IsNullOrWhiteSpace(each.Value)).Select(each => $"{WeChatOptions.Section}:{each.Key} must be set.")];
        if (!WeChatOptions.Key().IsMatch(options.EncodingAesKey)) faults.Add($"{WeChatOptions.Section}:{nameof(options.EncodingAesKey)} must be 43 characters of base64.");
        if (options.ResendScale is not (> 0 and <= 1)) faults.Add($"{WeChatOptions.Section}:{nameof(options.ResendScale)} must be above 0 and at most 1.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
