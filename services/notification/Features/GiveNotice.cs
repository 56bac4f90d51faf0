using System.Diagnostics;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Makes a notice of a message, with a delivery in the inbox and by each channel of the first step of its route. Words and addresses come when it is delivered.</summary>
public abstract class GiveNotice<TMessage>(NotificationDb db, Routes routes, ILogger log) : Consumer<NotificationDb, TMessage>(db, log) where TMessage : class
{
    /// <summary>The notice, or why this message is none.</summary>
    protected abstract Task<(Notice? Notice, Refusal? Refusal)> NoticeOf(TMessage message, CancellationToken ct);

    protected override async Task<Refusal?> Handle(TMessage message, CancellationToken cancellationToken)
    {
        var (notice, refusal) = await NoticeOf(message, cancellationToken);
        if (notice is null) return refusal;
        if (notice.ApplicationId is { } application && await WasDiscarded(application, message, cancellationToken)) return KnownTrials.Discarded;
        if (await Db.Notices.AnyAsync(n => n.Event == notice.Event && n.Occurrence == notice.Occurrence, cancellationToken)) return null;
        routes.Begin(Db, notice);
        return null;
    }

    /// <summary>Whether it is about practice that was thrown away.</summary>
    protected async Task<bool> WasDiscarded(Guid application, TMessage message, CancellationToken ct)
    {
        var trial = message is ApplicationSubmitted { Trial: true } or StagePassed { Trial: true } or FeeDue { Trial: true } or RegistrationCompleted { Trial: true } or ApplicationAbandoned { Trial: true } or DeadlineNear { Trial: true } or WindowExtended { Trial: true }
            ? await Db.Trial(application, ct) : await Db.KnownTrials.FindAsync([application], ct);
        if (trial is not null) trial.Heard++;
        return trial is { Discarded: true };
    }

    /// <summary>A message that is a notice of itself, without a look at anything else.</summary>
    protected static Task<(Notice?, Refusal?)> Is(NoticeEvent of, string occurrence, Guid candidate, DateTimeOffset at, Guid? application = null, string? stage = null,
        IReadOnlyList<string>? reasons = null, int? submission = null, DateTimeOffset? dueAt = null, long? amountInFen = null, string? replyWord = null) => Task.FromResult<(Notice?, Refusal?)>((new Notice
        {
            Id = Guid.CreateVersion7(),
            CandidateId = candidate,
            Event = of,
            Occurrence = occurrence,
            ApplicationId = application,
            Stage = stage,
            Reasons = [.. reasons ?? []],
            Submission = submission,
            DueAt = dueAt,
            AmountInFen = amountInFen,
            ReplyWord = replyWord,
            At = at,
            TraceParent = Activity.Current?.Id,
        }, null));
}

public sealed class GiveWelcome(NotificationDb db, Routes routes, ILogger<GiveWelcome> log) : GiveNotice<CandidateRegistered>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(CandidateRegistered message, CancellationToken ct) =>
        Is(NoticeEvent.Welcome, $"{message.CandidateId}", message.CandidateId, message.At);
}

public sealed class GiveNoticeOfNewPassword(NotificationDb db, Routes routes, ILogger<GiveNoticeOfNewPassword> log) : GiveNotice<PasswordReplaced>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(PasswordReplaced message, CancellationToken ct) =>
        Is(NoticeEvent.PasswordReplaced, $"{message.CandidateId}/{message.At:O}", message.CandidateId, message.At);
}

public sealed class GiveNoticeOfSignInMeans(NotificationDb db, Routes routes, ILogger<GiveNoticeOfSignInMeans> log) : GiveNotice<SignInMeansChanged>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(SignInMeansChanged message, CancellationToken ct) =>
        Is(NoticeEvent.SignInMeansChanged, $"{message.CandidateId}/{message.At:O}", message.CandidateId, message.At);
}

public sealed class GiveNoticeOfCorrection(NotificationDb db, Routes routes, ILogger<GiveNoticeOfCorrection> log) : GiveNotice<IdentityCorrected>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(IdentityCorrected message, CancellationToken ct) =>
        Is(NoticeEvent.IdentityCorrected, $"{message.CandidateId}/{message.At:O}", message.CandidateId, message.At);
}

