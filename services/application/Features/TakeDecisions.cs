using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

// What officers have decided. A decision on a version that has since been replaced is refused: it changes nothing.

public sealed class ConfirmedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ConfirmedConsumer> log) : Consumer<ApplicationDb, Confirmed>(db, log)
{
    protected override Task<Refusal?> Handle(Confirmed message, CancellationToken cancellationToken) =>
        Db.Pass(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), programmes, clock, cancellationToken);
}

public sealed class ReviewPassedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ReviewPassedConsumer> log) : Consumer<ApplicationDb, ReviewPassed>(db, log)
{
    protected override Task<Refusal?> Handle(ReviewPassed message, CancellationToken cancellationToken) =>
        Db.Pass(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), programmes, clock, cancellationToken);
}

public sealed class ConfirmationFailedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ConfirmationFailedConsumer> log) : Consumer<ApplicationDb, ConfirmationFailed>(db, log)
{
    protected override Task<Refusal?> Handle(ConfirmationFailed message, CancellationToken cancellationToken) =>
        Db.Fail(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.Reasons, message.Remark, programmes, clock, cancellationToken);
}

public sealed class ReviewFailedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<ReviewFailedConsumer> log) : Consumer<ApplicationDb, ReviewFailed>(db, log)
{
    protected override Task<Refusal?> Handle(ReviewFailed message, CancellationToken cancellationToken) =>
        Db.Fail(message.ApplicationId, new(message.Stage, message.Version, message.OfficerId), message.Reasons, message.Remark, programmes, clock, cancellationToken);
}

internal static class TakeDecisions
{
    public static readonly Refusal Unknown = new("application-unknown", "There is no such application.");

    public static async Task<Refusal?> Pass(this ApplicationDb db, Guid id, Decision decision, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        await db.Applications.SingleOrDefaultAsync(a => a.Id == id, ct) is { } application ? application.Pass(decision, await programmes.Of(application, ct), clock.GetUtcNow()) : Unknown;

    public static async Task<Refusal?> Fail(this ApplicationDb db, Guid id, Decision decision, IReadOnlyList<string> reasons, string remark, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        await db.Applications.SingleOrDefaultAsync(a => a.Id == id, ct) is { } application ? application.Fail(decision, reasons, remark, await programmes.Of(application, ct), clock.GetUtcNow()) : Unknown;
}
