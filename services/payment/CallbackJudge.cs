using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments;

/// <summary>Judges a stored callback once. What it changes, its message and its verdict are one transaction under the fee's lock.</summary>
public sealed class CallbackJudge(PaymentDb db, Bank bank, Refunding refunding, IEnumerable<IChannel> channels, TimeProvider clock, ILogger<CallbackJudge> log)
{
    private static readonly Meter Meter = new("ExamPlatform");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("exam.callbacks.refused", description: "Bank callbacks that were not believed.");

    public async Task<Verdict> Judge(Guid id, CancellationToken cancellationToken)
    {
        var stored = await db.BankCallbacks.AsNoTracking().SingleAsync(c => c.Id == id, cancellationToken);
        var channel = channels.Single(c => c.Name == stored.Channel);
        var reading = channel.Read(stored);
        var told = reading.Refused is null ? await AcceptedBefore(reading, stored.Channel, cancellationToken) : null; // most of what comes is told once more: nothing else is locked for it
        var order = reading.Refused is null && told is null ? await OrderOf(reading, channel, cancellationToken) : null;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var fee = order is null ? null : await db.LockFee(order.FeeId, cancellationToken);
        if (await Lock(id, cancellationToken) is not { } callback) return await Verdict(id, cancellationToken);
        var (verdict, reason) = told is null ? await Decide(reading, stored.Channel, fee, fee?.Orders.Single(o => o.Id == order!.Id), cancellationToken) : SameEvent;
        callback.Judge(verdict, reason, reading.EventId, told?.OrderId ?? order?.Id, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(callback);
        return verdict;
    }

    private async Task<(Verdict, string?)> Decide(CallbackReading reading, string channel, Fee? fee, PaymentOrder? order, CancellationToken cancellationToken)
    {
        if (reading.Refused is { } refused) return (refused, reading.Reason);
        if (fee is null || order is null) return (Payments.Verdict.WrongFacts, "no such order");
        if (await AcceptedBefore(reading, channel, cancellationToken) is not null) return SameEvent;
        return reading.RefundNumber is null ? Take(fee, order, reading.Answer) : Take(fee, fee.Refunds.SingleOrDefault(r => r.Number == reading.RefundNumber && r.OrderId == order.Id), reading.Refunded);
    }

    private (Verdict, string?) Take(Fee fee, PaymentOrder order, BankAnswer? answer)
    {
        if (answer is null) return (Payments.Verdict.Ignored, "nothing about money");
        var stood = order.State;
        if (bank.Apply(fee, order, answer, "callback") is { } refusal) return (Payments.Verdict.WrongFacts, refusal.Code);
        return Known(order.State == stood);
    }

    private (Verdict, string?) Take(Fee fee, Refund? refund, RefundAnswer? answer)
    {
        if (refund is null) return (Payments.Verdict.WrongFacts, "no such refund");
        if (answer is null) return (Payments.Verdict.Ignored, "nothing about money");
        var stood = refund.State;
        if (refunding.Apply(fee, refund, answer, "callback") is { } refusal) return (Payments.Verdict.WrongFacts, refusal.Code);
        return Known(refund.State == stood);
    }

    private static (Verdict, string?) SameEvent => (Payments.Verdict.Repeated, "the same event");

    private static (Verdict, string?) Known(bool before) => before ? (Payments.Verdict.Repeated, "known by asking the bank") : (Payments.Verdict.Accepted, null);

    private Task<BankCallback?> AcceptedBefore(CallbackReading reading, string channel, CancellationToken cancellationToken) =>
        db.BankCallbacks.AsNoTracking().SingleOrDefaultAsync(c => c.Channel == channel && c.EventId == reading.EventId && c.Verdict == Payments.Verdict.Accepted, cancellationToken);

    /// <summary>The order that an event is about; one about a refund may name only that.</summary>
    private Task<PaymentOrder?> OrderOf(CallbackReading reading, IChannel channel, CancellationToken cancellationToken) =>
        db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(o => channel.Kinds.Contains(o.Channel)
            && (reading.Number != null ? o.Number == reading.Number : db.Refunds.Any(r => r.OrderId == o.Id && r.Number == reading.RefundNumber)), cancellationToken);

    /// <returns>The row under its lock, or null when another replica has judged it meanwhile.</returns>
    private async Task<BankCallback?> Lock(Guid id, CancellationToken cancellationToken) =>
        (await db.BankCallbacks.FromSql($"select * from bank_callbacks where id = {id} and verdict = 'Received' for update").ToListAsync(cancellationToken)).SingleOrDefault();

    private Task<Verdict> Verdict(Guid id, CancellationToken cancellationToken) => db.BankCallbacks.Where(c => c.Id == id).Select(c => c.Verdict).SingleAsync(cancellationToken);

    private void Tell(BankCallback callback)
    {
        if (!BankCallback.IsAlarming(callback.Verdict))
        {
            log.LogInformation("Callback {CallbackId} of {Channel}: {Verdict} ({Reason})", callback.Id, callback.Channel, callback.Verdict, callback.Reason);
            return;
        }
        Refused.Add(1, new("channel", callback.Channel), new("verdict", callback.Verdict.ToString()));
        log.LogError("Alert: callback {CallbackId} of {Channel} refused as {Verdict}: {Reason}. It changed nothing; look at its row", callback.Id, callback.Channel, callback.Verdict, callback.Reason);
    }
}
