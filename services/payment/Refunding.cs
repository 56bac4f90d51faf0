using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments;

/// <summary>Speaks with the bank about money that goes back. Like <see cref="Bank"/>, never inside a transaction.</summary>
public sealed class Refunding(PaymentDb db, Bank bank, TimeProvider clock, ILogger<Refunding> log)
{
    private static readonly Meter Meter = new("ExamPlatform");
    private static readonly Counter<long> Stuck = Meter.CreateCounter<long>("exam.refunds.stuck", description: "Refunds that the bank could not carry out or refused.");

    /// <summary>Sends a refund, or asks after one that was sent.</summary>
    public async Task GoOn(Guid id, string source, CancellationToken cancellationToken)
    {
        var refund = await db.Refunds.AsNoTracking().SingleAsync(r => r.Id == id, cancellationToken);
        if (Refund.AtRest.Contains(refund.State) && refund.State != RefundState.Refused) return;
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == refund.OrderId, cancellationToken);
        var (channel, terms) = (bank.ChannelOf(order), new RefundTerms(refund.Number, refund.AmountInFen, PaymentWords.Of("refund-reason")));
        var answer = refund.IsToSend ? await channel.Refund(order, terms, cancellationToken) : await channel.QueryRefund(order, terms, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var fee = await db.LockFee(refund.FeeId, CancellationToken.None) ?? throw new InvalidOperationException($"Fee {refund.FeeId} is gone.");
        Apply(fee, fee.Refunds.Single(r => r.Id == id), answer, source);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Changes a refund by what the bank said, together with the ledger and the message about it. Does not save.</summary>
    public Refusal? Apply(Fee fee, Refund refund, RefundAnswer answer, string source)
    {
        var (stood, now) = (refund.State, clock.GetUtcNow());
        if (fee.LearnRefund(refund, answer, source, now) is { } refusal)
        {
            log.LogError("The bank says {Answer} about refund {RefundId} of fee {FeeId}, refused: {Code}", answer.GetType().Name, refund.Id, fee.Id, refusal.Code);
            return refusal;
        }
        if (answer is RefundAnswer.Silent silent) log.LogWarning("The bank is silent about refund {RefundId} of fee {FeeId}: {Reason}", refund.Id, fee.Id, silent.Reason);
        if (refund.State == stood) return null;
        var order = fee.Orders.Single(o => o.Id == refund.OrderId);
        log.LogInformation("Refund {RefundId} of fee {FeeId}: {From} → {To} by {Source}", refund.Id, fee.Id, stood, refund.State, source);
        if (refund.State is RefundState.Abnormal or RefundState.Refused)
        {
            Stuck.Add(1, new("channel", order.Channel), new("state", refund.State.ToString()));
            log.LogError("Alert: refund {RefundId} of {AmountInFen} fen is {State} at the bank: {Code}. An officer has to see to it", refund.Id, refund.AmountInFen, refund.State, refund.FailedBecause);
        }
        if (refund.State != RefundState.Done) return null;
        db.LedgerEntries.AddRange(LedgerEntry.OfRefund(refund, order, bank.ChannelOf(order).Name, now));
        db.Publish(fee.Id, new RefundCompleted(fee.ApplicationId, fee.CandidateId, fee.Id, refund.Id, refund.AmountInFen, now));
        return null;
    }
}
