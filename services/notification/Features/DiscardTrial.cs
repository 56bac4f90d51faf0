using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Practice was thrown away: its notices go from the inbox, with their deliveries.</summary>
public sealed class DiscardTrial(NotificationDb db, ILogger<DiscardTrial> log) : Consumer<NotificationDb, TrialDiscarded>(db, log)
{
    protected override async Task<Refusal?> Handle(TrialDiscarded message, CancellationToken cancellationToken)
    {
        foreach (var application in message.ApplicationIds) (await Db.Trial(application, cancellationToken)).Discarded = true;
        await Db.Notices.Where(n => n.ApplicationId != null && message.ApplicationIds.Contains(n.ApplicationId.Value)).ExecuteDeleteAsync(cancellationToken);
        await Db.KnownApplications.Where(a => message.ApplicationIds.Contains(a.ApplicationId)).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
