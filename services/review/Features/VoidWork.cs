using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>The candidate took the submission back; a later one may come.</summary>
public sealed class VoidWithdrawnWork(ReviewDb db, TimeProvider clock, ILogger<VoidWithdrawnWork> log) : Consumer<ReviewDb, ApplicationWithdrawn>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationWithdrawn message, CancellationToken cancellationToken)
    {
        await Db.Close(message.ApplicationId, message.Version, VoidCause.Withdrawn, clock.GetUtcNow(), cancellationToken);
        return null;
    }
}

/// <summary>The application is over, unless it comes back: what was opened after it was given up stays.</summary>
public sealed class VoidAbandonedWork(ReviewDb db, TimeProvider clock, ILogger<VoidAbandonedWork> log) : Consumer<ReviewDb, ApplicationAbandoned>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationAbandoned message, CancellationToken cancellationToken)
    {
        if (await Db.Work.AnyAsync(w => w.ApplicationId == message.ApplicationId && w.OpenedAt > message.At.ToUniversalTime(), cancellationToken)) return new("revived", "It has come back since.");
        await Db.Close(message.ApplicationId, message.Version, VoidCause.Abandoned, clock.GetUtcNow(), cancellationToken);
        return null;
    }
}

/// <summary>A failure was not released in time and the platform has passed it on: nobody releases it any more.</summary>
public sealed class VoidOverdueRelease(ReviewDb db, TimeProvider clock, ILogger<VoidOverdueRelease> log) : Consumer<ReviewDb, ReleaseOverdue>(db, log)
{
    protected override async Task<Refusal?> Handle(ReleaseOverdue message, CancellationToken cancellationToken)
    {
        (await Db.Known(message.ApplicationId, cancellationToken)).PassOver(message.Version, message.Stage);
        var late = Db.Undecided(message.ApplicationId, message.Version).Where(w => w.Kind == WorkKind.Release && w.Version == message.Version && w.Stage == message.Stage);
        foreach (var work in await late.ToListAsync(cancellationToken)) work.Void(VoidCause.PassedOver, clock.GetUtcNow());
        return null;
    }
}

internal static class VoidWork
{
    public static async Task Close(this ReviewDb db, Guid application, int version, VoidCause cause, DateTimeOffset now, CancellationToken ct)
    {
        (await db.Known(application, ct)).Close(version);
        foreach (var work in await db.Undecided(application, version).ToListAsync(ct)) work.Void(cause, now);
    }

    public static async Task<KnownApplication> Known(this ReviewDb db, Guid application, CancellationToken ct) =>
        await db.KnownApplications.FindAsync([application], ct) ?? db.KnownApplications.Add(new() { ApplicationId = application }).Entity;

    public static IQueryable<Work> Undecided(this ReviewDb db, Guid application, int through) =>
        db.Work.Where(w => w.ApplicationId == application && w.Version <= through && (w.State == WorkState.Open || w.State == WorkState.Claimed));
}
