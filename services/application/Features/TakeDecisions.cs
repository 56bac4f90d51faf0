using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

// What officers have decided. A decision on a version that has since been replaced is refused: it changes nothing.

public sealed class ConfirmedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ConfirmedConsumer> log) : Consumer<ApplicationDb, Confirmed>(db, log)
{
    protected override Task<Refusal?> Handle(Confirmed message, CancellationToken cancellationToken) =>
        Db.Pass(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.At, programmes, clock, cancellationToken);
}

public sealed class ReviewPassedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ReviewPassedConsumer> log) : Consumer<ApplicationDb, ReviewPassed>(db, log)
{
    protected override Task<Refusal?> Handle(ReviewPassed message, CancellationToken cancellationToken) =>
        Db.Pass(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.At, programmes, clock, cancellationToken);
}

public sealed class ConfirmationFailedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ConfirmationFailedConsumer> log) : Consumer<ApplicationDb, ConfirmationFailed>(db, log)
{
    protected override Task<Refusal?> Handle(ConfirmationFailed message, CancellationToken cancellationToken) =>
        Db.Fail(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.At, message.Reasons, message.Remark, programmes, clock, cancellationToken);
}

public sealed class ReviewFailedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ReviewFailedConsumer> log) : Consumer<ApplicationDb, ReviewFailed>(db, log)
{
    protected override Task<Refusal?> Handle(ReviewFailed message, CancellationToken cancellationToken) =>
        Db.Fail(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.At, message.Reasons, message.Remark, programmes, clock, cancellationToken);
}

public sealed class ApplicationAcceptedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ApplicationAcceptedConsumer> log) : Consumer<ApplicationDb, ApplicationAccepted>(db, log)
{
    protected override Task<Refusal?> Handle(ApplicationAccepted message, CancellationToken cancellationToken) =>
        Db.Pass(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.At, programmes, clock, cancellationToken);
}

public sealed class SentBackConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<SentBackConsumer> log) : Consumer<ApplicationDb, SentBack>(db, log)
{
    protected override Task<Refusal?> Handle(SentBack message, CancellationToken cancellationToken) => Db.Decide(message.ApplicationId, programmes,
        (application, programme) => application.StepBack(new(message.Stage, message.Version, message.OfficerId), programme, clock.GetUtcNow()), cancellationToken);
}

public sealed class FailureReleasedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<FailureReleasedConsumer> log) : Consumer<ApplicationDb, FailureReleased>(db, log)
{
    protected override Task<Refusal?> Handle(FailureReleased message, CancellationToken cancellationToken) => Db.Decide(message.ApplicationId, programmes,
        (application, programme) => application.Release(new(message.Stage, message.Version, message.OfficerId), programme, clock.GetUtcNow()), cancellationToken);
}

public sealed class AppealGrantedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<AppealGrantedConsumer> log) : Consumer<ApplicationDb, AppealGranted>(db, log)
{
    protected override Task<Refusal?> Handle(AppealGranted message, CancellationToken cancellationToken) => Db.Decide(message.ApplicationId, programmes,
        (application, programme) => application.GrantAppeal(new(message.Stage, message.Version, message.OfficerId), programme, clock.GetUtcNow()), cancellationToken);
}

public sealed class AppealDismissedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<AppealDismissedConsumer> log) : Consumer<ApplicationDb, AppealDismissed>(db, log)
{
    protected override Task<Refusal?> Handle(AppealDismissed message, CancellationToken cancellationToken) => Db.Decide(message.ApplicationId, programmes,
        (application, _) => application.DismissAppeal(new(message.Stage, message.Version, message.OfficerId), message.Reasons, message.Remark, clock.GetUtcNow()), cancellationToken);
}

public sealed class PaperTickedConsumer(ApplicationDb db, Programmes programmes, ILogger<PaperTickedConsumer> log) : Consumer<ApplicationDb, PaperTicked>(db, log)
{
    protected override Task<Refusal?> Handle(PaperTicked message, CancellationToken cancellationToken) => Db.Decide(message.ApplicationId, programmes, (application, programme) =>
    {
        if ((programme.Papers ?? []).All(p => p.Code != message.Paper)) return new("unknown-paper", "This exam asks for no such paper.");
        application.TickPaper(message.Paper, new(message.Arrived, message.At));
        return null;
    }, cancellationToken);
}

internal static class TakeDecisions
{
    public static readonly Refusal Unknown = new("application-unknown", "There is no such application.");

    public static Task<Refusal?> Pass(this ApplicationDb db, Guid id, Decision decision, DateTimeOffset decidedAt, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        db.Take(id, decision, decidedAt, (application, programme, now) => application.Pass(decision, programme, now), programmes, clock, ct);

    public static Task<Refusal?> Fail(this ApplicationDb db, Guid id, Decision decision, DateTimeOffset decidedAt, IReadOnlyList<string> reasons, string remark, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        db.Take(id, decision, decidedAt, (application, programme, now) => application.Fail(decision, reasons, remark, programme, now), programmes, clock, ct);

    /// <summary>A decision that was made in time is taken in as if it had come in time.</summary>
    private static async Task<Refusal?> Take(this ApplicationDb db, Guid id, Decision decision, DateTimeOffset decidedAt, Func<Application, ExamProgramme, DateTimeOffset, Refusal?> decide, Programmes programmes,
        TimeProvider clock, CancellationToken ct)
    {
        if (await db.Applications.SingleOrDefaultAsync(a => a.Id == id, ct) is not { } application) return Unknown;
        var (programme, now) = (await programmes.Of(application, ct), clock.GetUtcNow());
        return await db.Another(application, ct) ?? application.MatchDecision(decision, decidedAt, now) ?? decide(application, programme, now);
    }

    public static async Task<Refusal?> Decide(this ApplicationDb db, Guid id, Programmes programmes, Func<Application, ExamProgramme, Refusal?> decide, CancellationToken ct) =>
        await db.Applications.SingleOrDefaultAsync(a => a.Id == id, ct) is { } application ? decide(application, await programmes.Of(application, ct)) : Unknown;
}
