using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>One try to hand a reply over.</summary>
public sealed record ReplyAttempt(string SequenceId, DateTimeOffset At, int? Status, string Answer, string? Fault, bool Acknowledged);

/// <summary>
/// SmsUp by HTTP push (上行短信): a JSON array, unsigned as the real one, resent after 1, 5 and 10 minutes (scaled) until the platform answers 200 with a numeric code.
/// </summary>
public sealed class Replies(Platform platform, SentMessages messages, IOptions<AliyunSmsOptions> options, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentQueue<ReplyAttempt> attempts = new();

    public IReadOnlyCollection<ReplyAttempt> Attempts => attempts;

    public bool HaveAddress => options.Value.ReplyUrl is { Length: > 0 };

    /// <returns>The sequence id; all copies have it.</returns>
    public string Send(string phone, string content, int repeat)
    {
        var sequenceId = RandomNumberGenerator.GetString("0123456789", 18);
        var answered = messages.To(phone).LastOrDefault()?.SignName ?? "";
        var at = clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var body = JsonSerializer.Serialize<Reply[]>([new(phone, at, content, answered, "1234", sequenceId)], Written);
        for (var copy = 0; copy < repeat; copy++)
            platform.InBackground(() => platform.Repeat([TimeSpan.Zero, .. DeliveryReceipts.Schedule.Select(wait => wait * options.Value.ResendScale)], () => Attempt(sequenceId, body)));
        return sequenceId;
    }

    private async Task<PlatformAnswer> Attempt(string sequenceId, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.ReplyUrl) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var at = clock.GetUtcNow();
        var answer = await platform.Post(request);
        if (answer.Acknowledged && !HasNumericCode(answer.Body)) answer = answer with { Status = null, Fault = "The answer has no numeric code." };
        attempts.Enqueue(new(sequenceId, at, answer.Status, answer.Body, answer.Fault, answer.Acknowledged));
        return answer;
    }

    private static bool HasNumericCode(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("code").ValueKind == JsonValueKind.Number;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private sealed record Reply(
        [property: JsonPropertyName("phone_number")] string PhoneNumber,
        [property: JsonPropertyName("send_time")] string SendTime,
        [property: JsonPropertyName("content")] string Content,
        [property: JsonPropertyName("sign_name")] string SignName,
        [property: JsonPropertyName("dest_code")] string DestCode,
        [property: JsonPropertyName("sequence_id")] string SequenceId);
}
