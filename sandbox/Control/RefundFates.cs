using System.Collections.Concurrent;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Control;

/// <summary>How the refunds of an order end. Without being told anything they succeed at once and say so.</summary>
public sealed class RefundFates(Refunds refunds, OrderBook book, Callbacks callbacks, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    /// <param name="Status"><c>processing</c> leaves it open.</param>
    /// <param name="DropCallback">It ends, but no callback says so.</param>
    public sealed record Fate(string OutTradeNo, RefundStatus Status = RefundStatus.Success, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0, bool DropCallback = false);

    private readonly ConcurrentDictionary<string, Fate> fates = new();

    /// <summary>Sets the fate of the order's refunds to come, and ends those that are being worked on.</summary>
    public static IResult Set(Fate fate, RefundFates all, Refunds refunds)
    {
        if (fate is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 }) return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        all.fates[fate.OutTradeNo] = fate;
        return Results.Ok(refunds.All.Where(r => r.Terms.OutTradeNo == fate.OutTradeNo).Select(all.Meet).ToList());
    }

    public static IEnumerable<Refund> List(Refunds refunds, string? outTradeNo = null) => refunds.All.Where(refund => outTradeNo is null || refund.Terms.OutTradeNo == outTradeNo);

    public Refund Meet(Refund refund)
    {
        var fate = fates.GetValueOrDefault(refund.Terms.OutTradeNo) ?? new(refund.Terms.OutTradeNo);
        if (fate.Status == RefundStatus.Processing || refunds.End(refund.Terms.OutRefundNo, fate.Status) is not { } ended) return refund;
        var url = refund.Terms.NotifyUrl ?? book.Find(refund.Terms.OutTradeNo)!.Terms.NotifyUrl;
        var notification = Notification.Of(ended, url, RefundOrder.Sealed(ended, options.Value.MerchantId), options.Value.ApiV3Key, clock.GetUtcNow());
        callbacks.Keep(notification, ended.Terms.OutRefundNo);
        if (!fate.DropCallback) callbacks.Deliver(notification, fate.Repeat, fate.Parallel, TimeSpan.FromSeconds(fate.DelaySeconds));
        return ended;
    }
}