public sealed class GiveNoticeOfDeletion(NotificationDb db, Routes routes, ILogger<GiveNoticeOfDeletion> log) : GiveNotice<AccountDeletionAsked>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(AccountDeletionAsked message, CancellationToken ct) =>
        Is(NoticeEvent.AccountDeletionAsked, $"{message.CandidateId}/{message.At:O}", message.CandidateId, message.At);
}

/// <summary>Who passed has nothing to do, and is told nothing.</summary>
public sealed class GiveNoticeOfFailedCheck(NotificationDb db, Routes routes, ILogger<GiveNoticeOfFailedCheck> log) : GiveNotice<IdentityVerified>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(IdentityVerified message, CancellationToken ct) => message.Passed ? Task.FromResult<(Notice?, Refusal?)>((null, null))
        : Is(NoticeEvent.IdentityCheckFailed, $"{message.CandidateId}/{message.At:O}", message.CandidateId, message.At);
}

/// <summary>Only that there are digits to be sent.</summary>
public sealed class GiveSmsCode(NotificationDb db, Routes routes, ILogger<GiveSmsCode> log) : GiveNotice<SmsCodeIssued>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(SmsCodeIssued message, CancellationToken ct) => Is(NoticeEvent.SmsCode, $"{message.CodeId}", Guid.Empty, message.At);
}

public sealed class GiveNoticeOfSubmission(NotificationDb db, Routes routes, ILogger<GiveNoticeOfSubmission> log) : GiveNotice<ApplicationSubmitted>(db, routes, log)
{
    protected override async Task<(Notice?, Refusal?)> NoticeOf(ApplicationSubmitted message, CancellationToken ct)
    {
        // two versions can arrive side by side after a pause; the higher one stays, in whichever order
        await Db.Database.ExecuteSqlAsync($"""
            insert into known_applications as k (application_id, candidate_id, programme_code, area_path, version)
            values ({message.ApplicationId}, {message.CandidateId}, {message.ProgrammeCode}, {message.AreaPath}, {message.Version})
            on conflict (application_id) do update set version = greatest(k.version, excluded.version), area_path = case when excluded.version >= k.version then excluded.area_path else k.area_path end
            """, ct);
        if (await WasDiscarded(message.ApplicationId, message, ct)) await Db.KnownApplications.Where(a => a.ApplicationId == message.ApplicationId).ExecuteDeleteAsync(ct);
        return await Is(NoticeEvent.Submitted, $"{message.ApplicationId}/{message.Version}", message.CandidateId, message.At, message.ApplicationId, submission: message.Version);
    }
}

public sealed class GiveNoticeOfPassedStage(NotificationDb db, Routes routes, ILogger<GiveNoticeOfPassedStage> log) : GiveNotice<StagePassed>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(StagePassed message, CancellationToken ct) =>
        Is(NoticeEvent.StagePassed, $"{message.ApplicationId}/{message.Version}/{message.Stage}/{message.At:O}", message.CandidateId, message.At, message.ApplicationId, message.Stage);
}

public sealed class GiveNoticeOfReturn(NotificationDb db, Routes routes, ILogger<GiveNoticeOfReturn> log) : GiveNotice<ReturnedForCorrection>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(ReturnedForCorrection message, CancellationToken ct) =>
        Is(NoticeEvent.ReturnedForCorrection, $"{message.ApplicationId}/{message.Version}/{message.Stage}", message.CandidateId, message.At, message.ApplicationId, message.Stage, message.Reasons, dueAt: message.DueAt);
}

public sealed class GiveNoticeOfRejection(NotificationDb db, Routes routes, ILogger<GiveNoticeOfRejection> log) : GiveNotice<ApplicationRejected>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(ApplicationRejected message, CancellationToken ct) =>
        Is(NoticeEvent.Rejected, $"{message.ApplicationId}/{message.Version}/{message.At:O}", message.CandidateId, message.At, message.ApplicationId, message.Stage, message.Reasons);
}

public sealed class GiveNoticeOfWithdrawal(NotificationDb db, Routes routes, ILogger<GiveNoticeOfWithdrawal> log) : GiveNotice<ApplicationWithdrawn>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(ApplicationWithdrawn message, CancellationToken ct) =>
        Is(NoticeEvent.Withdrawn, $"{message.ApplicationId}/{message.Version}", message.CandidateId, message.At, message.ApplicationId, dueAt: message.DueAt);
}

