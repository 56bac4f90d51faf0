using System.Linq.Expressions;

namespace ExamPlatform.Reviews;

/// <summary>One stage of one submitted version that officers of one level have to decide.</summary>
public sealed class Work
{
    /// <summary>How long an officer holds work before others may take it.</summary>
    public static readonly TimeSpan ClaimLength = TimeSpan.FromMinutes(10);

    /// <summary>Every legal transition. What is not here is refused.</summary>
    public static readonly IReadOnlyDictionary<(WorkState From, WorkVerb Verb), WorkState> Transitions = new Dictionary<(WorkState, WorkVerb), WorkState>
    {
        [(WorkState.Open, WorkVerb.Claim)] = WorkState.Claimed,
        [(WorkState.Open, WorkVerb.Void)] = WorkState.Voided,
        [(WorkState.Claimed, WorkVerb.Claim)] = WorkState.Claimed, // one's own again, or another's that has run out
        [(WorkState.Claimed, WorkVerb.Release)] = WorkState.Open,
        [(WorkState.Claimed, WorkVerb.Pass)] = WorkState.Passed,
        [(WorkState.Claimed, WorkVerb.Fail)] = WorkState.Failed,
        [(WorkState.Claimed, WorkVerb.Void)] = WorkState.Voided,
    };

    private readonly List<WorkTransition> history = [];

    public Guid Id { get; init; }
    public Guid ApplicationId { get; init; }
    public Guid CandidateId { get; init; }

    /// <summary>The submission's number; not the row's version.</summary>
    public int Version { get; init; }
    public required string ProgrammeCode { get; init; }
    public int ProgrammeVersion { get; init; }
    public required string SessionCode { get; init; }
    public required string Stage { get; init; }
    public WorkKind Kind { get; init; }
    public required string Level { get; init; }
    public required string AreaPath { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public WorkState State { get; private set; }
    public Guid? ClaimedBy { get; private set; }
    public DateTimeOffset? ClaimedUntil { get; private set; }
    public VoidCause? VoidedFor { get; private set; }
    public uint RowVersion { get; private set; }
    public IReadOnlyList<WorkTransition> History => history;

    /// <summary>What an officer may see: work of the own level inside the own jurisdiction.</summary>
    public static Expression<Func<Work, bool>> Of(Me me) => work => work.Level == me.Level && work.AreaPath.StartsWith(me.AreaPath);

    public Refusal? Claim(Guid officer, DateTimeOffset now)
    {
        if (IsHeld(now) && ClaimedBy != officer) return new("claimed-by-other", $"Another officer has this work until {ClaimedUntil:u}; take other work or come back then.");
        if (Move(WorkVerb.Claim, officer, now) is { } refusal) return refusal;
        (ClaimedBy, ClaimedUntil) = (officer, now + ClaimLength);
        return null;
    }

    public Refusal? Release(Guid officer, DateTimeOffset now)
    {
        if (NotMine(officer, now) is { } notMine) return notMine;
        if (Move(WorkVerb.Release, officer, now) is { } refusal) return refusal;
        (ClaimedBy, ClaimedUntil) = (null, null);
        return null;
    }

    /// <param name="version">The submission the officer saw.</param>
    public Refusal? Decide(Outcome outcome, int version, Guid officer, DateTimeOffset now)
    {
        if (version != Version) return Replaced;
        if (NotMine(officer, now) is { } notMine) return notMine;
        return Move(outcome == Outcome.Pass ? WorkVerb.Pass : WorkVerb.Fail, officer, now);
    }

    public Refusal? Void(VoidCause cause, DateTimeOffset now)
    {
        if (Move(WorkVerb.Void, actor: null, now, cause) is { } refusal) return refusal;
        (VoidedFor, ClaimedBy, ClaimedUntil) = (cause, null, null);
        return null;
    }

    /// <summary>The candidate has sent a newer submission, or taken this one back.</summary>
    public static Refusal Replaced { get; } = new("version-replaced", "The candidate has replaced this submission; look at the work list again.");

    public bool IsHeld(DateTimeOffset now) => State == WorkState.Claimed && ClaimedUntil > now;

    private Refusal? NotMine(Guid officer, DateTimeOffset now) => State != WorkState.Claimed || (IsHeld(now) && ClaimedBy == officer)
        ? null : new("claim-needed", "You do not hold this work (your claim may have run out); claim it again.");

    private Refusal? Move(WorkVerb verb, Guid? actor, DateTimeOffset now, VoidCause? cause = null)
    {
        if (!Transitions.TryGetValue((State, verb), out var to)) return Illegal();
        history.Add(new() { WorkId = Id, At = now, ActorId = actor, From = State, Verb = verb, To = to, Version = Version, Cause = cause });
        State = to;
        return null;
    }

    private Refusal Illegal() => State switch
    {
        WorkState.Open => new("claim-needed", "Claim the work first."),
        WorkState.Voided when VoidedFor == VoidCause.Replaced => Replaced,
        WorkState.Voided => new("work-void", $"The application was {(VoidedFor == VoidCause.Withdrawn ? "withdrawn" : "abandoned")}; there is nothing left to decide."),
        _ => new("already-decided", "This stage of this submission has been decided."),
    };
}

public enum WorkState { Open, Claimed, Passed, Failed, Voided }

public enum WorkVerb { Claim, Release, Pass, Fail, Void }

public enum WorkKind { Confirmation, Review }

public enum VoidCause { Replaced, Withdrawn, Abandoned }

/// <summary>One step of a piece of work: who, when, from, to, and the submission it was about.</summary>
public sealed class WorkTransition
{
    public long Id { get; init; }
    public Guid WorkId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The officer; null when the platform did it.</summary>
    public Guid? ActorId { get; init; }
    public WorkState From { get; init; }
    public WorkVerb Verb { get; init; }
    public WorkState To { get; init; }
    public int Version { get; init; }
    public VoidCause? Cause { get; init; }
}
