using System.Linq.Expressions;

namespace ExamPlatform.Reviews;

/// <summary>One thing that officers of one level have to decide about one submitted version: a stage, the release of a failure, an appeal.</summary>
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
        [(WorkState.Claimed, WorkVerb.SendBack)] = WorkState.SentBack,
        [(WorkState.Claimed, WorkVerb.Void)] = WorkState.Voided,
    };

    /// <summary>What was opened before rounds were counted has the rounds after this one, so that no counted one meets them.</summary>
    public const int BeforeCounting = -1000;

    private readonly List<WorkTransition> history = [];

    public Guid Id { get; init; }
    public Guid ApplicationId { get; init; }
    public Guid CandidateId { get; init; }

    /// <summary>The submission's number; not the row's version.</summary>
    public int Version { get; init; }

    /// <summary>Counts what was opened for this application: a stage that is opened again for the same version has a new one. Below zero: opened before rounds were counted.</summary>
    public int Round { get; init; }
    public required string ProgrammeCode { get; init; }
    public int ProgrammeVersion { get; init; }
    public required string SessionCode { get; init; }

    /// <summary>Of a release or an appeal: the stage that failed.</summary>
    public required string Stage { get; init; }
    public WorkKind Kind { get; init; }
    public required string Level { get; init; }
    public required string AreaPath { get; init; }

    /// <summary>The part of the area path that names the jurisdiction of the level's officers; the database cuts it off.</summary>
    public string? Jurisdiction { get; private set; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Of a practice application: in no list and no count of real work. The database keeps it from ever changing.</summary>
    public bool Trial { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public WorkState State { get; private set; }
    public Guid? ClaimedBy { get; private set; }
    public DateTimeOffset? ClaimedUntil { get; private set; }
    public VoidCause? VoidedFor { get; private set; }

    /// <summary>When and by whom it was passed, failed or sent back: counted per day without a look into the decisions.</summary>
    public DateTimeOffset? DecidedAt { get; private set; }
    public Guid? DecidedBy { get; private set; }
    public uint RowVersion { get; private set; }
    public IReadOnlyList<WorkTransition> History => history;

    /// <summary>What an officer may see: work of the own level in the own jurisdiction. Equality, so that one index serves officers of every level.</summary>
    public static Expression<Func<Work, bool>> Of(Me me) => work => work.Level == me.Level && work.Jurisdiction == me.AreaPath;

    /// <summary>The candidate has sent a newer submission, or taken this one back.</summary>
    public static Refusal Replaced { get; } = new("version-replaced", "The candidate has replaced this submission; look at the work list again.");

    /// <summary>Nobody fails, and nobody passes, because a register is away.</summary>
    public static Refusal RegisterUnreachable { get; } = new("register-unreachable", "The register does not answer at the moment; pass this later.");

    public bool IsUndecided => State is WorkState.Open or WorkState.Claimed;

    public bool IsHeld(DateTimeOffset now) => State == WorkState.Claimed && ClaimedUntil > now;

    public Refusal? Claim(Guid officer, DateTimeOffset now)
    {
        if (IsHeld(now) && ClaimedBy != officer) return new("claimed-by-other", $"Another officer has this work until {ClaimedUntil:u}; take other work or come back then.");
        if (Move(WorkVerb.Claim, officer, now) is { } refusal) return refusal;
        (ClaimedBy, ClaimedUntil) = (officer, now + ClaimLength);
        return null;
    }

    public Refusal? Release(Guid officer, DateTimeOffset now) => NotMine(officer, now) ?? Move(WorkVerb.Release, officer, now);

    /// <param name="version">The submission the officer saw.</param>
    /// <param name="past">What has happened to the application before.</param>
    public Refusal? Decide(Outcome outcome, int version, Guid officer, Past past, DateTimeOffset now)
    {
        if (version != Version) return Replaced;
        if ((NotMine(officer, now) ?? Unfit(outcome, past)) is { } refusal) return refusal;
        if (Move(outcome switch { Outcome.Pass => WorkVerb.Pass, Outcome.Fail => WorkVerb.Fail, _ => WorkVerb.SendBack }, officer, now) is { } illegal) return illegal;
        (DecidedAt, DecidedBy) = (now, officer);
        return null;
    }

    /// <summary>A stage that asks registers is passed only by whom all of them know. A release passes no stage.</summary>
    /// <param name="outcome">What is about to be decided.</param>
    /// <param name="states">What each register says.</param>
    public Refusal? CheckRegisters(Outcome outcome, IReadOnlyCollection<string> states)
    {
        if (outcome != Outcome.Pass || Kind == WorkKind.Release) return null;
        if (states.Any(state => state is not ("found" or "unreachable")))
            return new("register-disagrees", "The register does not hold this person as the application says; fail it with the reason, or have the register corrected first.");
        return states.Contains("unreachable") ? RegisterUnreachable : null;
    }

    public Refusal? Void(VoidCause cause, DateTimeOffset now)
    {
        if (Move(WorkVerb.Void, actor: null, now, cause) is { } refusal) return refusal;
        VoidedFor = cause;
        return null;
    }

    private Refusal? NotMine(Guid officer, DateTimeOffset now) => State != WorkState.Claimed || (IsHeld(now) && ClaimedBy == officer)
        ? null : new("claim-needed", "You do not hold this work (your claim may have run out); claim it again.");

    private Refusal? Unfit(Outcome outcome, Past past) => (Kind, outcome) switch
    {
        (WorkKind.Release, Outcome.Fail) => new("release-only", "The other level has decided: pass its failure on, or send it back with a remark."),
        (WorkKind.Acceptance, Outcome.SendBack) => NothingBefore,
        (WorkKind.Confirmation or WorkKind.Review, Outcome.SendBack) when past.AtFirstStage => NothingBefore,
        (WorkKind.Appeal, Outcome.SendBack) => new("appeal-not-sent-back", "An appeal is granted or dismissed here."),
        (WorkKind.Appeal, _) when past.FailedByOfficer => new("own-decision", "The appeal is against your own decision; a colleague decides it. Put it back."),
        _ => null,
    };

    private static Refusal NothingBefore { get; } = new("nothing-before", "This is the first stage, there is nothing to send it back to; fail it with a reason instead.");

    /// <summary>A claim ends with every step but itself.</summary>
    private Refusal? Move(WorkVerb verb, Guid? actor, DateTimeOffset now, VoidCause? cause = null)
    {
        if (!Transitions.TryGetValue((State, verb), out var to)) return Illegal();
        history.Add(new() { WorkId = Id, At = now, ActorId = actor, From = State, Verb = verb, To = to, Version = Version, Cause = cause });
        (State, ClaimedBy, ClaimedUntil) = (to, null, null);
        return null;
    }

    private Refusal Illegal() => State switch
    {
        WorkState.Open => new("claim-needed", "Claim the work first."),
        WorkState.Voided => VoidedFor switch
        {
            VoidCause.Replaced => Replaced,
            VoidCause.PassedOver => new("passed-over", "The failure was not released in time; the platform has passed it on to the candidate."),
            _ => new("work-void", $"The application was {(VoidedFor == VoidCause.Withdrawn ? "withdrawn" : "abandoned")}; there is nothing left to decide."),
        },
        _ => new("already-decided", "This has been decided."),
    };
}

public enum WorkState { Open, Claimed, Passed, Failed, SentBack, Voided }

public enum WorkVerb { Claim, Release, Pass, Fail, SendBack, Void }

/// <summary>A stage's kind, or <see cref="Release"/> (a failure of another level is passed on to the candidate), or <see cref="Appeal"/> against a failure.</summary>
public enum WorkKind { Acceptance, Confirmation, Review, Release, Appeal }

public enum VoidCause { Replaced, Withdrawn, Abandoned, PassedOver }

/// <summary>What the rules of a decision ask about the application's past.</summary>
/// <param name="AtFirstStage">No other stage comes before this one.</param>
/// <param name="FailedByOfficer">The officer made the decision that is appealed against.</param>
public sealed record Past(bool AtFirstStage, bool FailedByOfficer);