public sealed class GiveNoticeOfAbandonment(NotificationDb db, Routes routes, ILogger<GiveNoticeOfAbandonment> log) : GiveNotice<ApplicationAbandoned>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(ApplicationAbandoned message, CancellationToken ct)
    {
        if (message.Cause == "entry-replaced") return Task.FromResult<(Notice?, Refusal?)>(default); // the new entry's own notice says all there is to say
        var of = message.Cause switch
        {
            "candidate" => NoticeEvent.Abandoned,
            "confirmation-missed" => NoticeEvent.ConfirmationMissed,
            "correction-missed" => NoticeEvent.CorrectionMissed,
            "payment-missed" => NoticeEvent.PaymentMissed,
            "entry-unanswered" or "entry-refused" => NoticeEvent.CounterEntryVoid,
            _ => throw new InvalidOperationException($"No notice has words for the cause '{message.Cause}'."),
        };
        return Is(of, $"{message.ApplicationId}/{message.Version}", message.CandidateId, message.At, message.ApplicationId);
    }
}

public sealed class GiveNoticeOfFee(NotificationDb db, Routes routes, ILogger<GiveNoticeOfFee> log) : GiveNotice<FeeDue>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(FeeDue message, CancellationToken ct) =>
        Is(NoticeEvent.FeeDue, $"{message.FeeId}", message.CandidateId, message.At, message.ApplicationId, dueAt: message.DueAt, amountInFen: message.AmountInFen);
}

public sealed class GiveNoticeOfPayment(NotificationDb db, Routes routes, ILogger<GiveNoticeOfPayment> log) : GiveNotice<PaymentReceived>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(PaymentReceived message, CancellationToken ct) =>
        Is(NoticeEvent.PaymentReceived, $"{message.OrderId}", message.CandidateId, message.At, message.ApplicationId, amountInFen: message.AmountInFen);
}

public sealed class GiveNoticeOfRefund(NotificationDb db, Routes routes, ILogger<GiveNoticeOfRefund> log) : GiveNotice<RefundCompleted>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(RefundCompleted message, CancellationToken ct) =>
        Is(NoticeEvent.Refunded, $"{message.RefundId}", message.CandidateId, message.At, message.ApplicationId, amountInFen: message.AmountInFen);
}

public sealed class GiveNoticeOfRegistration(NotificationDb db, Routes routes, ILogger<GiveNoticeOfRegistration> log) : GiveNotice<RegistrationCompleted>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(RegistrationCompleted message, CancellationToken ct) =>
        Is(NoticeEvent.Registered, $"{message.ApplicationId}", message.CandidateId, message.At, message.ApplicationId);
}

public sealed class GiveNoticeOfDeadline(NotificationDb db, Routes routes, ILogger<GiveNoticeOfDeadline> log) : GiveNotice<DeadlineNear>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(DeadlineNear message, CancellationToken ct)
    {
        var of = message.Task switch
        {
            "submit" => NoticeEvent.SubmitSoon,
            "correct" => NoticeEvent.CorrectSoon,
            "confirm" => NoticeEvent.ConfirmSoon,
            "pay" => NoticeEvent.PaySoon,
            "appeal" => NoticeEvent.AppealSoon,
            _ => throw new InvalidOperationException($"No notice has words for the task '{message.Task}'."),
        };
        return Is(of, $"{message.ApplicationId}/{message.DueAt:O}", message.CandidateId, message.At, message.ApplicationId, dueAt: message.DueAt);
    }
}

public sealed class GiveNoticeOfCounterEntry(NotificationDb db, Routes routes, ILogger<GiveNoticeOfCounterEntry> log) : GiveNotice<CounterEntryMade>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(CounterEntryMade message, CancellationToken ct) =>
        Is(NoticeEvent.CounterEntryMade, $"{message.ApplicationId}/{message.Word}/{message.ExpiresAt:O}", message.CandidateId, message.At, message.ApplicationId, dueAt: message.ExpiresAt, replyWord: message.Word);
}

/// <summary>However many outages led to it, a new deadline is told once.</summary>
public sealed class GiveNoticeOfExtension(NotificationDb db, Routes routes, ILogger<GiveNoticeOfExtension> log) : GiveNotice<WindowExtended>(db, routes, log)
{
    protected override Task<(Notice?, Refusal?)> NoticeOf(WindowExtended message, CancellationToken ct) =>
        Is(NoticeEvent.WindowExtended, $"{message.ApplicationId}/{message.DueAt:O}", message.CandidateId, message.At, message.ApplicationId, dueAt: message.DueAt);
}
