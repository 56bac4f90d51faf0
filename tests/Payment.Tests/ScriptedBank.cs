using System.Collections.Concurrent;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using Microsoft.AspNetCore.Http;

namespace ExamPlatform.Payments.Tests;

/// <summary>A bank that says what the test tells it to, about its own numbers only; for what a real one does once in years.</summary>
public sealed class ScriptedBank : IChannel
{
    public const string Kind = "scripted";

    /// <summary>What it says about an order; Unpaid where nothing is told.</summary>
    public ConcurrentDictionary<string, BankAnswer> Orders { get; } = new();

    /// <summary>What it says next about a refund, by our number of the order; the last one stays.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<RefundAnswer>> Refunds { get; } = new();

    /// <summary>Days before it without a bill of their own had nothing; later ones are NotReady.</summary>
    public DateOnly QuietBefore { get; set; }

    public ConcurrentDictionary<DateOnly, BillAnswer> Bills { get; } = new();

    /// <summary>What it was asked about refunds: the verb, the order's number, the refund's number and amount.</summary>
    public ConcurrentQueue<(string Verb, string Order, string Refund, long AmountInFen)> Asked { get; } = new();

    public string Name => Kind;

    public IReadOnlyList<string> Kinds => [Kind];

    public void Says(PaymentOrder order, params RefundAnswer[] answers) => Refunds[order.Number] = new(answers);

    public IEnumerable<(string Verb, string Refund, long AmountInFen)> AskedAbout(PaymentOrder order) => Asked.Where(a => a.Order == order.Number).Select(a => (a.Verb, a.Refund, a.AmountInFen));

    public Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken) => Task.FromResult<BankAnswer>(new BankAnswer.Accepted(PayHandle.Code("scripted://" + order.Number)));

    public Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken) => Task.FromResult(Orders.GetValueOrDefault(order.Number) ?? new BankAnswer.Unpaid());

    public Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken) => Task.FromResult<BankAnswer>(Orders.GetValueOrDefault(order.Number) is BankAnswer.Paid paid ? paid : new BankAnswer.Closed());

    public Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => Next("refund", order, refund);

    public Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => Next("query", order, refund);

    public Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken) => Task.FromResult(Bills.GetValueOrDefault(day) ?? (day < QuietBefore ? new BillAnswer.Told([], []) : new BillAnswer.NotReady()));

    /// <summary>Its callbacks are what it means, in JSON; it signs nothing.</summary>
    public sealed record Notice(string Event, string? Number, string? RefundNumber, long AmountInFen, DateTimeOffset At, bool Forged = false);

    public CallbackReading Read(BankCallback callback)
    {
        var notice = JsonSerializer.Deserialize<Notice>(callback.Body)!;
        if (notice.Forged) return new(Verdict.Forged, "forged");
        return notice.RefundNumber is null
            ? new(null, "", notice.Event, notice.Number, new BankAnswer.Paid("transaction-" + notice.Number, notice.AmountInFen, notice.At))
            : new(null, "", notice.Event, notice.Number, null, notice.RefundNumber, new RefundAnswer.Done("bank-" + notice.RefundNumber, notice.AmountInFen, notice.At));
    }

    public IResult Answer(Verdict verdict) => Results.Text(verdict.ToString());

    private Task<RefundAnswer> Next(string verb, PaymentOrder order, RefundTerms refund)
    {
        Asked.Enqueue((verb, order.Number, refund.Number, refund.AmountInFen));
        if (!Refunds.TryGetValue(order.Number, out var script)) return Task.FromResult<RefundAnswer>(new RefundAnswer.Pending());
        return Task.FromResult(script.Count > 1 && script.TryDequeue(out var next) ? next : script.TryPeek(out var last) ? last : new RefundAnswer.Pending());
    }
}
