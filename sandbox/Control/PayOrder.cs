using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Control;

/// <summary>The payer scans the code and pays. The callback goes out in the background, as often, as late and as false as asked.</summary>
public static class PayOrder
{
    /// <param name="Repeat">How many copies of the one callback (same event id) go out at once; 1 to 100.</param>
    /// <param name="Parallel">Whether the copies go out side by side instead of one after the other.</param>
    /// <param name="DropCallback">Paid, but no callback: only a query finds out.</param>
    /// <param name="AmountInFen">A lie: the callback claims this amount; a query still tells the truth.</param>
    public sealed record Request(
        string? CodeUrl = null,
        string? OutTradeNo = null,
        int Repeat = 1,
        bool Parallel = false,
        double DelaySeconds = 0,
        bool DropCallback = false,
        long? AmountInFen = null,
        DateTimeOffset? SuccessTime = null);

    public sealed record Reply(string OutTradeNo, string TransactionId, string SuccessTime, string EventId);

    public static IResult Handle(
        Request request,
        OrderBook book,
        Callbacks callbacks,
        IOptions<WeChatPayOptions> options,
        TimeProvider clock)
    {
        if (request is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 })
            return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        var outTradeNo = request.OutTradeNo ?? (request.CodeUrl is { } code ? book.FindByHandle(code)?.Terms.OutTradeNo : null);
        if (outTradeNo is null || book.Find(outTradeNo) is null) return Results.Problem("No order has this codeUrl or outTradeNo.", statusCode: 404);
        var (paid, reason) = book.Pay(outTradeNo, request.SuccessTime);
        if (paid is null) return Results.Problem(reason, statusCode: 409);

        var notification = Notification.Of(paid, Transaction.Of(paid, request.AmountInFen), options.Value.ApiV3Key, clock.GetUtcNow());
        callbacks.Keep(notification);
        if (!request.DropCallback) callbacks.Deliver(notification, request.Repeat, request.Parallel, TimeSpan.FromSeconds(request.DelaySeconds));
        return Results.Ok(new Reply(outTradeNo, paid.TransactionId!, WeChatPayJson.Time(paid.SuccessTime!.Value), notification.EventId));
    }
}
