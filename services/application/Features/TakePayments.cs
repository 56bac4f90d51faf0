using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public sealed class PaymentReceivedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<PaymentReceivedConsumer> log) : Consumer<ApplicationDb, PaymentReceived>(db, log)
{
    protected override async Task<Refusal?> Handle(PaymentReceived message, CancellationToken cancellationToken)
    {
        if (await Db.Applications.SingleOrDefaultAsync(a => a.Id == message.ApplicationId, cancellationToken) is not { } application) return TakeDecisions.Unknown;
        // an abandoned one may come back to life, but never beside another that has been started since
        if (!application.Standing.IsLive() && await Db.LiveId(application.CandidateId, application.ProgrammeCode, application.SessionCode, cancellationToken) is not null)
            return new("another-application", "Another application of the same person is live in this session.");
        await programmes.Of(application, cancellationToken); // the day it is due may have moved
        return application.Pay(message.FeeId, message.AmountInFen, message.PaidAt, clock.GetUtcNow());
    }
}

public sealed class PaymentClosedConsumer(ApplicationDb db, TimeProvider clock, ILogger<PaymentClosedConsumer> log) : Consumer<ApplicationDb, PaymentClosed>(db, log)
{
    protected override async Task<Refusal?> Handle(PaymentClosed message, CancellationToken cancellationToken) =>
        await Db.Applications.SingleOrDefaultAsync(a => a.Id == message.ApplicationId, cancellationToken) is { } application ? application.CloseFee(message.FeeId, clock.GetUtcNow()) : TakeDecisions.Unknown;
}
