using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>
/// Aliyun's push of replies (上行短信, SmsUp): a JSON array, unsigned, so that the address itself holds the secret. Each reply is a row before the gateway hears that it was taken;
/// whose it is is found out after (<see cref="TakeReplies"/>). The address is in no log of ours, nor is the body.
/// </summary>
internal static partial class ReceiveReplies
{
    private const int BodyLimit = 64 * 1024;
    private static readonly JsonSerializerOptions Lenient = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true }; // more fields may come

    private sealed record Pushed(
        [property: JsonPropertyName("phone_number")] string PhoneNumber,
        [property: JsonPropertyName("content")] string Content,
        [property: JsonPropertyName("sequence_id")] JsonElement SequenceId,
        [property: JsonPropertyName("send_time")] string? SendTime = null);

    private sealed record Acknowledgement(int Code, string Msg);

    public static void MapReceiveReplies(this IEndpointRouteBuilder app) => app.MapPost("/callbacks/aliyun-sms-replies/{token}", Receive)
        .AllowAnonymous().WithName("receive-sms-replies").WithTags("notification").WithSummary("The SMS gateway's push of replies; the secret in the address takes the token's place.");

    private static async Task<IResult> Receive(string token, HttpRequest request, NotificationDb db, ReplySeal seal, IOptions<AliyunSmsOptions> options, TimeProvider clock, ILogger<SmsReply> log)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(options.Value.ReplyToken))) return Problems.NotFound();
        var (entries, refused) = await Entries(request);
        if (entries is null) return refused!;
        var replies = entries.Select(entry => Read(entry, clock.GetUtcNow())).OfType<(string, DateTimeOffset, ReplyContent)>().ToList();
        if (replies.Count < entries.Count) log.LogWarning("{Count} of {All} pushed replies have no number, mobile or words and are passed over", entries.Count - replies.Count, entries.Count);
        try
        {
            await Keep(replies, db, seal, clock.GetUtcNow());
            return TypedResults.Ok(new Acknowledgement(0, "接收成功")); // the gateway's own words
        }
        catch (Exception e)
        {
            log.LogError(e, "Replies could not be taken in now; the gateway sends them again"); // not left to the common handler: it logs the address
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable", "Send it again later.");
        }
    }

    /// <summary>The array that a gateway pushes, or why it is none.</summary>
    internal static async Task<(List<JsonElement>? Entries, IResult? Refused)> Entries(HttpRequest request)
    {
        var body = new byte[BodyLimit + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > BodyLimit) return (null, Problems.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "No push of a gateway is that large."));
        return Entries(body.AsMemory(0, length)) is { } entries ? (entries, null) : (null, Problems.Of(StatusCodes.Status400BadRequest, "broken-json", "The body is no JSON array."));
    }

    private static List<JsonElement>? Entries(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body.Span) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The number is text in today's documentation of the gateway, and was a JSON number before; the time is Beijing's.</summary>
    private static (string SequenceId, DateTimeOffset SentAt, ReplyContent Content)? Read(JsonElement entry, DateTimeOffset now)
    {
        try
        {
            if (entry.Deserialize<Pushed>(Lenient) is not { } pushed) return null;
            var sequence = pushed.SequenceId.ToString();
            if (!Sequence().IsMatch(sequence) || pushed.PhoneNumber.Length == 0) return null;
            var told = DateTimeOffset.TryParseExact($"{pushed.SendTime} +08:00", "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at) ? at : now;
            return (sequence, told < now ? told : now, new(pushed.PhoneNumber, pushed.Content));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // broken text is found where it is read
        {
            return null;
        }
    }

    /// <summary>One statement, so that copies of a push side by side do not trip over each other: whichever comes first has the reply.</summary>
    private static Task Keep(List<(string SequenceId, DateTimeOffset SentAt, ReplyContent Content)> replies, NotificationDb db, ReplySeal seal, DateTimeOffset now)
    {
        var ids = replies.Select(_ => Guid.CreateVersion7()).ToArray();
        var (sequences, sent) = (replies.Select(r => r.SequenceId).ToArray(), replies.Select(r => r.SentAt).ToArray());
        var bodies = replies.Select((reply, n) => seal.Seal(ids[n], reply.Content)).ToArray();
        return db.Database.ExecuteSqlAsync($"""
            insert into sms_replies (id, sequence_id, sent_at, received_at, sealed, attempts, next_attempt_at, trace_parent)
            select id, sequence_id, sent_at, {now}, body, 0, {now}, {Activity.Current?.Id} from unnest({ids}, {sequences}, {sent}, {bodies}) as pushed (id, sequence_id, sent_at, body)
            on conflict (sequence_id) do nothing
            """, CancellationToken.None);
    }

    [GeneratedRegex(@"^[0-9A-Za-z_-]{1,64}\z")]
    private static partial Regex Sequence();
}
