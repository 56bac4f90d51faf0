using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>The exam no longer needs these applications: what officers wrote of them says nothing any more, here and in the audit trail, and is in no sent message. Who decided what, when, stays.</summary>
public sealed class ForgetApplications(ReviewDb db, OwnerKeys keys, ILogger<ForgetApplications> log) : Consumer<ReviewDb, ApplicationsCleared>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationsCleared message, CancellationToken cancellationToken)
    {
        await keys.Shred(message.ApplicationIds, cancellationToken);
        await Db.Outbox.Where(m => m.SentAt != null && message.ApplicationIds.Contains(m.AggregateId)).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
