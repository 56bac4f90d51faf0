using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>The payment window was extended: the fee can be paid longer.</summary>
public sealed class MoveFee(PaymentDb db, TimeProvider clock, ILogger<MoveFee> log) : Consumer<PaymentDb, FeeDueMoved>(db, log)
{
    protected override async Task<Refusal?> Handle(FeeDueMoved message, CancellationToken cancellationToken)
    {
        // that it fell due comes by another queue: until it is here the message is tried again
        var fee = await Db.Fees.SingleOrDefaultAsync(f => f.Id == message.FeeId, cancellationToken) ?? throw new TimeoutException($"Fee {message.FeeId} is not known yet.");
        return fee.MoveDue(message.DueAt, clock.GetUtcNow());
    }
}
