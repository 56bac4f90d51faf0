using System.Globalization;
using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.WeChatPay;

public enum RefundStatus { Processing, Success, Closed, Abnormal }

/// <summary>What a merchant asked for. The same number may come again only with the same terms.</summary>
public sealed record RefundTerms(string OutTradeNo, string OutRefundNo, string? Reason, string? NotifyUrl, long RefundInFen, long TotalInFen, string Currency);

public sealed record Refund(RefundTerms Terms, string RefundId, string TransactionId, DateTimeOffset CreatedAt, RefundStatus Status = RefundStatus.Processing)
{
    public DateTimeOffset? SuccessTime { get; init; }
}

/// <summary>All refunds of this WeChat Pay. What is closed or abnormal has gone nowhere, and may be given back by another refund.</summary>
public sealed class Refunds(OrderBook book, TimeProvider clock)
{
    private const int AtMost = 50;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Refund> refunds = [];

    public IReadOnlyList<Refund> All
    {
        get { lock (gate) return [.. refunds.Values]; }
    }

    public Refund? Find(string outRefundNo)
    {
        lock (gate) return refunds.GetValueOrDefault(outRefundNo);
    }

    public (Refund? Refund, WeChatPayError? Fault, bool IsNew) Place(RefundTerms terms)
    {
        lock (gate)
        {
            if (refunds.GetValueOrDefault(terms.OutRefundNo) is { } known) return known.Terms == terms ? (known, null, false) : (null, WeChatPayError.RefundDiffers, false);
            if (book.Find(terms.OutTradeNo) is not { } order) return (null, WeChatPayError.RefundUnknown, false);
            var earlier = refunds.Values.Where(r => r.Terms.OutTradeNo == terms.OutTradeNo).ToList();
            var left = order.Terms.TotalInFen - earlier.Where(r => r.Status is RefundStatus.Processing or RefundStatus.Success).Sum(r => r.Terms.RefundInFen);
            if (!order.IsPaid) return (null, WeChatPayError.RefundUnpaid, false);
            if (terms.TotalInFen != order.Terms.TotalInFen) return (null, WeChatPayError.RefundTotal, false);
            if (terms.RefundInFen > left || earlier.Count >= AtMost) return (null, WeChatPayError.RefundTooMuch, false);
            var now = clock.GetUtcNow();
            var id = "5030" + now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetString("0123456789", 11);
            return (refunds[terms.OutRefundNo] = new(terms, id, order.TransactionId!, now), null, true);
        }
    }

    /// <summary>Null when there is none that is still being worked on.</summary>
    public Refund? End(string outRefundNo, RefundStatus status)
    {
        lock (gate)
        {
            if (refunds.GetValueOrDefault(outRefundNo) is not { Status: RefundStatus.Processing } refund) return null;
            if (status == RefundStatus.Success) book.TurnToRefund(refund.Terms.OutTradeNo);
            return refunds[outRefundNo] = refund with { Status = status, SuccessTime = status == RefundStatus.Success ? clock.GetUtcNow() : null };
        }
    }
}
