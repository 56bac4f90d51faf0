namespace ExamPlatform.Applications;

// What was done in time and told late: the time of the deed counts.
public sealed partial class Application
{
    /// <summary>The confirmation whose deadline gave the application up; null where none did, and where a place was given back with it.</summary>
    public MissedStage? Missed { get; private set; }

    /// <summary>
    /// Before a decision is taken in: one that an officer made in time counts, even where its message came after the deadline had given the application up. The application is then back at the
    /// stage, to go on from there. Nothing to do for any other.
    /// </summary>
    public Refusal? MatchDecision(Decision decision, DateTimeOffset decidedAt, DateTimeOffset now)
    {
        if (Standing is not Standing.Abandoned || Missed is null) return null;
        if (Replaced(decision) is { } refusal) return refusal;
        if (decision.Stage != Missed.Stage) return new("wrong-stage", $"It was given up at {Missed.Stage}, not at {decision.Stage}.");
        if (decidedAt > Missed.DueAt) return new("decided-too-late", $"The time to confirm ended at {Missed.DueAt:u}.");
        Move(LifeEvent.MatchDecision, now, null, Missed.Stage);
        (AbandonedFor, Missed, revived) = (null, null, true);
        return null;
    }

    /// <summary>Others have closed it when it was given up: the next stage that opens says that it is open again.</summary>
    private bool revived;

    private Refusal? MissConfirmation(DateTimeOffset now)
    {
        var missed = Stage is not null && Place is null ? new MissedStage(Stage, DeadlineAt!.Value) : null;
        if (Abandon(LifeEvent.MissConfirmation, AbandonCause.ConfirmationMissed, null, now) is { } refusal) return refusal;
        Missed = missed;
        return null;
    }
}

/// <summary>A stage where the candidate had to act, and until when.</summary>
public sealed record MissedStage(string Stage, DateTimeOffset DueAt);
