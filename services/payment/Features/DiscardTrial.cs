using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>Practice was thrown away: its fees go with their orders and history. The bank never heard of them.</summary>
public sealed class DiscardTrial(PaymentDb db, ILogger<DiscardTrial> log) : Consumer<PaymentDb, TrialDiscarded>(db, log)
{
    protected override async Task<Refusal?> Handle(TrialDiscarded message, CancellationToken cancellationToken)
    {
        foreach (var application in message.ApplicationIds) (await Db.Trial(application, cancellationToken)).Discarded = true;
        await Db.Fees.Where(f => f.Trial && message.ApplicationIds.Contains(f.ApplicationId)).ExecuteDeleteAsync(cancellationToken); // orders and history go with them
        return null;
    }
}
