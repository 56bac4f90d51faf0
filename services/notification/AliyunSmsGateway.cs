using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>
/// Aliyun SMS (Dysmsapi 2017-05-25). Parameters go in the signed form body, never in the address, so that no log or trace along the way holds a mobile.
/// The gateway does not drop repeats itself: OutId = the delivery's id, and where an answer was lost QuerySendDetails tells whether that OutId arrived.
/// </summary>
internal sealed class AliyunSmsGateway(HttpClient http, IOptions<AliyunSmsOptions> options, TimeProvider clock) : ISmsGateway
{
    // the rest (limits, balance, a template or signature not yet approved) passes or is mended by people
    private static readonly HashSet<string> NeverPasses = ["isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.DENY_IP_RANGE", "isv.INVALID_JSON_PARAM"];

    // one number has had too much, or will not have any: another gateway does not better
    private static readonly HashSet<string> OfThePerson = [.. NeverPasses, "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL"];
    private static readonly TimeSpan BeijingTime = TimeSpan.FromHours(8);

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<AliyunSmsOptions>>().Value.BaseAddress, TimeSpan.FromSeconds(5));

    public string Name => "aliyun";

    public async Task<SendAnswer> SendAsync(Sms sms, CancellationToken cancellationToken)
    {
        var (answer, code, body) = await Call("SendSms", new()
        {
            ["PhoneNumbers"] = sms.Mobile,
            ["SignName"] = options.Value.SignName,
            ["TemplateCode"] = options.Value.TemplateCode(sms.Event, sms.Programme),
            ["TemplateParam"] = JsonSerializer.Serialize(sms.Values.ToDictionary()),
            ["OutId"] = sms.DeliveryId.ToString(),
        }, cancellationToken);
        return answer is SendOutcome.Accepted ? new(answer, code, body.TryGetProperty("BizId", out var id) ? id.GetString() : null) : new(answer, code, OfThePerson: OfThePerson.Contains(code));
    }

    public async Task<SendAnswer> FindAsync(string mobile, Guid deliveryId, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        var (answer, code, body) = await Call("QuerySendDetails", new()
        {
            ["PhoneNumber"] = mobile,
            ["SendDate"] = sentAt.ToOffset(BeijingTime).ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            ["PageSize"] = "50",
            ["CurrentPage"] = "1",
        }, cancellationToken);
        if (answer is not SendOutcome.Accepted) return new(SendOutcome.Unknown, code);
        var found = body.GetProperty("SmsSendDetailDTOs").GetProperty("SmsSendDetailDTO").EnumerateArray()
            .Any(detail => detail.TryGetProperty("OutId", out var outId) && outId.GetString() == deliveryId.ToString());
        return found ? new(SendOutcome.Accepted, code) : new(SendOutcome.Refused, "not-arrived");
    }

    private async Task<(SendOutcome Outcome, string Code, JsonElement Body)> Call(string action, Dictionary<string, string> parameters, CancellationToken ct)
    {
        try
        {
            using var request = await Signed(action, parameters, ct);
            using var response = await http.SendAsync(request, ct);
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("Code", out var said) || said.GetString() is not { } code) return (SendOutcome.Unknown, "no-code", default);
            return (code == "OK" ? SendOutcome.Accepted : NeverPasses.Contains(code) ? SendOutcome.Impossible : SendOutcome.Refused, code, body);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (SendOutcome.Refused, "unreachable", default); // nothing was sent
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (SendOutcome.Unknown, "no-answer", default);
        }
    }

    private async Task<HttpRequestMessage> Signed(string action, Dictionary<string, string> parameters, CancellationToken ct)
    {
        var content = new FormUrlEncodedContent(parameters);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        var hash = Acs3Signature.Hash(await content.ReadAsByteArrayAsync(ct));
        var headers = new Dictionary<string, string>
        {
            ["host"] = http.BaseAddress!.Authority,
            ["content-type"] = content.Headers.ContentType.ToString(),
            ["x-acs-action"] = action,
            ["x-acs-version"] = "2017-05-25",
            ["x-acs-date"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = Guid.NewGuid().ToString("N"),
            ["x-acs-content-sha256"] = hash,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        foreach (var (name, value) in headers.Where(h => h.Key.StartsWith("x-acs-", StringComparison.Ordinal))) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", Acs3Signature.Authorization("POST", "/", "", headers, hash, options.Value.AccessKeyId, options.Value.AccessKeySecret));
        return request;
    }
}
