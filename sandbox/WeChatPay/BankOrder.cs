namespace ExamPlatform.Sandbox.WeChatPay;

public enum TradeState { NotPay, Success, Closed, Refund }

/// <summary>How it is paid, with WeChat Pay's own words: scanned, within WeChat (official account or mini-program), from another phone browser.</summary>
public enum TradeType { Native, Jsapi, Mweb }

/// <summary>What a merchant asked for. Equality is the rule of re-entry: the same number may come again only with the same terms.</summary>
public sealed record OrderTerms(
    TradeType TradeType,
    string AppId,
    string MerchantId,
    string OutTradeNo,
    string Description,
    string NotifyUrl,
    long TotalInFen,
    string Currency,
    string? Attach,
    DateTimeOffset? TimeExpire,
    string? OpenId,
    string? PayerAddress);

/// <param name="Handle">code_url, prepay_id or h5_url.</param>
public sealed record BankOrder(
    OrderTerms Terms,
    string Handle,
    DateTimeOffset HandleExpiresAt,
    TradeState State = TradeState.NotPay)
{
    public string? CodeUrl => Terms.TradeType == TradeType.Native ? Handle : null;

    public string? TransactionId { get; init; }

    public string? PayerOpenId { get; init; }

    public DateTimeOffset? SuccessTime { get; init; }

    public bool IsPaid => State is TradeState.Success or TradeState.Refund;

    public bool IsPayable(DateTimeOffset now) => now < HandleExpiresAt && (Terms.TimeExpire is not { } end || now < end);
}
