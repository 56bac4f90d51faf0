using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>
/// Alipay's trades on a computer's page, in a phone's browser and by a code. Whichever it is, the trade is there only once the payer comes, so nothing is closed before
/// that: orders are short instead.
/// </summary>
internal sealed class AlipayChannel(AlipayExchange exchange, AlipayKeys keys, IOptions<AlipayOptions> options, TimeProvider clock) : IChannel
{
    /// <summary>How long after its end a trade that is not there may still be coming.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    public string Name => "alipay";

    public IReadOnlyList<string> Kinds => ["alipay-page", "alipay-wap", "alipay-qr"];

    public TimeSpan LongestOrder(string kind) => TimeSpan.FromMinutes(15);

    public async Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken)
    {
        var back = $"{options.Value.ReturnUrl.TrimEnd('/')}/{order.FeeId}";
        switch (order.Channel)
        {
            case "alipay-page": return new BankAnswer.Accepted(new("address", exchange.Address("alipay.trade.page.pay", Trade("FAST_INSTANT_TRADE_PAY"), back)));
            case "alipay-wap": return new BankAnswer.Accepted(new("address", exchange.Address("alipay.trade.wap.pay", Trade("QUICK_WAP_WAY") with { QuitUrl = back }, back)));
        }
        var answer = await exchange.Send("alipay.trade.precreate", Trade("FACE_TO_FACE_PAYMENT"), cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer.Succeeded) return answer.Reply?.QrCode is { Length: > 0 } code ? new BankAnswer.Accepted(PayHandle.Code(code)) : new BankAnswer.Silent("no qr_code");
        return answer.Fault switch
        {
            "ACQ.TRADE_HAS_SUCCESS" => await Query(order, cancellationToken),
            "ACQ.TRADE_HAS_CLOSE" => new BankAnswer.Closed(),
            var fault when IsTrouble(answer) => new BankAnswer.Silent(fault),
            var fault => new BankAnswer.Refused(fault),
        };

        AlipayWords.NewTrade Trade(string product) =>
            new(order.Number, Yuan.Write(order.AmountInFen), AlipayWords.Subject(order.Description), product, BeijingTime.Write(order.ExpiresAt, BeijingTime.Spoken));
    }

    public async Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send("alipay.trade.query", new AlipayWords.Trade(order.Number), cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (!answer.Succeeded) return answer.Fault == "ACQ.TRADE_NOT_EXIST" ? NotThere(order) : new BankAnswer.Silent(answer.Fault);
        var told = answer.Reply!;
        if (told.OutTradeNo != order.Number) return new BankAnswer.Silent("another order");
        return AlipayWords.Understand(told.TradeStatus, told.TradeNo, told.TotalAmount, told.SendPayDate, out var reason) ?? new BankAnswer.Silent(reason);
    }

    public async Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send("alipay.trade.close", new AlipayWords.Trade(order.Number), cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer.Succeeded) return new BankAnswer.Closed();
        return answer.Fault switch
        {
            "ACQ.TRADE_NOT_EXIST" => NotThere(order),
            // paid, or closed already: the query tells which
            "ACQ.TRADE_STATUS_ERROR" or "ACQ.REASON_TRADE_STATUS_INVALID" or "ACQ.REASON_ILLEGAL_STATUS" => await Query(order, cancellationToken),
            var fault => new BankAnswer.Silent(fault),
        };
    }

    public async Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send("alipay.trade.refund", new AlipayWords.NewRefund(order.Number, refund.Number, Yuan.Write(refund.AmountInFen), refund.Reason), cancellationToken);
        if (answer.Silence is { } silence) return new RefundAnswer.Silent(silence);
        if (!answer.Succeeded) return IsTrouble(answer) ? new RefundAnswer.Silent(answer.Fault) : new RefundAnswer.Refused(answer.Fault);
        // the reply tells the sum of all refunds and no time; asking about this one tells both
        return await QueryRefund(order, refund, cancellationToken) is RefundAnswer.Done done ? done : new RefundAnswer.Pending();
    }

    public async Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send("alipay.trade.fastpay.refund.query", new AlipayWords.Refund(order.Number, refund.Number, ["gmt_refund_pay"]), cancellationToken);
        if (answer.Silence is { } silence) return new RefundAnswer.Silent(silence);
        if (!answer.Succeeded) return answer.Fault == "ACQ.TRADE_NOT_EXIST" ? new RefundAnswer.Missing() : new RefundAnswer.Silent(answer.Fault);
        var told = answer.Reply!;
        if (told.RefundStatus is null && told.RefundAmount is null) return new RefundAnswer.Missing();
        if (told.OutRequestNo != refund.Number || told.RefundStatus is not (null or "REFUND_SUCCESS")) return new RefundAnswer.Silent($"another refund, or {told.RefundStatus}");
        return Yuan.ToFen(told.RefundAmount) is { } fen && BeijingTime.Read(told.GmtRefundPay, BeijingTime.Spoken) is { } at ? new RefundAnswer.Done(refund.Number, fen, at) : new RefundAnswer.Silent("no amount or time");
    }

    public async Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send("alipay.data.dataservice.bill.downloadurl.query", new AlipayWords.Bill("trade", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), cancellationToken);
        if (answer.Silence is { } silence) return new BillAnswer.Silent(silence);
        if (!answer.Succeeded) return answer.Fault == "isp.bill_not_exist" ? new BillAnswer.NotReady() : new BillAnswer.Silent(answer.Fault);
        if (answer.Reply?.BillDownloadUrl is not { Length: > 0 } address) return new BillAnswer.Silent("no bill_download_url");
        var (file, reason) = await exchange.Fetch(address, cancellationToken);
        return file is null ? new BillAnswer.Silent(reason) : AlipayBill.Read(file);
    }

    public CallbackReading Read(BankCallback callback)
    {
        if (Fields.Read(callback.Body) is not { } told || told.GetValueOrDefault("sign") is not { } sign || told.GetValueOrDefault("sign_type") != "RSA2") return new(Verdict.Forged, "no signed form");
        if (!keys.IsAlipays(Encoding.UTF8.GetBytes(Fields.ToSign(told, "sign", "sign_type")), sign)) return new(Verdict.Forged, "the signature does not fit");
        var (tradeNo, number, state) = (told.GetValueOrDefault("trade_no"), told.GetValueOrDefault("out_trade_no"), told.GetValueOrDefault("trade_status"));
        if (told.GetValueOrDefault("notify_type") != "trade_status_sync" || tradeNo is null || number is null || state is null) return new(Verdict.Unreadable, "not a trade's notification");
        // the same trade notifies of its payment and of each refund: the notification's own id says nothing of what happened
        var (refund, refunded) = (told.GetValueOrDefault("out_biz_no"), told.GetValueOrDefault("gmt_refund"));
        var what = refunded is null ? $"{tradeNo} {state}" : $"{tradeNo} {refund} {refunded} {told.GetValueOrDefault("refund_fee")}";
        if (told.GetValueOrDefault("app_id") != options.Value.AppId) return new(Verdict.WrongFacts, "another app", what, number);
        if (told.GetValueOrDefault("seller_id") != options.Value.SellerId) return new(Verdict.WrongFacts, "another merchant", what, number);
        // it tells the sum of all refunds, not this one's amount; a refund's own answer and query tell that
        if (refunded is not null) return new(Verdict.Ignored, "a refund", what, number);
        var answer = AlipayWords.Understand(state, tradeNo, told.GetValueOrDefault("total_amount"), told.GetValueOrDefault("gmt_payment"), out var reason);
        return answer is null ? new(Verdict.WrongFacts, reason, what, number) : new(null, "", what, number, answer);
    }

    public IResult Answer(Verdict verdict) => verdict switch
    {
        Verdict.Accepted or Verdict.Repeated or Verdict.Ignored => Results.Text("success"),
        Verdict.Probe or Verdict.Forged => Results.Text("failure", statusCode: 401),
        Verdict.Unreadable or Verdict.WrongFacts => Results.Text("failure", statusCode: 400),
        _ => Results.Text("failure", statusCode: 500),
    };

    private BankAnswer NotThere(PaymentOrder order) => clock.GetUtcNow() < order.ExpiresAt + Grace ? new BankAnswer.Unpaid() : new BankAnswer.Missing();

    /// <summary>Of the gateway's own trouble nothing follows for the trade.</summary>
    private static bool IsTrouble(AlipayExchange.Answer answer) => answer.Reply?.Code == "20000" || answer.Fault is "ACQ.SYSTEM_ERROR" or "";
}
