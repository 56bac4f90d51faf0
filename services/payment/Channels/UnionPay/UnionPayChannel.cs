using System.Globalization;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>
/// UnionPay's gateway (ACP 5.1.0), from a computer and from a phone's browser. The order is there only once the payer comes, and UnionPay closes none: orders are short
/// instead. An order is known by its number together with the time it was sent at, which is the time it was written down.
/// </summary>
internal sealed class UnionPayChannel(UnionPayExchange exchange, UnionPayKeys keys, IOptions<UnionPayOptions> options, TimeProvider clock) : IChannel
{
    /// <summary>How long after its end the money of an order may still be under way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    public string Name => "unionpay";

    public IReadOnlyList<string> Kinds => ["unionpay-pc", "unionpay-mobile"];

    public TimeSpan LongestOrder(string kind) => TimeSpan.FromMinutes(15);

    public Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken) =>
        Task.FromResult<BankAnswer>(new BankAnswer.Accepted(new("form", exchange.FrontAddress, exchange.Signed(
            ("txnType", "01"), ("txnSubType", "01"), ("bizType", "000201"), ("channelType", order.Channel == "unionpay-mobile" ? "08" : "07"), ("currencyCode", "156"),
            ("orderId", order.Number), ("txnTime", BeijingTime.Write(order.CreatedAt, BeijingTime.Compact)), ("txnAmt", Write(order.AmountInFen)),
            ("payTimeout", BeijingTime.Write(order.ExpiresAt, BeijingTime.Compact)), ("frontUrl", $"{options.Value.ReturnUrl.TrimEnd('/')}/{order.FeeId}"), ("backUrl", options.Value.NotifyUrl)))));

    public async Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken)
    {
        var answer = await Ask(order.Number, order.CreatedAt, cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer["respCode"] == "34") return Unpaid(order, new BankAnswer.Missing());
        if (answer["respCode"] != "00") return new BankAnswer.Silent($"respCode {answer["respCode"]}");
        if (answer["merId"] != options.Value.MerchantId || answer["orderId"] != order.Number) return new BankAnswer.Silent("another order");
        return answer["origRespCode"] switch
        {
            "00" or "A6" => UnionPayWords.Paid(answer.Told, order.CreatedAt) is { } paid ? paid : new BankAnswer.Silent("no query id, amount or time"),
            var code when UnionPayWords.IsUnknown(code) => new BankAnswer.Silent($"origRespCode {code}"),
            // this try failed; the payer may try again until the end
            _ => Unpaid(order, new BankAnswer.Closed()),
        };
    }

    public Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken) => Query(order, cancellationToken);

    public async Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        if (order.TransactionId is not { } paid) return new RefundAnswer.Refused("not-paid");
        var answer = await exchange.Transact(cancellationToken, ("txnType", "04"), ("txnSubType", "00"), ("bizType", "000201"), ("channelType", "07"), ("orderId", refund.Number), ("origQryId", paid),
            ("txnTime", BeijingTime.Write(UnionPayWords.TimeOf(refund.Number), BeijingTime.Compact)), ("txnAmt", Write(refund.AmountInFen)), ("backUrl", options.Value.NotifyUrl), ("reqReserved", order.Number));
        if (answer.Silence is { } silence) return new RefundAnswer.Silent(silence);
        return answer["respCode"] switch
        {
            "00" => new RefundAnswer.Pending(),
            "12" => await QueryRefund(order, refund, cancellationToken), // sent before
            var code when UnionPayWords.IsUnknown(code) => new RefundAnswer.Silent($"respCode {code}"),
            var code => new RefundAnswer.Refused(code),
        };
    }

    public async Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        var sentAt = UnionPayWords.TimeOf(refund.Number);
        var answer = await Ask(refund.Number, sentAt, cancellationToken);
        if (answer.Silence is { } silence) return new RefundAnswer.Silent(silence);
        if (answer["respCode"] == "34") return new RefundAnswer.Missing();
        if (answer["respCode"] != "00") return new RefundAnswer.Silent($"respCode {answer["respCode"]}");
        if (answer["merId"] != options.Value.MerchantId || answer["orderId"] != refund.Number) return new RefundAnswer.Silent("another order");
        return answer["origRespCode"] switch
        {
            "00" or "A6" => UnionPayWords.Done(answer.Told, sentAt) is { } done ? done : new RefundAnswer.Silent("no query id, amount or time"),
            var code when UnionPayWords.IsUnknown(code) => new RefundAnswer.Pending(),
            var code => new RefundAnswer.Refused(code),
        };
    }

    /// <summary>UnionPay's day ends at 23:00: a day of ours stands in the bills of two of its days, and is there when the later one is.</summary>
    public async Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken)
    {
        var (lines, raw) = (new List<BillLine>(), new MemoryStream());
        foreach (var settled in (DateOnly[])[day, day.AddDays(1)])
        {
            var answer = await exchange.FetchFile(cancellationToken, ("txnType", "76"), ("txnSubType", "01"), ("bizType", "000000"), ("fileType", "00"),
                ("settleDate", settled.ToString("MMdd", CultureInfo.InvariantCulture)), ("txnTime", BeijingTime.Write(clock.GetUtcNow(), BeijingTime.Compact)));
            if (answer.Silence is { } silence) return new BillAnswer.Silent(silence);
            if (answer["respCode"] == "98") return new BillAnswer.NotReady();
            if (answer["respCode"] != "00") return new BillAnswer.Silent($"respCode {answer["respCode"]}");
            if (UnionPayBill.Read(answer["fileContent"], settled, out var reason) is not { } bill) return new BillAnswer.Silent(reason);
            lines.AddRange(bill.Lines.Where(line => BeijingTime.DayOf(line.At) == day));
            raw.Write(bill.Raw);
        }
        return new BillAnswer.Told(lines, raw.ToArray());
    }

    public CallbackReading Read(BankCallback callback)
    {
        if (Fields.Read(callback.Body) is not { } told) return new(Verdict.Forged, "no form");
        // against the time of arrival, so that a callback judged later after a crash is judged the same
        if (keys.Verify(told, callback.ReceivedAt) is { } fault) return new(Verdict.Forged, fault);
        var (id, number, sent) = (told.GetValueOrDefault("queryId"), told.GetValueOrDefault("orderId"), BeijingTime.Read(told.GetValueOrDefault("txnTime"), BeijingTime.Compact));
        if (string.IsNullOrEmpty(id) || number is null || sent is not { } sentAt) return new(Verdict.Unreadable, "no query id, order or time");
        if (told.GetValueOrDefault("merId") != options.Value.MerchantId) return new(Verdict.WrongFacts, "another merchant", id, number);
        if (told.GetValueOrDefault("currencyCode") != "156") return new(Verdict.WrongFacts, "another currency", id, number);
        // only what is certain is told by callback; anything else is asked after
        if (told.GetValueOrDefault("respCode") != "00") return new(Verdict.Ignored, $"respCode {told.GetValueOrDefault("respCode")}", id, number);
        return told.GetValueOrDefault("txnType") switch
        {
            "01" => UnionPayWords.Paid(told, sentAt) is { } paid ? new(null, "", id, number, paid) : new(Verdict.WrongFacts, "no amount or time", id, number),
            "04" => UnionPayWords.Done(told, sentAt) is { } done ? new(null, "", id, told.GetValueOrDefault("reqReserved"), null, number, done) : new(Verdict.WrongFacts, "no amount or time", id, number),
            var kind => new(Verdict.Ignored, $"txnType {kind}", id, number),
        };
    }

    public IResult Answer(Verdict verdict) => verdict switch
    {
        Verdict.Accepted or Verdict.Repeated or Verdict.Ignored => Results.Text("ok"),
        Verdict.Probe or Verdict.Forged => Results.Text("failure", statusCode: 401),
        Verdict.Unreadable or Verdict.WrongFacts => Results.Text("failure", statusCode: 400),
        _ => Results.Text("failure", statusCode: 500),
    };

    private Task<UnionPayExchange.Answer> Ask(string number, DateTimeOffset sentAt, CancellationToken cancellationToken) =>
        exchange.Query(cancellationToken, ("txnType", "00"), ("txnSubType", "00"), ("bizType", "000201"), ("orderId", number), ("txnTime", BeijingTime.Write(sentAt, BeijingTime.Compact)));

    private BankAnswer Unpaid(PaymentOrder order, BankAnswer after) => clock.GetUtcNow() < order.ExpiresAt + Grace ? new BankAnswer.Unpaid() : after;

    private static string Write(long fen) => fen.ToString(CultureInfo.InvariantCulture);
}
