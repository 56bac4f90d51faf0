using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public sealed class PaymentReceivedConsumer(ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<PaymentReceivedConsumer> log) : Consumer<ApplicationDb, PaymentReceived>(db, log)
{
    protected override async Task<Refusal?> Handle(PaymentReceived message, CancellationToken cancellationToken)
    {
        if (await Db.Applications.SingleOrDefaultAsync(a => a.Id == message.ApplicationId, cancellationToken) is not { } application) return TakeDecisions.Unknown;
        if (await Db.Another(application, cancellationToken) is { } another) return another;
        await programmes.Of(application, cancellationToken); // the day it is due may have moved
        return application.Pay(message.FeeId, message.AmountInFen, message.PaidAt, clock.GetUtcNow());
    }
}

public sealed class PaymentClosedConsumer(ApplicationDb db, TimeProvider clock, ILogger<PaymentClosedConsumer> log) : Consumer<ApplicationDb, PaymentClosed>(db, log)
{
    protected override async Task<Refusal?> Handle(PaymentClosed message, CancellationToken cancellationToken) =>
        await Db.Applications.SingleOrDefaultAsync(a => a.Id == message.ApplicationId, cancellationToken) is { } application ? application.CloseFee(message.FeeId, clock.GetUtcNow()) : TakeDecisions.Unknown;
}
