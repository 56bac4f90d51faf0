using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExamPlatform.Notifications.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>
/// What became of an SMS at the handset, as both gateways push it: a JSON array, unsigned, so that the address itself holds the secret. A message the handset did not take has failed, and its notice
/// goes on by its next channel; repeats change nothing. The address is in no log of ours, nor is the body.
/// </summary>
internal static class ReceiveReceipts
{
    private static readonly JsonSerializerOptions Lenient = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true }; // more fields may come

    private sealed record Aliyun([property: JsonPropertyName("out_id")] string OutId, [property: JsonPropertyName("success")] bool Success, [property: JsonPropertyName("err_code")] string? ErrCode = null);

    private sealed record Tencent([property: JsonPropertyName("sid")] string Sid, [property: JsonPropertyName("report_status")] string ReportStatus, [property: JsonPropertyName("errmsg")] string? Errmsg = null);

    private sealed record AliyunTaken(int Code, string Msg);

    private sealed record TencentTaken(int Result, string Errmsg);

    /// <param name="Serial">Tencent's number of the message; null where the delivery's own id is told.</param>
    private sealed record Receipt(Guid? DeliveryId, string? Serial, bool Arrived, string Code);

    public static void MapReceiveReceipts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/callbacks/aliyun-sms-receipts/{token}", FromAliyun).AllowAnonymous().WithName("receive-aliyun-sms-receipts").WithTags("notification").WithSummary("Aliyun's push of what became of SMS at the handset; the secret in the address takes the token's place.");
        app.MapPost("/callbacks/tencent-sms-receipts/{token}", FromTencent).AllowAnonymous().WithName("receive-tencent-sms-receipts").WithTags("notification").WithSummary("Tencent's push of what became of SMS at the handset; the secret in the address takes the token's place.");
    }

    private static Task<IResult> FromAliyun(string token, HttpRequest request, NotificationDb db, IOptions<AliyunSmsOptions> options, TimeProvider clock, ILogger<Delivery> log) =>
        Receive(token, options.Value.ReplyToken, request, db, clock, log, entry => Read<Aliyun>(entry) is { } told && Guid.TryParse(told.OutId, out var id) ? new(id, null, told.Success, told.ErrCode ?? "undelivered") : null, new AliyunTaken(0, "接收成功")); // the gateway's own words

    private static Task<IResult> FromTencent(string token, HttpRequest request, NotificationDb db, IOptions<TencentSmsOptions> options, TimeProvider clock, ILogger<Delivery> log) =>
        Receive(token, options.Value.ReceiptToken, request, db, clock, log, entry => Read<Tencent>(entry) is { Sid.Length: > 0 } told ? new(null, told.Sid, told.ReportStatus == "SUCCESS", told.Errmsg ?? "undelivered") : null, new TencentTaken(0, "OK"));

    private static async Task<IResult> Receive(string token, string secret, HttpRequest request, NotificationDb db, TimeProvider clock, ILogger log, Func<JsonElement, Receipt?> read, object taken)
    {
        if (secret.Length == 0 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(secret))) return Problems.NotFound();
        var (entries, refused) = await ReceiveReplies.Entries(request);
        if (entries is null) return refused!;
        try
        {
            foreach (var receipt in entries.Select(read).OfType<Receipt>()) await Note(receipt, db, clock.GetUtcNow());
            return Results.Json(taken, JsonSerializerOptions.Web);
        }
        catch (Exception e)
        {
            log.LogError(e, "Receipts could not be taken in now; the gateway sends them again"); // not left to the common handler: it logs the address
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable", "Send it again later.");
        }
    }

    /// <summary>That a message arrived is no news: it counts as delivered since the gateway took it, and a doubt is asked about.</summary>
    private static async Task Note(Receipt receipt, NotificationDb db, DateTimeOffset now)
    {
        if (receipt.Arrived) return;
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var delivery = await db.Deliveries.FromSql($"select *, xmin from deliveries where channel = 'Sms' and (id = {receipt.DeliveryId} or receipt = {receipt.Serial}) for update").SingleOrDefaultAsync(CancellationToken.None);
        // a serial number is known here only once the answer has come
        if (delivery is { State: DeliveryState.Sending } || (delivery is null && receipt.Serial is not null && await db.Deliveries.AnyAsync(d => d.Channel == DeliveryChannel.Sms && d.State == DeliveryState.Sending, CancellationToken.None))) throw new InvalidOperationException("The receipt is quicker than the answer; it is taken when it comes again.");
        if (delivery is not { State: DeliveryState.Delivered }) return;
        delivery.Fail(receipt.Code, now);
        var notice = await db.Notices.AsNoTracking().SingleAsync(n => n.Id == delivery.NoticeId, CancellationToken.None);
        if (notice.Event is not NoticeEvent.SmsCode) db.Publish(notice.Id, new NoticeFailed(notice.Id, notice.CandidateId, Words.Of(notice.Event), Words.Of(delivery.Channel), receipt.Code, now));
        await db.SaveChangesAsync(CancellationToken.None);
        await db.Routes.Where(r => r.NoticeId == notice.Id && !db.Deliveries.Any(d => d.NoticeId == r.NoticeId && d.Channel != DeliveryChannel.Inbox && (d.State == DeliveryState.Delivered || d.State == DeliveryState.Waiting || d.State == DeliveryState.Sending)))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.GoOnAt, now), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static T? Read<T>(JsonElement entry) where T : class
    {
        try
        {
            return entry.Deserialize<T>(Lenient);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
