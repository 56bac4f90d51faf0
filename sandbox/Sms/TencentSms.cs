using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>Section <c>Sandbox:TencentSms</c>; without a SecretId nobody may send by it.</summary>
public sealed class TencentSmsOptions
{
    public const string Section = "Sandbox:TencentSms";

    public string SecretId { get; init; } = "";
    public string SecretKey { get; init; } = "";

    /// <summary>Where delivery receipts go; without it none are sent.</summary>
    public string? ReceiptUrl { get; init; }

    /// <summary>Factor on the real pauses before a receipt is sent again.</summary>
    public double ResendScale { get; init; } = 1;
}

/// <summary>A message that the second gateway took.</summary>
public sealed record TencentMessage(string SerialNo, string Phone, string SignName, string TemplateId, IReadOnlyList<string> Params, string SessionContext, DateTimeOffset At);

/// <summary>Tencent Cloud SMS 2021-01-11: SendSms and PullSmsSendStatusByPhoneNumber, by TC3-HMAC-SHA256. Refusals are 200 with <c>Response.Error</c>.</summary>
public sealed class TencentSms(Platform platform, IOptions<TencentSmsOptions> options, Behaviours behaviours, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private readonly ConcurrentQueue<TencentMessage> sent = new();

    public IEnumerable<TencentMessage> To(string? phone) => phone is null ? sent : sent.Where(message => message.Phone == phone);

    public async Task Handle(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Refused(context.Request, body.ToArray()) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }
        var behaviour = behaviours.Take(Channel.TencentSms, Encoding.UTF8.GetString(body.ToArray()));
        await Misbehaviour.Play(behaviour, context, Answer, asked => Error(asked.Code ?? "InternalError.Timeout", asked.Message ?? "busy").ExecuteAsync(context));

        Task Answer(HttpContext _)
        {
            var asked = JsonSerializer.Deserialize<JsonElement>(body.ToArray());
            return (context.Request.Headers["X-TC-Action"].ToString() switch
            {
                "SendSms" => Send(asked, behaviour),
                "PullSmsSendStatusByPhoneNumber" => Pull(asked),
                _ => Error("InvalidAction", "The request action is invalid."),
            }).ExecuteAsync(context);
        }
    }

    private IResult Send(JsonElement asked, Behaviour? behaviour)
    {
        var statuses = new List<object>();
        foreach (var number in asked.GetProperty("PhoneNumberSet").EnumerateArray().Select(each => each.GetString()!))
        {
            var phone = number.StartsWith("+86", StringComparison.Ordinal) ? number[3..] : number;
            var right = phone.Length == 11 && phone[0] == '1' && phone.All(char.IsAsciiDigit);
            var message = new TencentMessage($"{RandomNumberGenerator.GetInt32(9999)}:{RandomNumberGenerator.GetString("0123456789", 18)}", phone, asked.GetProperty("SignName").GetString()!, asked.GetProperty("TemplateId").GetString()!,
                [.. asked.GetProperty("TemplateParamSet").EnumerateArray().Select(value => value.GetString()!)], asked.GetProperty("SessionContext").GetString() ?? "", clock.GetUtcNow());
            if (right) sent.Enqueue(message);
            if (right) Report(message, behaviour is not { Effect: Effect.Undelivered });
            statuses.Add(new { SerialNo = right ? message.SerialNo : "", PhoneNumber = number, Fee = right ? 1 : 0, message.SessionContext, Code = right ? "Ok" : "InvalidParameterValue.IncorrectPhoneNumber", Message = right ? "send success" : "incorrect phone number", IsoCode = "CN" });
        }
        return Results.Json(new { Response = new { SendStatusSet = statuses, RequestId = Guid.NewGuid() } }, new JsonSerializerOptions());
    }

    private IResult Pull(JsonElement asked)
    {
        var (phone, from) = (asked.GetProperty("PhoneNumber").GetString()!, DateTimeOffset.FromUnixTimeSeconds(asked.GetProperty("BeginTime").GetInt64()));
        var found = To(phone.StartsWith("+86", StringComparison.Ordinal) ? phone[3..] : phone).Where(message => message.At >= from)
            .Select(message => new { UserReceiveTime = message.At.ToUnixTimeSeconds(), CountryCode = "86", SubscriberNumber = message.Phone, PhoneNumber = phone, message.SerialNo, ReportStatus = "SUCCESS", Description = "DELIVRD", message.SessionContext });
        return Results.Json(new { Response = new { PullSmsSendStatusSet = found, RequestId = Guid.NewGuid() } }, new JsonSerializerOptions());
    }

    private void Report(TencentMessage message, bool delivered)
    {
        if (options.Value.ReceiptUrl is not { Length: > 0 } url) return;
        var at = message.At.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var receipt = JsonSerializer.Serialize(new[] { new { user_receive_time = at, nationcode = "86", mobile = message.Phone, report_status = delivered ? "SUCCESS" : "FAIL", errmsg = delivered ? "DELIVRD" : "UNDELIV", description = "", sid = message.SerialNo } });
        platform.InBackground(() => platform.Repeat([TimeSpan.Zero, .. DeliveryReceipts.Schedule.Select(wait => wait * options.Value.ResendScale)], async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(receipt, Encoding.UTF8, "application/json") };
            return await platform.Post(request);
        }));
    }

    private IResult? Refused(HttpRequest request, byte[] body)
    {
        if (!long.TryParse(request.Headers["X-TC-Timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return Error("MissingParameter", "X-TC-Timestamp");
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if ((clock.GetUtcNow() - at).Duration() > Skew) return Error("AuthFailure.SignatureExpire", "The timestamp is off by more than five minutes.");
        if (request.Headers["X-TC-Version"] != "2021-01-11" || string.IsNullOrEmpty(request.Headers["X-TC-Region"])) return Error("UnsupportedRegion", "Version or region is missing.");
        var date = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (scope, sent) = ($"{date}/sms/tc3_request", request.Headers.Authorization.ToString());
        var names = sent.Split("SignedHeaders=") is [_, var rest] ? rest.Split(',')[0] : "";
        if (!names.Split(';').Contains("content-type") || !names.Split(';').Contains("host")) return Error("AuthFailure.InvalidAuthorization", "content-type and host must be signed.");
        var headers = string.Concat(names.Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim().ToLowerInvariant()}\n"));
        var toSign = $"TC3-HMAC-SHA256\n{seconds}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"POST\n/\n\n{headers}\n{names}\n{Hex(SHA256.HashData(body))}")))}";
        var key = HMACSHA256.HashData(HMACSHA256.HashData(HMACSHA256.HashData(Encoding.UTF8.GetBytes("TC3" + options.Value.SecretKey), Encoding.UTF8.GetBytes(date)), "sms"u8.ToArray()), "tc3_request"u8.ToArray());
        var expected = $"TC3-HMAC-SHA256 Credential={options.Value.SecretId}/{scope}, SignedHeaders={names}, Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)))}";
        return options.Value.SecretId.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(sent)) ? null : Error("AuthFailure.SignatureFailure", "The signature is not the one of this request.");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static IResult Error(string code, string message) => Results.Json(new { Response = new { Error = new { Code = code, Message = message }, RequestId = Guid.NewGuid() } }, new JsonSerializerOptions());
}
