using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments;

/// <summary>Speaks with the bank about an order and takes in what it says. The bank is never spoken with inside a transaction: it may take seconds.</summary>
public sealed class Bank(PaymentDb db, IEnumerable<IChannel> channels, TimeProvider clock, ILogger<Bank> log)
{
    private static readonly Meter Meter = new("ExamPlatform");
    private static readonly Counter<long> Surpluses = Meter.CreateCounter<long>("exam.payments.surplus", description: "Orders whose money paid for nothing and goes back.");

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);

    public bool Offers(string kind) => channels.Any(c => c.Kinds.Contains(kind));

    public TimeSpan LongestOrder(string kind) => channels.Single(c => c.Kinds.Contains(kind)).LongestOrder(kind);

    /// <summary>Whether a person's look may ask the bank now: not while the order is just being opened, and not more often than every few seconds, whoever looks.</summary>
    public async Task<bool> TakeLook(PaymentOrder order, CancellationToken cancellationToken)
    {
        var (now, recently) = (clock.GetUtcNow(), clock.GetUtcNow() - BetweenLooks);
        var landed = now - PaymentOrder.InFlight;
        return await db.PaymentOrders
            .Where(o => o.Id == order.Id && (o.LastAskedAt == null || o.LastAskedAt <= recently) && (o.State != OrderState.Opening || o.CreatedAt <= landed))
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.LastAskedAt, now), cancellationToken) == 1;
    }

    /// <summary>Opens an order that is already written down.</summary>
    public async Task<Fee> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken) =>
        await Learn(order, await ChannelOf(order).Open(order, payer, cancellationToken), "bank");

    /// <summary>Asks about an order; one whose time is over is closed at the bank as well.</summary>
    public async Task<Fee> Ask(PaymentOrder order, string source, CancellationToken cancellationToken)
    {
        var answer = await ChannelOf(order).Query(order, cancellationToken);
        var fee = await Learn(order, answer, source);
        return answer is BankAnswer.Unpaid && order.ExpiresAt <= clock.GetUtcNow() ? await Close(order, cancellationToken) : fee;
    }

    /// <summary>Closes an order at the bank, which may find that it was paid meanwhile.</summary>
    public async Task<Fee> Close(PaymentOrder order, CancellationToken cancellationToken) =>
        await Learn(order, await ChannelOf(order).Close(order, cancellationToken), "bank");

    /// <summary>Changes the fee by what the bank said, together with the message about it. Does not save.</summary>
    public Refusal? Apply(Fee fee, PaymentOrder order, BankAnswer answer, string source)
    {
        var (stood, orderStood, wasPaid, now) = (fee.State, order.State, order.IsPaid, clock.GetUtcNow());
        if (fee.Learn(order, answer, source, now) is { } refusal)
        {
            log.LogError("The bank says {Answer} about order {OrderId} of fee {FeeId}, refused: {Code}", answer.GetType().Name, order.Id, fee.Id, refusal.Code);
            return refusal;
        }
        if (answer is BankAnswer.Silent silent) log.LogWarning("The bank is silent about order {OrderId} of fee {FeeId}: {Reason}", order.Id, fee.Id, silent.Reason);
        if (order.State != orderStood) log.LogInformation("Order {OrderId} of fee {FeeId}: {From} → {To} by {Source}", order.Id, fee.Id, orderStood, order.State, source);
        Tell(fee, order, stood, orderStood, now);
        if (!fee.Trial) db.LedgerEntries.AddRange(LedgerEntry.OfPayment(order, wasPaid, ChannelOf(order).Name, now));
        return null;
    }

    /// <summary>Makes an order what the bank says now, past the table of edges where there is no other way. Saves.</summary>
    /// <returns>The refusal of a rule; nothing is changed then.</returns>
    public async Task<Refusal?> Match(PaymentOrder order, string reason, Guid officer, CancellationToken cancellationToken)
    {
        var answer = await ChannelOf(order).Query(order, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var fee = await db.LockFee(order.FeeId, CancellationToken.None) ?? throw new InvalidOperationException($"Fee {order.FeeId} is gone.");
        var held = fee.Orders.Single(o => o.Id == order.Id);
        var (stood, orderStood, paidAt, now) = (fee.State, held.State, held.IsPaid ? held.PaidAt : null, clock.GetUtcNow());
        if (fee.Match(held, answer, reason, officer, now) is { } refusal) return refusal;
        log.LogWarning("Officer {OfficerId} made order {OrderId} of fee {FeeId} match the bank: {From} → {To}", officer, held.Id, fee.Id, orderStood, held.State);
        Tell(fee, held, stood, orderStood, now);
        db.LedgerEntries.AddRange(paidAt is { } before && !held.IsPaid ? LedgerEntry.OfDenial(held, orderStood, before, ChannelOf(held).Name, now) : LedgerEntry.OfPayment(held, paidAt is not null, ChannelOf(held).Name, now));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }

    private void Tell(Fee fee, PaymentOrder order, FeeState stood, OrderState orderStood, DateTimeOffset now)
    {
        if (order.State == OrderState.Surplus && orderStood != OrderState.Surplus)
        {
            Surpluses.Add(1, new KeyValuePair<string, object?>("channel", order.Channel));
            log.LogWarning("Surplus: {AmountInFen} fen of order {OrderId}, paid at {PaidAt:u}, found fee {FeeId} {State} and goes back", order.AmountInFen, order.Id, order.PaidAt, fee.Id, fee.State);
        }
        if (stood != FeeState.Paid && fee.State == FeeState.Paid)
            db.Publish(fee.Id, new PaymentReceived(fee.ApplicationId, fee.CandidateId, fee.Id, order.Id, order.AmountInFen, order.Channel, order.PaidAt!.Value, now));
    }

    private async Task<Fee> Learn(PaymentOrder order, BankAnswer answer, string source)
    {
        // whoever asked may have gone away: what the bank said is written down all the same
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var fee = await db.LockFee(order.FeeId, CancellationToken.None) ?? throw new InvalidOperationException($"Fee {order.FeeId} is gone.");
        Apply(fee, fee.Orders.Single(o => o.Id == order.Id), answer, source);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return fee;
    }

    internal IChannel ChannelOf(PaymentOrder order) => channels.Single(c => c.Kinds.Contains(order.Channel));
}
