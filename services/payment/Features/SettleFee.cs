using System.Globalization;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>Ends a fee whose time is over or whose application was given up: the application is asked whether there is more time, the bank is asked, then told to close, and only then is the fee closed here.</summary>
public sealed class SettleFee(PaymentDb db, Bank bank, ApplicationAnswers.ApplicationAnswersClient application, TimeProvider clock, ILogger<SettleFee> log)
{
    public async Task Settle(Guid id, CancellationToken cancellationToken)
    {
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).SingleAsync(f => f.Id == id, cancellationToken);
        if (fee.State == FeeState.Due && clock.GetUtcNow() >= fee.DueAt && await HasMoreTime(fee, cancellationToken)) return;
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

    /// <summary>A window may have been extended and the message be still on its way, above all when the platform has just been down. While the application gives no answer nothing is closed.</summary>
    private async Task<bool> HasMoreTime(Fee fee, CancellationToken cancellationToken)
    {
        try
        {
            var terms = await application.GetFeeAsync(new() { ApplicationId = fee.ApplicationId.ToString(), FeeId = fee.Id.ToString() }, cancellationToken: cancellationToken);
            var dueAt = DateTimeOffset.Parse(terms.DueAt, CultureInfo.InvariantCulture);
            if (dueAt <= fee.DueAt) return false;
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            (await db.LockFee(fee.Id, cancellationToken))?.MoveDue(dueAt, clock.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return false; // the application has moved on
        }
        catch (RpcException e)
        {
            log.LogWarning("Fee {FeeId} is not closed while the application service does not say until when it is due ({Status})", fee.Id, e.StatusCode);
            return true;
        }
    }
}
