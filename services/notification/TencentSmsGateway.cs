using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>Section <c>Notification:TencentSms</c>: the second gateway, off while it has no <see cref="SecretId"/>.</summary>
public sealed class TencentSmsOptions
{
    public const string Section = "Notification:TencentSms";

    /// <summary>https://sms.tencentcloudapi.com.</summary>
    public Uri? BaseAddress { get; init; }
    public string SecretId { get; init; } = "";
    public string SecretKey { get; init; } = "";

    /// <summary>ap-guangzhou, ap-beijing or ap-nanjing.</summary>
    public string Region { get; init; } = "ap-guangzhou";

    /// <summary>Of the SMS application in the console.</summary>
    public string SdkAppId { get; init; } = "";
    public string SignName { get; init; } = "";

    /// <summary>The secret part of the address that the gateway pushes receipts to: <c>/callbacks/tencent-sms-receipts/{token}</c>.</summary>
    public string ReceiptToken { get; init; } = "";

    /// <summary>Event → template id; for a programme's own text <c>{programme}.{event}</c>. Where a text says <c>{name}</c>, the template says <c>{1}</c>, by order.</summary>
    public Dictionary<string, string> Templates { get; init; } = [];
}

internal sealed class TencentSmsOptionsValidator(NoticeTemplates templates) : IValidateOptions<TencentSmsOptions>
{
    public ValidateOptionsResult Validate(string? name, TencentSmsOptions options)
    {
        if (options.SecretId.Length == 0) return ValidateOptionsResult.Success;
        var faults = new List<string>();
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) faults.Add(Missing(nameof(options.BaseAddress), "the gateway's address"));
        if (options.SecretKey.Length == 0) faults.Add(Missing(nameof(options.SecretKey), "the account's secret key"));
        if (options.SdkAppId.Length == 0) faults.Add(Missing(nameof(options.SdkAppId), "the SMS application's id"));
        if (options.SignName.Length == 0) faults.Add(Missing(nameof(options.SignName), "the registered signature"));
        if (!AliyunSmsOptions.ReplyTokenForm().IsMatch(options.ReceiptToken)) faults.Add(Missing(nameof(options.ReceiptToken), "24 or more random letters and digits, the secret end of the address for receipts"));
        faults.AddRange(TemplateKeys.MissingIn(options.Templates, templates, DeliveryChannel.Sms).Select(key => Missing($"Templates:{key}", "the registered template's id")));
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static string Missing(string key, string what) => $"Set {TencentSmsOptions.Section}:{key}: {what}.";
}

/// <summary>
/// Tencent Cloud SMS (2021-01-11). Values go by their place. The delivery's id goes as SessionContext; what was sent to a number shows it (where the account has that opened), but only once the
/// handset has answered: that nothing is found says nothing. So a message in doubt is never sent again: after some minutes it has failed, and the notice goes on by its next channel.
/// </summary>
internal sealed class TencentSmsGateway(HttpClient http, IOptions<TencentSmsOptions> options, TimeProvider clock) : ISmsGateway
{
    private const string Version = "2021-01-11";
    private static readonly TimeSpan GivesUp = TimeSpan.FromMinutes(10);

