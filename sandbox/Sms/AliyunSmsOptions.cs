using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Sms;

public sealed class AliyunSmsOptions
{
    public const string Section = "Sandbox:AliyunSms";

    public string AccessKeyId { get; init; } = "";

    public string AccessKeySecret { get; init; } = "";

    /// <summary>Where delivery receipts go; without it none are sent, as in the real console.</summary>
    public string? ReceiptUrl { get; init; }

    /// <summary>Where people's replies go (上行短信); without it nobody can reply.</summary>
    public string? ReplyUrl { get; init; }

    /// <summary>Factor on the real resend schedule of receipts and replies (1, 5, 10 minutes).</summary>
    public double ResendScale { get; init; } = 1;
}

public sealed class AliyunSmsOptionsValidator : IValidateOptions<AliyunSmsOptions>
{
    public ValidateOptionsResult Validate(string? name, AliyunSmsOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.AccessKeyId)) faults.Add($"{AliyunSmsOptions.Section}:{nameof(options.AccessKeyId)} must be set.");
        if (string.IsNullOrWhiteSpace(options.AccessKeySecret)) faults.Add($"{AliyunSmsOptions.Section}:{nameof(options.AccessKeySecret)} must be set.");
        foreach (var (key, url) in (ReadOnlySpan<(string, string?)>)[(nameof(options.ReceiptUrl), options.ReceiptUrl), (nameof(options.ReplyUrl), options.ReplyUrl)])
        {
            if (url is { Length: > 0 } && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
                faults.Add($"{AliyunSmsOptions.Section}:{key} must be an http address or absent.");
        }
        if (options.ResendScale is not (> 0 and <= 1)) faults.Add($"{AliyunSmsOptions.Section}:{nameof(options.ResendScale)} must be above 0 and at most 1.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
