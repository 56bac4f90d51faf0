using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>A stage opened: there is work, and work on older versions of the application is void.</summary>
public sealed class OpenWork(ReviewDb db, TimeProvider clock, ILogger<OpenWork> log) : Consumer<ReviewDb, StageOpened>(db, log)
{
    protected override async Task<Refusal?> Handle(StageOpened message, CancellationToken cancellationToken)
    {
        if (!Levels.HasOfficersFor(message.Level, message.AreaPath)) throw new InvalidOperationException($"No officer of level '{message.Level}' has '{message.AreaPath}' in the jurisdiction.");
        var known = await Db.Known(message.ApplicationId, cancellationToken);
        if (known.Open(message.Version, message.Revived) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var earlier = await Db.Work.Where(w => w.ApplicationId == message.ApplicationId).ToListAsync(cancellationToken);
        foreach (var older in earlier.Where(w => w.Version < message.Version && w.IsUndecided)) older.Void(VoidCause.Replaced, now);
        if (earlier.Any(w => IsOf(w, message))) return null;
        var work = WorkOn(message, message.Round > 0 ? message.Round : earlier.Select(w => w.Round).Where(r => r < 0).Append(Work.BeforeCounting).Max() + 1, now);
        Db.Work.Add(work);
        // the news that it came too late can overtake it
        if (work.Kind == WorkKind.Release && known.WasPassedOver(work.Version, work.Stage)) work.Void(VoidCause.PassedOver, now);
        return null;
    }

    /// <summary>Messages from before rounds were counted have none; then a stage opened once per version.</summary>
    private static bool IsOf(Work work, StageOpened stage) => stage.Round > 0 ? work.Round == stage.Round : work.Round < 0 && (work.Version, work.Stage) == (stage.Version, stage.Stage);

    private static Work WorkOn(StageOpened stage, int round, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ApplicationId = stage.ApplicationId,
        CandidateId = stage.CandidateId,
        Version = stage.Version,
        Round = round,
        ProgrammeCode = stage.ProgrammeCode,
        ProgrammeVersion = stage.ProgrammeVersion,
        SessionCode = stage.SessionCode,
        Stage = stage.Stage,
        Kind = Enum.Parse<WorkKind>(stage.Kind, ignoreCase: true),
        Level = stage.Level,
        AreaPath = stage.AreaPath,
        DueAt = stage.DueAt,
        OpenedAt = stage.At,
        Trial = stage.Trial,
    };
}