    // one number has had too much, or is none: another gateway does not better
    private static readonly string[] OfThePerson = ["LimitExceeded.PhoneNumber", "FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.IncorrectPhoneNumber", "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"];
    private static readonly string[] NeverPasses = ["FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.IncorrectPhoneNumber", "InvalidParameterValue.TemplateParameter"];

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<TencentSmsOptions>>().Value.BaseAddress, TimeSpan.FromSeconds(5));

    public string Name => "tencent";

    public async Task<SendAnswer> SendAsync(Sms sms, CancellationToken cancellationToken)
    {
        var (outcome, code, response) = await Call("SendSms", new
        {
            PhoneNumberSet = new[] { "+86" + sms.Mobile },
            SmsSdkAppId = options.Value.SdkAppId,
            options.Value.SignName,
            TemplateId = options.Value.Templates[TemplateKeys.Of(sms.Event, sms.Programme)],
            TemplateParamSet = sms.Values.Select(value => value.Value),
            SessionContext = sms.DeliveryId.ToString(),
        }, cancellationToken);
        if (outcome is not SendOutcome.Accepted) return Answer(outcome, code);
        if (!response.TryGetProperty("SendStatusSet", out var set) || set.ValueKind is not JsonValueKind.Array || set.GetArrayLength() != 1) return new(SendOutcome.Unknown, "no-status");
        var status = set[0];
        var said = status.TryGetProperty("Code", out var text) ? text.GetString() ?? "" : "";
        return said == "Ok" ? new(SendOutcome.Accepted, said, status.TryGetProperty("SerialNo", out var serial) ? serial.GetString() : null) : Answer(SendOutcome.Refused, said);
    }

    public async Task<SendAnswer> FindAsync(string mobile, Guid deliveryId, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        var (outcome, code, response) = await Call("PullSmsSendStatusByPhoneNumber", new
        {
            BeginTime = sentAt.ToUnixTimeSeconds(),
            Offset = 0,
            Limit = 100,
            PhoneNumber = "+86" + mobile,
            SmsSdkAppId = options.Value.SdkAppId,
            EndTime = clock.GetUtcNow().ToUnixTimeSeconds(),
        }, cancellationToken);
        if (outcome is SendOutcome.Accepted && response.TryGetProperty("PullSmsSendStatusSet", out var set) && set.ValueKind is JsonValueKind.Array)
            foreach (var sent in set.EnumerateArray())
                if (Text(sent, "SessionContext") == deliveryId.ToString()) return Text(sent, "ReportStatus") == "FAIL" ? new(SendOutcome.Impossible, Text(sent, "Description") ?? "FAIL") : new(SendOutcome.Accepted, "found", Text(sent, "SerialNo"));
        return clock.GetUtcNow() - sentAt < GivesUp ? new(SendOutcome.Unknown, outcome is SendOutcome.Accepted ? "not-found" : code) : new(SendOutcome.Impossible, "in-doubt");
    }

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static SendAnswer Answer(SendOutcome outcome, string code) =>
        new(outcome is SendOutcome.Refused && NeverPasses.Any(c => code.StartsWith(c, StringComparison.Ordinal)) ? SendOutcome.Impossible : outcome, code, OfThePerson: OfThePerson.Any(c => code.StartsWith(c, StringComparison.Ordinal)));

    private async Task<(SendOutcome Outcome, string Code, JsonElement Response)> Call(string action, object parameters, CancellationToken ct)
    {
        try
        {
            using var request = Signed(action, JsonSerializer.SerializeToUtf8Bytes(parameters));
            using var response = await http.SendAsync(request, ct);
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("Response", out var inner)) return (SendOutcome.Unknown, "no-response", default);
            return inner.TryGetProperty("Error", out var error) ? (SendOutcome.Refused, error.GetProperty("Code").GetString() ?? "", default) : (SendOutcome.Accepted, "Ok", inner);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (SendOutcome.Refused, "unreachable", default); // nothing was sent
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (SendOutcome.Unknown, "no-answer", default);
        }
    }

    private HttpRequestMessage Signed(string action, byte[] body)
    {
        var (now, type) = (clock.GetUtcNow(), new MediaTypeHeaderValue("application/json", "utf-8"));
        var headers = new Dictionary<string, string> { ["content-type"] = type.ToString(), ["host"] = http.BaseAddress!.Authority, ["x-tc-action"] = action };
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type;
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        request.Headers.TryAddWithoutValidation("X-TC-Action", action);
        request.Headers.TryAddWithoutValidation("X-TC-Version", Version);
        request.Headers.TryAddWithoutValidation("X-TC-Region", options.Value.Region);
        request.Headers.TryAddWithoutValidation("X-TC-Timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Authorization", Tc3Signature.Authorization("sms", headers, body, now, options.Value.SecretId, options.Value.SecretKey));
        return request;
    }
}
