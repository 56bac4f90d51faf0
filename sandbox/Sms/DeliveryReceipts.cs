using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>One try to deliver the receipts of a send.</summary>
public sealed record ReceiptAttempt(string BizId, DateTimeOffset At, int? Status, string Answer, string? Fault, bool Acknowledged);

/// <summary>SmsReport by HTTP push: a JSON array, resent after 1, 5 and 10 minutes (scaled) until the platform answers 200.</summary>
public sealed class DeliveryReceipts(Platform platform, IOptions<AliyunSmsOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan[] Schedule = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    private readonly ConcurrentQueue<ReceiptAttempt> attempts = new();

    public IReadOnlyCollection<ReceiptAttempt> Attempts => attempts;

    public void Report(IReadOnlyList<SentMessage> messages, bool delivered)
    {
        if (options.Value.ReceiptUrl is not { Length: > 0 } url) return;
        var body = JsonSerializer.Serialize(messages.Select(message => Receipt.Of(message, delivered, clock.GetUtcNow())));
        platform.InBackground(() => platform.Repeat([TimeSpan.Zero, .. Schedule.Select(wait => wait * options.Value.ResendScale)], () => Attempt(url, messages[0].BizId, body)));
    }

    private async Task<PlatformAnswer> Attempt(string url, string bizId, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var at = clock.GetUtcNow();
        var answer = await platform.Post(request);
        attempts.Enqueue(new(bizId, at, answer.Status, answer.Body, answer.Fault, answer.Acknowledged));
        return answer;
    }

    private sealed record Receipt(
        [property: JsonPropertyName("phone_number")] string PhoneNumber,
        [property: JsonPropertyName("send_time")] string SendTime,
        [property: JsonPropertyName("report_time")] string ReportTime,
        [property: JsonPropertyName("success")] bool Success,
        [property: JsonPropertyName("err_code")] string ErrCode,
        [property: JsonPropertyName("err_msg")] string ErrMsg,
        [property: JsonPropertyName("sms_size")] string SmsSize,
        [property: JsonPropertyName("biz_id")] string BizId,
        [property: JsonPropertyName("out_id")] string OutId)
    {
        public static Receipt Of(SentMessage message, bool delivered, DateTimeOffset now) => new(
            message.Phone,
            Beijing(message.At),
            Beijing(now),
            delivered,
            delivered ? "DELIVERED" : "MOBILE_NOT_ON_SERVICE",
            Words.Say(delivered ? "receipt.delivered" : "receipt.undelivered"),
            "1",
            message.BizId,
            message.OutId ?? "");

        private static string Beijing(DateTimeOffset at) =>
            at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
