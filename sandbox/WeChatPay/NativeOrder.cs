namespace ExamPlatform.Sandbox.WeChatPay;

public enum TradeState { NotPay, Success, Closed }

/// <summary>What a merchant asked for. Equality is the rule of re-entry: the same number may come again only with the same terms.</summary>
public sealed record NativeOrderTerms(
    string AppId,
    string MerchantId,
    string OutTradeNo,
    string Description,
    string NotifyUrl,
    long TotalInFen,
    string Currency,
    string? Attach,
    DateTimeOffset? TimeExpire);

public sealed record NativeOrder(
    NativeOrderTerms Terms,
    string CodeUrl,
    DateTimeOffset CodeUrlExpiresAt,
    TradeState State = TradeState.NotPay)
{
    public string? TransactionId { get; init; }

    public string? PayerOpenId { get; init; }

    public DateTimeOffset? SuccessTime { get; init; }

    public bool IsPayable(DateTimeOffset now) => now < CodeUrlExpiresAt && (Terms.TimeExpire is not { } end || now < end);
}
