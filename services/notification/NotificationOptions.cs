using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>Section <c>Notification</c>.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Notification";

    /// <summary>How often a channel may surely refuse before a delivery has failed: 20 attempts span about eight hours.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 20;

    /// <summary>How many messages this process sends at the same time, the inbox apart.</summary>
    [Range(1, 500)]
    public int AtOnce { get; init; } = 96;

    /// <summary>How many messages a channel brings to one person on one day (Beijing) before what is not urgent goes by another.</summary>
    [Range(1, 1000)]
    public int MostPerDay { get; init; } = 20;

    /// <summary>How many minutes a step of a notice's route has to reach the person before the next one begins; less where the deadline is near.</summary>
    [Range(1, 10_000)]
    public int PatienceMinutes { get; init; } = 120;
}

/// <summary>How configuration names the templates that are registered with others.</summary>
internal static class TemplateKeys
{
    public static string Of(NoticeEvent of, string? programme) => programme is null ? Words.Of(of) : $"{programme}.{Words.Of(of)}";

    public static IEnumerable<string> MissingIn(IReadOnlyDictionary<string, string> registered, NoticeTemplates templates, DeliveryChannel channel) =>
        templates.With(channel).Select(each => Of(each.Event, each.Programme)).Where(key => !registered.ContainsKey(key));
}

/// <summary>Section <c>Notification:AliyunSms</c>: the gateway, the account, and which registered template stands for which event.</summary>
public sealed partial class AliyunSmsOptions
{
    public const string Section = "Notification:AliyunSms";

    public Uri? BaseAddress { get; init; }
    public string AccessKeyId { get; init; } = "";
    public string AccessKeySecret { get; init; } = "";
    public string SignName { get; init; } = "";

    /// <summary>The secret part of the address that the gateway pushes replies to: <c>/callbacks/aliyun-sms-replies/{token}</c>. The push itself bears no signature.</summary>
    public string ReplyToken { get; init; } = "";

    /// <summary>Event → template code, as registered with the gateway (<c>SMS_…</c>); for a programme's own text <c>{programme}.{event}</c>.</summary>
    public Dictionary<string, string> Templates { get; init; } = [];

    public string TemplateCode(NoticeEvent of, string? programme) => Templates[TemplateKeys.Of(of, programme)];

    [GeneratedRegex(@"^[A-Za-z0-9_-]{24,128}\z")]
    internal static partial Regex ReplyTokenForm();
}

internal sealed class AliyunSmsOptionsValidator(NoticeTemplates templates) : IValidateOptions<AliyunSmsOptions>
{
    public ValidateOptionsResult Validate(string? name, AliyunSmsOptions options)
    {
        var faults = new List<string>();
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) faults.Add(Missing(nameof(options.BaseAddress), "the gateway's address"));
        if (options.AccessKeyId.Length == 0) faults.Add(Missing(nameof(options.AccessKeyId), "the account's key id"));
        if (options.AccessKeySecret.Length == 0) faults.Add(Missing(nameof(options.AccessKeySecret), "the account's key secret"));
        if (options.SignName.Length == 0) faults.Add(Missing(nameof(options.SignName), "the registered signature"));
        if (!AliyunSmsOptions.ReplyTokenForm().IsMatch(options.ReplyToken)) faults.Add(Missing(nameof(options.ReplyToken), "24 or more random letters and digits, the secret end of the address for replies"));
        faults.AddRange(TemplateKeys.MissingIn(options.Templates, templates, DeliveryChannel.Sms).Select(key => Missing($"Templates:{key}", "the registered template's code")));
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static string Missing(string key, string what) => $"Set {AliyunSmsOptions.Section}:{key}: {what}.";
}
