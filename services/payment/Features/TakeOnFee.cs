using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>A fee falls due once, however often it is told.</summary>
public sealed class TakeOnFee(PaymentDb db, ILogger<TakeOnFee> log) : Consumer<PaymentDb, FeeDue>(db, log)
{
    protected override async Task<Refusal?> Handle(FeeDue message, CancellationToken cancellationToken)
    {
        if (message.Trial && (await Db.Trial(message.ApplicationId, cancellationToken)).Discarded) return KnownTrials.Discarded;
        if (await Db.Fees.AnyAsync(f => f.Id == message.FeeId, cancellationToken)) return new("fee-known", "This fee fell due before.");
        Db.Fees.Add(Fee.FallDue(message.FeeId, message.ApplicationId, message.CandidateId, message.ProgrammeCode, message.SessionCode,
            message.AreaPath, message.AmountInFen, message.DueAt, message.At, message.Trial));
        return null;
    }
}
