using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.Alipay;

public enum AlipayState { WaitBuyerPay, TradeSuccess, TradeClosed }

/// <summary>What a merchant asked for.</summary>
public sealed record AlipayTerms(string OutTradeNo, long TotalInFen, string Subject, DateTimeOffset? TimeExpire, string NotifyUrl, string? ReturnUrl);

public sealed record AlipayRefund(string OutRequestNo, long AmountInFen, DateTimeOffset At);

/// <summary>A trade. It is there from the moment a payer came.</summary>
public sealed record AlipayTrade(AlipayTerms Terms, string TradeNo, AlipayState State)
{
    public DateTimeOffset? PaidAt { get; init; }

    public IReadOnlyList<AlipayRefund> Refunds { get; init; } = [];

    public long RefundedInFen => Refunds.Sum(refund => refund.AmountInFen);
}

/// <summary>All codes and trades of this Alipay. In memory: a restart forgets them.</summary>
public sealed class AlipayBook(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, AlipayTrade> trades = [];
    private readonly Dictionary<string, AlipayTerms> codes = [];

    public IReadOnlyList<AlipayTrade> All
    {
        get { lock (gate) return [.. trades.Values]; }
    }

    /// <summary>The trade as it stands now: what nobody paid in time has closed itself.</summary>
    public AlipayTrade? Find(string outTradeNo)
    {
        lock (gate) return trades.TryGetValue(outTradeNo, out var trade) ? Aged(trade) : null;
    }

    /// <returns>The code, or why there is none.</returns>
    public (string? Code, string? Refusal) Prepare(AlipayTerms terms)
    {
        lock (gate)
        {
            if (trades.TryGetValue(terms.OutTradeNo, out var trade) && Refusal(Aged(trade), terms) is { } refusal) return (null, refusal);
            var known = codes.FirstOrDefault(code => code.Value == terms).Key;
            if (known is null) codes.Add(known = "bax" + RandomNumberGenerator.GetHexString(20, lowercase: true), terms);
            return (known, null);
        }
    }

    public AlipayTerms? FindCode(string code)
    {
        lock (gate) return codes.GetValueOrDefault(code);
    }

    public AlipayTerms? Prepared(string outTradeNo)
    {
        lock (gate) return codes.Values.LastOrDefault(terms => terms.OutTradeNo == outTradeNo);
    }

    /// <summary>The payer comes, by the page or by the code, and with that the trade.</summary>
    public (AlipayTrade? Trade, string? Refusal) Come(AlipayTerms terms)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (trades.TryGetValue(terms.OutTradeNo, out var known)) return Refusal(known = Aged(known), terms) is { } refusal ? (null, refusal) : (known, null);
            if (terms.TimeExpire <= now) return (null, "ACQ.TRADE_HAS_CLOSE");
            var trade = new AlipayTrade(terms, SignedFields.Time(now, "yyyyMMdd") + "22001" + RandomNumberGenerator.GetString("0123456789", 15), AlipayState.WaitBuyerPay);
            return (trades[terms.OutTradeNo] = trade, null);
        }
    }

    public (AlipayTrade? Paid, string? Refusal) Pay(string outTradeNo, DateTimeOffset? at)
    {
        lock (gate)
        {
            if (!trades.TryGetValue(outTradeNo, out var trade)) return (null, "ACQ.TRADE_NOT_EXIST");
            if ((trade = Aged(trade)).State != AlipayState.WaitBuyerPay) return (null, trade.State == AlipayState.TradeClosed ? "ACQ.TRADE_HAS_CLOSE" : "ACQ.TRADE_HAS_SUCCESS");
            return (trades[outTradeNo] = trade with { State = AlipayState.TradeSuccess, PaidAt = at ?? clock.GetUtcNow() }, null);
        }
    }

    public (AlipayTrade? Trade, string? Refusal) Close(string outTradeNo)
    {
        lock (gate)
        {
            if (!trades.TryGetValue(outTradeNo, out var trade)) return (null, "ACQ.TRADE_NOT_EXIST");
            if ((trade = Aged(trade)).State != AlipayState.WaitBuyerPay) return (null, "ACQ.TRADE_STATUS_ERROR");
            return (trades[outTradeNo] = trade with { State = AlipayState.TradeClosed }, null);
        }
    }

    /// <summary>The same request number gives back once.</summary>
    public (AlipayTrade? Trade, bool Changed, string? Refusal) Refund(string outTradeNo, string outRequestNo, long amountInFen)
    {
        lock (gate)
        {
            if (!trades.TryGetValue(outTradeNo, out var trade)) return (null, false, "ACQ.TRADE_NOT_EXIST");
            if (trade.Refunds.FirstOrDefault(refund => refund.OutRequestNo == outRequestNo) is { } known)
                return known.AmountInFen == amountInFen ? (trade, false, null) : (null, false, "ACQ.DISCORDANT_REPEAT_REQUEST");
            if (trade.PaidAt is null) return (null, false, "ACQ.TRADE_STATUS_ERROR");
            if (trade.RefundedInFen + amountInFen > trade.Terms.TotalInFen) return (null, false, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
            var after = trade with { Refunds = [.. trade.Refunds, new(outRequestNo, amountInFen, clock.GetUtcNow())] };
            if (after.RefundedInFen == after.Terms.TotalInFen) after = after with { State = AlipayState.TradeClosed };
            return (trades[outTradeNo] = after, true, null);
        }
    }

    private AlipayTrade Aged(AlipayTrade trade) => trade.State == AlipayState.WaitBuyerPay && trade.Terms.TimeExpire <= clock.GetUtcNow() ? trades[trade.Terms.OutTradeNo] = trade with { State = AlipayState.TradeClosed } : trade;

    private static string? Refusal(AlipayTrade trade, AlipayTerms terms) => trade.State switch
    {
        AlipayState.TradeSuccess => "ACQ.TRADE_HAS_SUCCESS",
        AlipayState.TradeClosed => "ACQ.TRADE_HAS_CLOSE",
        _ => trade.Terms.TotalInFen == terms.TotalInFen && trade.Terms.Subject == terms.Subject ? null : "ACQ.CONTEXT_INCONSISTENT",
    };
}
