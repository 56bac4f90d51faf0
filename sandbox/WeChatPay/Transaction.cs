namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>An order as a query and a callback tell it; members absent before payment are left out.</summary>
public sealed record Transaction(
    string Mchid,
    string Appid,
    string OutTradeNo,
    string? TransactionId,
    string? TradeType,
    string TradeState,
    string TradeStateDesc,
    string? BankType,
    string? Attach,
    string? SuccessTime,
    Transaction.PayerOf? Payer,
    Transaction.AmountOf Amount)
{
    public sealed record PayerOf(string Openid);

    public sealed record AmountOf(long Total, long? PayerTotal, string Currency, string PayerCurrency);

    /// <param name="claimedInFen">A lie about the amount paid.</param>
    public static Transaction Of(BankOrder order, long? claimedInFen = null, string? claimedMerchant = null)
    {
        var paid = order.IsPaid;
        var total = claimedInFen ?? order.Terms.TotalInFen;
        var state = order.State.ToString().ToUpperInvariant();
        return new(
            claimedMerchant ?? order.Terms.MerchantId,
            order.Terms.AppId,
            order.Terms.OutTradeNo,
            order.TransactionId,
            paid ? order.Terms.TradeType.ToString().ToUpperInvariant() : null,
            state,
            Words.Say($"trade.{state}"),
            paid ? "OTHERS" : null,
            order.Terms.Attach ?? "",
            order.SuccessTime is { } at ? WeChatPayJson.Time(at) : null,
            paid ? new(order.PayerOpenId!) : null,
            new(total, paid ? total : null, order.Terms.Currency, order.Terms.Currency));
    }
}
