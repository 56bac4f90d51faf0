using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments;

/// <summary>Speaks with the bank about an order and takes in what it says. The bank is never spoken with inside a transaction: it may take seconds.</summary>
public sealed class Bank(PaymentDb db, IEnumerable<IChannel> channels, TimeProvider clock, ILogger<Bank> log)
{
    private static readonly Meter Meter = new("ExamPlatform");
    private static readonly Counter<long> Surpluses = Meter.CreateCounter<long>("exam.payments.surplus", description: "Orders whose money paid for nothing and has to go back.");

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
        var (stood, orderStood, now) = (fee.State, order.State, clock.GetUtcNow());
        if (fee.Learn(order, answer, source, now) is { } refusal)
        {
            log.LogError("The bank says {Answer} about order {OrderId} of fee {FeeId}, refused: {Code}", answer.GetType().Name, order.Id, fee.Id, refusal.Code);
            return refusal;
        }
        if (answer is BankAnswer.Silent silent) log.LogWarning("The bank is silent about order {OrderId} of fee {FeeId}: {Reason}", order.Id, fee.Id, silent.Reason);
        if (order.State != orderStood) log.LogInformation("Order {OrderId} of fee {FeeId}: {From} → {To} by {Source}", order.Id, fee.Id, orderStood, order.State, source);
        if (order.State == OrderState.Surplus && orderStood != OrderState.Surplus)
        {
            Surpluses.Add(1, new KeyValuePair<string, object?>("channel", order.Channel));
            log.LogWarning("Surplus: {AmountInFen} fen of order {OrderId}, paid at {PaidAt:u}, found fee {FeeId} {State} and must go back", order.AmountInFen, order.Id, order.PaidAt, fee.Id, fee.State);
        }
        if (stood != FeeState.Paid && fee.State == FeeState.Paid)
            db.Publish(fee.Id, new PaymentReceived(fee.ApplicationId, fee.CandidateId, fee.Id, order.Id, order.AmountInFen, order.Channel, order.PaidAt!.Value, now));
        return null;
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

    private IChannel ChannelOf(PaymentOrder order) => channels.Single(c => c.Kinds.Contains(order.Channel));
}
