using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications;

// Until when: what the candidate is told, when to remind, and when the platform itself gives the application up.
public sealed partial class Application
{
    /// <summary>Until when the next step must be taken, whoever takes it; null when there is none.</summary>
    public DateTimeOffset? DeadlineAt { get; private set; }

    /// <summary>What the candidate has to do until then; null when an officer has.</summary>
    public DeadlineTask? AwaitedTask { get; private set; }

    /// <summary>When to say that the deadline is near; null once said, or when it began too late for that.</summary>
    public DateTimeOffset? RemindAt { get; private set; }

    /// <summary>When missing the deadline abandons the application; null where it does not, or where another service finds out.</summary>
    public DateTimeOffset? LapsesAt { get; private set; }

    /// <summary>Counts what officers were given to decide.</summary>
    public int Round { get; private set; }

    /// <summary>The deadline has passed: 自动放弃, or, where officers had to act, the platform acts for them.</summary>
    public Refusal? MissDeadline(ExamProgramme programme, DateTimeOffset now) =>
        LapsesAt is null || now < LapsesAt ? new("deadline-ahead", $"The deadline is {DeadlineAt:u}.")
        : Standing is Standing.AwaitingRelease ? Release(null, programme, now)
        : Standing is Standing.ReturnedForCorrection ? Abandon(LifeEvent.MissCorrection, AbandonCause.CorrectionMissed, null, now)
        : WaitsForReply ? VoidEntry(AbandonCause.EntryUnanswered, null, now)
        : MissConfirmation(now);

    /// <summary>Tells the candidate once that the deadline is near.</summary>
    public void Remind(DateTimeOffset now)
    {
        if (RemindAt is null || now < RemindAt) return;
        RemindAt = null;
        if (now < DeadlineAt) Announce(new DeadlineNear(Id, CandidateId, AwaitedTask!.Value.ToString().ToLowerInvariant(), DeadlineAt.Value, now, Trial));
    }

    /// <summary>The stage begins: an officer has to act, or, where one confirms on site, the candidate has to go there.</summary>
    private void Open(Stage stage, ExamProgramme programme, DateTimeOffset now)
    {
        var due = Due(stage.Window, programme, now);
        if (stage.Kind is StageKind.Confirmation && programme.PolicyOf(programme.Session(SessionCode)!, HandledIn)?.Confirmation is ConfirmationMode.OnSite)
            Await(DeadlineTask.Confirm, due, programme, now, lapses: true);
        else (DeadlineAt, AwaitedTask, RemindAt, LapsesAt) = (due, null, null, null); // an officer's delay is never the candidate's fault
        Tell(stage.Code, stage.Kind.ToString().ToLowerInvariant(), stage.Decider, due, now);
    }

    /// <summary>The failure waits for the level that passes it on, and passes by itself when that level is late.</summary>
    private void OpenRelease(ReleaseThenReturn rule, DateTimeOffset now)
    {
        var due = now.AddHours(rule.WithinHours);
        (DeadlineAt, AwaitedTask, RemindAt, LapsesAt) = (due, null, null, due);
        Tell(Returned!.Stage, "release", rule.By, due, now);
    }

    /// <summary>Officers of a level have something to decide.</summary>
    private void Tell(string stage, string kind, DeciderLevel level, DateTimeOffset? due, DateTimeOffset now) => Announce(new StageOpened(Id, CandidateId, Submitted, ProgrammeCode,
        ProgrammeVersion, SessionCode, stage, kind, level.ToString().ToLowerInvariant(), AreaPath, due, now, ++Round, Trial, revived));

    private void Await(DeadlineTask task, DateTimeOffset until, ExamProgramme programme, DateTimeOffset now, bool lapses)
    {
        (DeadlineAt, AwaitedTask, LapsesAt) = (until, task, lapses ? until : null);
        var remindAt = programme.Deadlines.Reminders.FirstOrDefault(r => r.Task == task) is { } reminder ? until.AddHours(-reminder.HoursBefore) : (DateTimeOffset?)null;
        RemindAt = remindAt > now ? remindAt : null;
    }

    /// <summary>
    /// A newer version of the programme may have moved the window that the deadline is the end of. A first submission ends with its window, whichever way that went; other deadlines
    /// were given to somebody and only move away. Read before each use, never written ahead: so nobody's change is overtaken, and a window is moved without touching a million rows.
    /// </summary>
    public void Follow(ExamProgramme programme, DateTimeOffset now)
    {
        if (DeadlineAt is null || WindowOfDeadline(programme) is not { } kind) return;
        var end = programme.Session(SessionCode)!.Window(HandledIn, kind).Until;
        if (Standing is Standing.Draft && Submitted == 0 ? end == DeadlineAt : end <= DeadlineAt) return;
        if (AwaitedTask is { } task) Await(task, end, programme, now, lapses: LapsesAt is not null);
        else DeadlineAt = end;
        if (Standing is Standing.AwaitingPayment) FeeDueAt = end;
    }

    /// <summary>The window whose end the deadline is; null where it counts from something else, or was given beyond that end.</summary>
    public Window? EndsWith(ExamProgramme programme) =>
        WindowOfDeadline(programme) is { } kind && programme.Session(SessionCode)!.Window(HandledIn, kind) is var window && window.Until == DeadlineAt ? window : null;

    /// <summary>Null where the deadline counts from something else: hours to reply or to release, days to appeal.</summary>
    private WindowKind? WindowOfDeadline(ExamProgramme programme) => Standing switch
    {
        Standing.Draft when Submitted == 0 => Entry is null ? WindowKind.Registration : null,
        Standing.Draft => programme.Change.Withdraw?.Window,
        Standing.Submitted => programme.Stage(Stage!).Window,
        Standing.ReturnedForCorrection => (programme.Stage(Returned!.Stage).OnFail as ReturnToCandidate)?.Window,
        Standing.AwaitingPayment => programme.PolicyOf(programme.Session(SessionCode)!, AreaCode)?.Payment?.Window, // the payment service asks before it closes a fee
        _ => null,
    };

    private void AwaitNothing() => (DeadlineAt, AwaitedTask, RemindAt, LapsesAt) = (null, null, null, null);

    /// <summary>The end of the window, but never nearer than the programme's least time: who is called late in a window can still act.</summary>
    private DateTimeOffset Due(WindowKind kind, ExamProgramme programme, DateTimeOffset now)
    {
        var (end, least) = (programme.Session(SessionCode)!.Window(HandledIn, kind).Until, now.AddDays(programme.Deadlines.LeastDays));
        return end > least ? end : least;
    }
}
