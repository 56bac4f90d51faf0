using ExamPlatform.Sandbox.Control;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>Refunds as asked and told. The answer is PROCESSING, as mostly; how it ends is its fate (<see cref="RefundFates"/>).</summary>
public static class RefundOrder
{
    public static async Task<IResult> Handle(HttpRequest request, Refunds refunds, RefundFates fates, OrderBook book, CancellationToken ct)
    {
        if (await JsonBody.Read(request, ct) is not { } body) return JsonBody.Malformed.ToResult();
        var reader = new OrderTermsReader(body, TradeType.Native);
        if (reader.ReadRefund() is not { } terms) return reader.Fault!.ToResult();
        var (refund, fault, isNew) = refunds.Place(terms);
        if (refund is null) return fault!.ToResult();
        if (isNew) fates.Meet(refund);
        return Results.Json(Tell(refund, book), WeChatPayJson.Options);
    }

    public static IResult Query(string outRefundNo, Refunds refunds, OrderBook book) =>
        refunds.Find(outRefundNo) is { } refund ? Results.Json(Tell(refund, book), WeChatPayJson.Options) : WeChatPayError.RefundUnknown.ToResult();

    /// <summary>What a callback holds, sealed: other names than an answer's.</summary>
    public static object Sealed(Refund refund, string merchantId) => new
    {
        Mchid = merchantId,
        refund.Terms.OutTradeNo,
        refund.TransactionId,
        refund.Terms.OutRefundNo,
        refund.RefundId,
        RefundStatus = refund.Status.ToString().ToUpperInvariant(),
        SuccessTime = refund.SuccessTime is { } at ? WeChatPayJson.Time(at) : null,
        UserReceivedAccount = Words.Say("refund.account"),
        Amount = new { Total = refund.Terms.TotalInFen, Refund = refund.Terms.RefundInFen, PayerTotal = refund.Terms.TotalInFen, PayerRefund = refund.Terms.RefundInFen },
    };

    private static object Tell(Refund refund, OrderBook book) => new
    {
        refund.RefundId,
        refund.Terms.OutRefundNo,
        refund.TransactionId,
        refund.Terms.OutTradeNo,
        Channel = "ORIGINAL",
        UserReceivedAccount = Words.Say("refund.account"),
        SuccessTime = refund.SuccessTime is { } at ? WeChatPayJson.Time(at) : null,
        CreateTime = WeChatPayJson.Time(refund.CreatedAt),
        Status = refund.Status.ToString().ToUpperInvariant(),
        FundsAccount = "AVAILABLE",
        Amount = new
        {
            Total = book.Find(refund.Terms.OutTradeNo)!.Terms.TotalInFen,
            Refund = refund.Terms.RefundInFen,
            PayerTotal = refund.Terms.TotalInFen,
            PayerRefund = refund.Terms.RefundInFen,
            SettlementRefund = refund.Terms.RefundInFen,
            SettlementTotal = refund.Terms.TotalInFen,
            DiscountRefund = 0,
            refund.Terms.Currency,
        },
    };
}
