using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>Ends a fee whose time is over or whose application was given up: the bank is asked, then told to close, and only then is the fee closed here.</summary>
public sealed class SettleFee(PaymentDb db, Bank bank, TimeProvider clock, ILogger<SettleFee> log)
{
    public async Task Settle(Guid id, CancellationToken cancellationToken)
    {
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).SingleAsync(f => f.Id == id, cancellationToken);
        if (fee.LiveOrder is { } live) fee = await bank.Ask(live, "deadline", cancellationToken);
        if (fee.LiveOrder is { } open && !(open.State == OrderState.Opening && open.IsInFlight(clock.GetUtcNow()))) await bank.Close(open, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        fee = await db.LockFee(id, cancellationToken) ?? throw new InvalidOperationException($"Fee {id} is gone.");
        var stood = fee.State;
        if (fee.Settle(clock.GetUtcNow()) is { } refusal)
        {
            log.LogWarning("Fee {FeeId} is not settled yet ({Code}); tried again at {SettleAt:u}", id, refusal.Code, fee.SettleAt);
            return; // rolled back
        }
        if (stood != FeeState.Closed && fee.State == FeeState.Closed) db.Publish(fee.Id, new PaymentClosed(fee.ApplicationId, fee.CandidateId, fee.Id, clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
