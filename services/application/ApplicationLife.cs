using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications;

// The transitions. Each asks Life what may follow what, writes a history row and announces what others must know in the same SaveChanges.
public sealed partial class Application
{
    private readonly List<Action<ServiceDb>> announcements = [];
    private readonly List<HeldPlace> givenBack = [];

    public Standing Standing { get; private set; } = Standing.Draft;

    /// <summary>Code of the stage it is at; null unless <see cref="Standing.Submitted"/>.</summary>
    public string? Stage { get; private set; }

    /// <summary>The number of the last submitted version; 0 before the first.</summary>
    public int Submitted { get; private set; }

    /// <summary>Why it was sent back, while the correction waits.</summary>
    public Return? Returned { get; private set; }
    public Guid? FeeId { get; private set; }
    public long? FeeInFen { get; private set; }
    public DateTimeOffset? FeeDueAt { get; private set; }
    public AbandonCause? AbandonedFor { get; private set; }

    /// <summary>Why it was abandoned, as messages and replies write it; null while it is not.</summary>
    public string? Cause => AbandonedFor is { } cause ? System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString()) : null;
    public List<Submission> Submissions { get; } = [];
    public List<HistoryEntry> History { get; } = [];

    /// <summary>Whether a version is the one that counts; false once it was taken back, replaced, or the application given up.</summary>
    public bool IsCurrent(int version) => version == Submitted && Standing is not (Standing.Draft or Standing.Abandoned);

    /// <summary>Whether a version may be sent in now; what is in it is <see cref="Filling"/>'s business.</summary>
    public Refusal? MaySubmit(ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(Sending) is { } refusal) return refusal;
        if (Sending is LifeEvent.MatchReply && now >= Entry!.ExpiresAt) return new("outside-window", $"The reply was waited for until {Entry.ExpiresAt:u}.");
        if (Sending is LifeEvent.Replace) return NotOpenForEditing(programme, now);
        var registration = programme.Session(SessionCode)!.Window(AreaCode, WindowKind.Registration);
        var open = Submitted == 0 ? registration.IsOpen(now) : now < DeadlineAt; // a later version has the time its return or withdrawal gave it
        return open ? null : new("outside-window", Submitted == 0 ? $"Submission is open from {registration.From:u} until {registration.Until:u}." : $"The time to submit again ended at {DeadlineAt:u}.");
    }

    /// <summary>Sends in the next version and opens the stage it starts at.</summary>
    /// <param name="place">The place just taken in a plan; null where none are given.</param>
    public Refusal? Submit(ExamProgramme programme, ProfileGroups profile, DateTimeOffset now, Place? place = null)
    {
        if (MaySubmit(programme, now) is { } refusal) return refusal;
        var (what, stage) = (Sending, StageToStartAt(programme));
        if (what is LifeEvent.Replace && Sent?.SaysTheSameAs(SentForm.Of(this)) == true) return new("nothing-changed", "It says the same as what was sent in; there is nothing to replace.");
        if (programme.Preferences is not null) Hold(place ?? throw new InvalidOperationException("A place is taken before the application is sent in."), programme);
        Submissions.Add(Submission.Of(this, Submitted + 1, profile, now));
        Submitted++;
        Sent = SentForm.Of(this);
        Move(what, now, CandidateId, stage.Code);
        (Returned, AbandonedFor) = (null, null);
        Guid[] documents = [.. Documents.Values, .. PhotoId is { } photo ? [photo] : Array.Empty<Guid>()];
        Announce(new ApplicationSubmitted(Id, CandidateId, Submitted, ProgrammeCode, ProgrammeVersion, SessionCode, AreaPath, documents, now, Trial));
        Open(stage, programme, now);
        return null;
    }

    public Refusal? Withdraw(ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.Withdraw) is { } refusal) return refusal;
        if (programme.Change.Withdraw is not { } rule) return new("no-withdrawal", "This exam does not take submissions back; give the application up and start again.");
        if (!programme.NotAfter(Stage!, rule.UntilPassed)) return new("too-late-to-withdraw", $"It has passed '{programme.Stage(rule.UntilPassed).Title}' and can no longer be taken back.");
        var end = programme.Session(SessionCode)!.Window(HandledIn, rule.Window).Until;
        if (now >= end) return new("outside-window", $"Submissions could be taken back until {end:u}; taken back now, it could not be sent in again.");
        Move(LifeEvent.Withdraw, now, CandidateId, null);
        Await(DeadlineTask.Submit, end, programme, now, lapses: true);
        Announce(new ApplicationWithdrawn(Id, CandidateId, Submitted, now, end));
        GiveBackPlace();
        return null;
    }

    public Refusal? Pass(Decision decision, ExamProgramme programme, DateTimeOffset now)
    {
        if (Standing is not Standing.Submitted) return new("wrong-standing", $"A stage cannot be passed: the application is {Standing}.");
        return Outdated(decision) ?? Passed(decision, programme, now);
    }

    public Refusal? Fail(Decision decision, IReadOnlyList<string> reasons, string remark, ExamProgramme programme, DateTimeOffset now)
    {
        var rule = programme.Stages.FirstOrDefault(s => s.Code == decision.Stage)?.ReturnsFor(reasons);
        var what = rule switch { ReleaseThenReturn => LifeEvent.Hold, not null => LifeEvent.Return, null => LifeEvent.Reject };
        if ((Illegal(what) ?? Outdated(decision)) is { } refusal) return refusal;
        Move(what, now, decision.OfficerId, null, reasons);
        Returned = new(decision.Stage, reasons, remark);
        if (rule is ReleaseThenReturn held) OpenRelease(held, now);
        else if (rule is not null) AwaitCorrection(rule, programme, now);
        else
        {
            var appeal = programme.Stage(decision.Stage).Appeal;
            if (appeal is null) AwaitNothing();
            else Await(DeadlineTask.Appeal, now.AddDays(appeal.WithinDays), programme, now, lapses: false);
            Announce(new ApplicationRejected(Id, CandidateId, Submitted, decision.Stage, reasons, now));
            GiveBackPlace();
        }
        return null;
    }

    /// <summary>Officers want the stage before decided again (退回重审); from a failure that waits to be passed on, the failed stage itself.</summary>
    public Refusal? StepBack(Decision decision, ExamProgramme programme, DateTimeOffset now)
    {
        if ((Illegal(LifeEvent.StepBack) ?? (Standing is Standing.AwaitingRelease ? NotThisFailure(decision) : Outdated(decision))) is { } refusal) return refusal;
        var to = Standing is Standing.AwaitingRelease ? programme.Stage(decision.Stage) : programme.StageBefore(decision.Stage);
        if (to is null) return new("nothing-before", "There is no stage before this one.");
        Move(LifeEvent.StepBack, now, decision.OfficerId, to.Code); // what officers write to each other stays with them
        Returned = null;
        Open(to, programme, now);
        return null;
    }

    /// <summary>The failure is passed on to the candidate, by the officers of the level that has to, or by the platform when they are too late.</summary>
    public Refusal? Release(Decision? decision, ExamProgramme programme, DateTimeOffset now)
    {
        var what = decision is null ? LifeEvent.PassOver : LifeEvent.Release;
        if ((Illegal(what) ?? (decision is null ? null : NotThisFailure(decision))) is { } refusal) return refusal;
        Move(what, now, decision?.OfficerId, null, Returned!.Reasons);
        if (decision is null) Announce(new ReleaseOverdue(Id, CandidateId, Submitted, Returned.Stage, AreaPath, now));
        AwaitCorrection((ReturnToCandidate)programme.Stage(Returned.Stage).OnFail, programme, now);
        return null;
    }

    /// <summary>The candidate takes a failure for good to the level that the programme names, once.</summary>
    public Refusal? Appeal(ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.Appeal) is { } refusal) return refusal;
        var stage = programme.Stage(Returned!.Stage);
        if (stage.Appeal is not { } rule) return new("no-appeal", "This exam knows no appeal against this decision.");
        if (DeadlineAt is null) return new("appealed-already", "The appeal has been decided; there is no further one.");
        if (now >= DeadlineAt) return new("outside-window", $"An appeal was possible until {DeadlineAt:u}.");
        Move(LifeEvent.Appeal, now, CandidateId, stage.Code);
        AwaitNothing();
        Announce(new ApplicationAppealed(Id, CandidateId, Submitted, stage.Code, now));
        Tell(stage.Code, "appeal", rule.Decider, null, now);
        return null;
    }

    public Refusal? GrantAppeal(Decision decision, ExamProgramme programme, DateTimeOffset now) =>
        NotThisAppeal(decision, LifeEvent.PassStage) ?? Passed(decision, programme, now);

    public Refusal? DismissAppeal(Decision decision, IReadOnlyList<string> reasons, string remark, DateTimeOffset now)
    {
        if (NotThisAppeal(decision, LifeEvent.DismissAppeal) is { } refusal) return refusal;
        Move(LifeEvent.DismissAppeal, now, decision.OfficerId, null, reasons);
        Returned = new(decision.Stage, reasons, remark);
        AwaitNothing();
        Announce(new ApplicationRejected(Id, CandidateId, Submitted, decision.Stage, reasons, now));
        return null;
    }

    /// <summary>
    /// The bank has the money. Its payment time decides (G8): in time, the candidate is registered, even where the fee was closed before we learnt of it; too late,
    /// the deadline was missed and the money is refunded by the payment service.
    /// </summary>
    public Refusal? Pay(Guid feeId, long amountInFen, DateTimeOffset paidAt, DateTimeOffset now)
    {
        var what = Standing is Standing.Abandoned && AbandonedFor is AbandonCause.PaymentMissed ? LifeEvent.MatchBank : LifeEvent.Pay;
        if ((what is LifeEvent.MatchBank ? null : Illegal(what)) is { } refusal) return refusal;
        if (feeId != FeeId) return new("fee-replaced", "The payment is for a fee that is no longer this application's.");
        if (amountInFen != FeeInFen) return new("wrong-amount", $"The fee is {FeeInFen} fen, paid were {amountInFen}.");
        if (paidAt > FeeDueAt) return what is LifeEvent.Pay ? Abandon(LifeEvent.MissPayment, AbandonCause.PaymentMissed, null, now) : new("paid-too-late", "The bank took the money after the deadline.");
        Move(what, now, null, null);
        AbandonedFor = null;
        Complete(now);
        return null;
    }

    public Refusal? CloseFee(Guid feeId, DateTimeOffset now) =>
        Illegal(LifeEvent.MissPayment) ?? (feeId != FeeId ? new("fee-replaced", "The closed fee is no longer this application's.") : Abandon(LifeEvent.MissPayment, AbandonCause.PaymentMissed, null, now));

    public Refusal? GiveUp(ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.GiveUp) is { } refusal) return refusal;
        if (programme.Change.GiveUp is { } rule && programme.Session(SessionCode)!.Window(HandledIn, rule.Window) is var window && !window.IsOpen(now))
            return new("outside-window", $"It could be given up until {window.Until:u}; given up now, it could not be started again.");
        return Abandon(LifeEvent.GiveUp, AbandonCause.Candidate, CandidateId, now);
    }

    private Refusal? Abandon(LifeEvent what, AbandonCause cause, Guid? actor, DateTimeOffset now)
    {
        if (Illegal(what) is { } refusal) return refusal;
        Move(what, now, actor, null);
        AbandonedFor = cause;
        AwaitNothing();
        GiveBackPlace();
        Announce(new ApplicationAbandoned(Id, CandidateId, Submitted, Cause!, now, Trial));
        return null;
    }

    private void FallDue(PaymentRule payment, ExamProgramme programme, DateTimeOffset now)
    {
        Await(DeadlineTask.Pay, Due(payment.Window, programme, now), programme, now, lapses: false); // the payment service asks the bank first, then says PaymentClosed
        (FeeId, FeeInFen, FeeDueAt) = (Guid.CreateVersion7(), payment.Fee.Parts(programme, programme.SubjectsFor(Sent!.Answers)).Sum(p => p.AmountInFen), DeadlineAt);
        Announce(new FeeDue(Id, CandidateId, FeeId.Value, ProgrammeCode, SessionCode, AreaPath, FeeInFen.Value, FeeDueAt!.Value, now, Trial));
    }

    private void Complete(DateTimeOffset now)
    {
        AwaitNothing();
        Announce(new RegistrationCompleted(Id, CandidateId, ProgrammeCode, SessionCode, now, Trial));
    }

    private LifeEvent Sending => Standing is Standing.Submitted ? LifeEvent.Replace : AbandonedFor is AbandonCause.EntryUnanswered ? LifeEvent.MatchReply : LifeEvent.Submit;

    /// <summary>The first stage, or where a correction or a replacement goes on: what has been decided before and still holds is not decided again.</summary>
    private Stage StageToStartAt(ExamProgramme programme) =>
        Returned is not null ? programme.Stage(programme.Stage(Returned.Stage).OnFail is ReturnToCandidate rule ? rule.ResumeAt : Returned.Stage)
        : programme.Stage(Stage ?? programme.Stages[0].Code);

    private Refusal? Passed(Decision decision, ExamProgramme programme, DateTimeOffset now)
    {
        var next = programme.StageAfter(decision.Stage);
        var payment = programme.PolicyOf(programme.Session(SessionCode)!, HandledIn)?.Payment;
        var what = next is not null ? LifeEvent.PassStage : payment is not null ? LifeEvent.FallDue : LifeEvent.Complete;
        if (Illegal(what) is { } refusal) return refusal;
        Move(what, now, decision.OfficerId, next?.Code);
        Returned = null;
        Announce(new StagePassed(Id, CandidateId, Submitted, decision.Stage, now, Trial));
        if (next is not null) Open(next, programme, now);
        else if (payment is not null) FallDue(payment, programme, now);
        else Complete(now);
        return null;
    }

    private void AwaitCorrection(ReturnToCandidate rule, ExamProgramme programme, DateTimeOffset now)
    {
        Await(DeadlineTask.Correct, Due(rule.Window, programme, now), programme, now, lapses: true);
        Announce(new ReturnedForCorrection(Id, CandidateId, Submitted, Returned!.Stage, Returned.Reasons, DeadlineAt, now));
    }

    /// <summary>A decision counts only for the version and the stage it was made on.</summary>
    private Refusal? Outdated(Decision decision) => Replaced(decision)
        ?? (Standing is Standing.Submitted && decision.Stage != Stage ? new("wrong-stage", $"The application is at {Stage}, not at {decision.Stage}.") : null);

    private Refusal? NotThisFailure(Decision decision) => Replaced(decision) ?? (decision.Stage != Returned!.Stage ? new("wrong-stage", $"It failed at {Returned.Stage}, not at {decision.Stage}.") : null);

    private Refusal? NotThisAppeal(Decision decision, LifeEvent what) =>
        (Standing is not Standing.Appealed ? new Refusal("wrong-standing", $"{what} is not possible: the application is {Standing}.") : null) ?? Replaced(decision)
        ?? (decision.Stage != Stage ? new("wrong-stage", $"The appeal is against {Stage}, not against {decision.Stage}.") : null);

    private Refusal? Replaced(Decision decision) =>
        decision.Version != Submitted ? new("version-replaced", $"The decision was made on version {decision.Version}, which has been replaced by {Submitted}.") : null;

    private Refusal? Illegal(LifeEvent what) => Life.Transitions.ContainsKey((Standing, what)) ? null : new("wrong-standing", $"{what} is not possible: the application is {Standing}.");

    private void Move(LifeEvent what, DateTimeOffset now, Guid? actor, string? stage, IReadOnlyList<string>? reasons = null)
    {
        var to = Life.Transitions[(Standing, what)];
        History.Add(new() { At = now, ActorId = actor, Event = what, From = Standing, To = to, FromStage = Stage, ToStage = stage, VersionSeen = Submitted, Reasons = [.. reasons ?? []] });
        (Standing, Stage) = (to, stage);
        Changed(now);
    }

    /// <summary>Holds a place instead of the one held before, which the statement that took this one has given back, and moves to its base's area.</summary>
    private void Hold(Place? place, ExamProgramme programme)
    {
        if (place is null) return;
        var where = programme.Session(SessionCode)!.Base(place.Base)!;
        (Place, AreaCode, SiteCode) = (place, where.Area, where.Site);
    }

    private void GiveBackPlace()
    {
        if (Place is { } held) givenBack.Add(new(ProgrammeCode, SessionCode, held));
        Place = null;
    }

    private void Announce<T>(T message) where T : class => announcements.Add(db => db.Publish(Id, message));

    /// <summary>Puts what has been announced into the outbox; <see cref="ApplicationDb"/> does it in every SaveChanges.</summary>
    internal void TellTo(ServiceDb db)
    {
        announcements.ForEach(tell => tell(db));
        announcements.Clear();
    }

    /// <summary>The places it held and holds no more; <see cref="ApplicationDb"/> gives them back in the transaction of the same SaveChanges.</summary>
    internal IReadOnlyList<HeldPlace> TakeGivenBack()
    {
        HeldPlace[] taken = [.. givenBack];
        givenBack.Clear();
        return taken;
    }
}

/// <summary>An officer's decision, on the version and the stage it was made on.</summary>
public sealed record Decision(string Stage, int Version, Guid OfficerId);

/// <summary>Why an application came back: reason codes of the stage and the officer's free text.</summary>
public sealed record Return(string Stage, IReadOnlyList<string> Reasons, string Remark);

public enum AbandonCause { Candidate, ConfirmationMissed, CorrectionMissed, PaymentMissed, EntryUnanswered, EntryRefused, EntryReplaced }
