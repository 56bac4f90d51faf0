using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications;

// The transitions. Each asks Life what may follow what, writes a history row and announces what others must know in the same SaveChanges.
public sealed partial class Application
{
    private readonly List<Action<ServiceDb>> announcements = [];

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
        if (Illegal(LifeEvent.Submit) is { } refusal) return refusal;
        var registration = programme.Session(SessionCode)!.Window(AreaCode, WindowKind.Registration);
        var open = Submitted == 0 ? registration.IsOpen(now) : now < DeadlineAt; // a later version has the time its return or withdrawal gave it
        return open ? null : new("outside-window", Submitted == 0 ? $"Submission is open from {registration.From:u} until {registration.Until:u}." : $"The time to submit again ended at {DeadlineAt:u}.");
    }

    /// <summary>Sends in the next version and opens the stage it starts at.</summary>
    public Refusal? Submit(ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if (MaySubmit(programme, now) is { } refusal) return refusal;
        var stage = Returned is null ? programme.Stages[0] : programme.Stage(programme.Stage(Returned.Stage).OnFail is ReturnToCandidate rule ? rule.ResumeAt : Returned.Stage);
        Submissions.Add(Submission.Of(this, Submitted + 1, profile, now));
        Submitted++;
        Move(LifeEvent.Submit, now, CandidateId, stage.Code);
        Returned = null;
        Guid[] documents = [.. Documents.Values, .. PhotoId is { } photo ? [photo] : Array.Empty<Guid>()];
        Announce(new ApplicationSubmitted(Id, CandidateId, Submitted, ProgrammeCode, ProgrammeVersion, SessionCode, AreaPath, documents, now));
        Open(stage, programme, now);
        return null;
    }

    public Refusal? Withdraw(ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.Withdraw) is { } refusal) return refusal;
        if (programme.Change.Withdraw is not { } rule) return new("no-withdrawal", "This exam does not take submissions back; give the application up and start again.");
        if (!programme.NotAfter(Stage!, rule.UntilPassed)) return new("too-late-to-withdraw", $"It has passed '{programme.Stage(rule.UntilPassed).Title}' and can no longer be taken back.");
        var end = programme.Session(SessionCode)!.Window(AreaCode, rule.Window).Until;
        if (now >= end) return new("outside-window", $"Submissions could be taken back until {end:u}.");
        Move(LifeEvent.Withdraw, now, CandidateId, null);
        Await(DeadlineTask.Submit, end, programme, now, lapses: true);
        Announce(new ApplicationWithdrawn(Id, CandidateId, Submitted, now));
        return null;
    }

    public Refusal? Pass(Decision decision, ExamProgramme programme, DateTimeOffset now)
    {
        var next = programme.StageAfter(decision.Stage);
        var payment = programme.PolicyOf(programme.Session(SessionCode)!, AreaCode)?.Payment;
        var what = next is not null ? LifeEvent.PassStage : payment is not null ? LifeEvent.FallDue : LifeEvent.Complete;
        if ((Illegal(what) ?? Outdated(decision)) is { } refusal) return refusal;
        Move(what, now, decision.OfficerId, next?.Code);
        if (next is not null) Open(next, programme, now);
        else if (payment is not null) FallDue(payment, programme, now);
        else Complete(now);
        return null;
    }

    public Refusal? Fail(Decision decision, IReadOnlyList<string> reasons, string remark, ExamProgramme programme, DateTimeOffset now)
    {
        var back = programme.Stages.FirstOrDefault(s => s.Code == decision.Stage)?.OnFail as ReturnToCandidate;
        var what = back is null ? LifeEvent.Reject : LifeEvent.Return;
        if ((Illegal(what) ?? Outdated(decision)) is { } refusal) return refusal;
        Move(what, now, decision.OfficerId, null, reasons);
        Returned = new(decision.Stage, reasons, remark);
        if (back is null)
        {
            AwaitNothing();
            Announce(new ApplicationRejected(Id, CandidateId, Submitted, decision.Stage, reasons, now));
            return null;
        }
        Await(DeadlineTask.Correct, Due(back.Window, programme, now), programme, now, lapses: true);
        Announce(new ReturnedForCorrection(Id, CandidateId, Submitted, decision.Stage, reasons, DeadlineAt, now));
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

    public Refusal? GiveUp(DateTimeOffset now) => Abandon(LifeEvent.GiveUp, AbandonCause.Candidate, CandidateId, now);

    private Refusal? Abandon(LifeEvent what, AbandonCause cause, Guid? actor, DateTimeOffset now)
    {
        if (Illegal(what) is { } refusal) return refusal;
        Move(what, now, actor, null);
        AbandonedFor = cause;
        AwaitNothing();
        Announce(new ApplicationAbandoned(Id, CandidateId, Submitted, Cause!, now));
        return null;
    }

    private void FallDue(PaymentRule payment, ExamProgramme programme, DateTimeOffset now)
    {
        Await(DeadlineTask.Pay, Due(payment.Window, programme, now), programme, now, lapses: false); // the payment service asks the bank first, then says PaymentClosed
        (FeeId, FeeInFen, FeeDueAt) = (Guid.CreateVersion7(), payment.Fee.Parts(programme).Sum(p => p.AmountInFen), DeadlineAt);
        Announce(new FeeDue(Id, CandidateId, FeeId.Value, ProgrammeCode, SessionCode, AreaPath, FeeInFen.Value, FeeDueAt!.Value, now));
    }

    private void Complete(DateTimeOffset now)
    {
        AwaitNothing();
        Announce(new RegistrationCompleted(Id, CandidateId, ProgrammeCode, SessionCode, now));
    }

    /// <summary>A decision counts only for the version and the stage it was made on.</summary>
    private Refusal? Outdated(Decision decision) =>
        decision.Version != Submitted ? new("version-replaced", $"The decision was made on version {decision.Version}, which has been replaced by {Submitted}.")
        : decision.Stage != Stage ? new("wrong-stage", $"The application is at {Stage}, not at {decision.Stage}.") : null;

    private Refusal? Illegal(LifeEvent what) => Life.Transitions.ContainsKey((Standing, what)) ? null : new("wrong-standing", $"{what} is not possible: the application is {Standing}.");

    private void Move(LifeEvent what, DateTimeOffset now, Guid? actor, string? stage, IReadOnlyList<string>? reasons = null)
    {
        var to = Life.Transitions[(Standing, what)];
        History.Add(new() { At = now, ActorId = actor, Event = what, From = Standing, To = to, FromStage = Stage, ToStage = stage, VersionSeen = Submitted, Reasons = [.. reasons ?? []] });
        (Standing, Stage, ChangedAt) = (to, stage, now);
    }

    private void Announce<T>(T message) where T : class => announcements.Add(db => db.Publish(Id, message));

    /// <summary>Puts what has been announced into the outbox; <see cref="ApplicationDb"/> does it in every SaveChanges.</summary>
    internal void TellTo(ServiceDb db)
    {
        announcements.ForEach(tell => tell(db));
        announcements.Clear();
    }

}

/// <summary>An officer's decision, on the version and the stage it was made on.</summary>
public sealed record Decision(string Stage, int Version, Guid OfficerId);

/// <summary>Why an application came back: reason codes of the stage and the officer's free text.</summary>
public sealed record Return(string Stage, IReadOnlyList<string> Reasons, string Remark);

public enum AbandonCause { Candidate, ConfirmationMissed, CorrectionMissed, PaymentMissed }
