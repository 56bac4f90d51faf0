using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>A stage opened: there is work, and work on older versions of the application is void.</summary>
public sealed class OpenWork(ReviewDb db, TimeProvider clock, ILogger<OpenWork> log) : Consumer<ReviewDb, StageOpened>(db, log)
{
    protected override async Task<Refusal?> Handle(StageOpened message, CancellationToken cancellationToken)
    {
        var known = await Db.Known(message.ApplicationId, cancellationToken);
        if (known.Open(message.Version) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        foreach (var older in await Db.Undecided(message.ApplicationId, through: message.Version - 1).ToListAsync(cancellationToken)) older.Void(VoidCause.Replaced, now);
        if (!await Db.Work.AnyAsync(w => w.ApplicationId == message.ApplicationId && w.Version == message.Version && w.Stage == message.Stage, cancellationToken))
            Db.Work.Add(WorkOn(message, now));
        return null;
    }

    private static Work WorkOn(StageOpened stage, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ApplicationId = stage.ApplicationId,
        CandidateId = stage.CandidateId,
        Version = stage.Version,
        ProgrammeCode = stage.ProgrammeCode,
        ProgrammeVersion = stage.ProgrammeVersion,
        SessionCode = stage.SessionCode,
        Stage = stage.Stage,
        Kind = Enum.Parse<WorkKind>(stage.Kind, ignoreCase: true),
        Level = stage.Level,
        AreaPath = stage.AreaPath,
        DueAt = stage.DueAt,
        OpenedAt = stage.At,
    };
}
