using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>An application that is given up, rejected or returned owes nothing: its fee is void once the bank has closed what is open.</summary>
public abstract class LetFeeGo<TMessage>(PaymentDb db, TimeProvider clock, ILogger log) : Consumer<PaymentDb, TMessage>(db, log) where TMessage : class
{
    /// <param name="at">Fees that fell due after it belong to a later submission and stay.</param>
    protected async Task<Refusal?> Leave(Guid applicationId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var until = at.ToUniversalTime();
        foreach (var fee in await Db.Fees.Include(f => f.Orders).Where(f => f.ApplicationId == applicationId && f.State == FeeState.Due && f.FellDueAt <= until).ToListAsync(cancellationToken))
            if (fee.Leave(clock.GetUtcNow()) is { } refusal) return refusal;
        return null;
    }
}

public sealed class LetFeeGoOnWithdrawal(PaymentDb db, TimeProvider clock, ILogger<LetFeeGoOnWithdrawal> log) : LetFeeGo<ApplicationWithdrawn>(db, clock, log)
{
    protected override Task<Refusal?> Handle(ApplicationWithdrawn message, CancellationToken cancellationToken) => Leave(message.ApplicationId, message.At, cancellationToken);
}

public sealed class LetFeeGoOnAbandonment(PaymentDb db, TimeProvider clock, ILogger<LetFeeGoOnAbandonment> log) : LetFeeGo<ApplicationAbandoned>(db, clock, log)
{
    protected override Task<Refusal?> Handle(ApplicationAbandoned message, CancellationToken cancellationToken) => Leave(message.ApplicationId, message.At, cancellationToken);
}

public sealed class LetFeeGoOnRejection(PaymentDb db, TimeProvider clock, ILogger<LetFeeGoOnRejection> log) : LetFeeGo<ApplicationRejected>(db, clock, log)
{
    protected override Task<Refusal?> Handle(ApplicationRejected message, CancellationToken cancellationToken) => Leave(message.ApplicationId, message.At, cancellationToken);
}

public sealed class LetFeeGoOnReturn(PaymentDb db, TimeProvider clock, ILogger<LetFeeGoOnReturn> log) : LetFeeGo<ReturnedForCorrection>(db, clock, log)
{
    protected override Task<Refusal?> Handle(ReturnedForCorrection message, CancellationToken cancellationToken) => Leave(message.ApplicationId, message.At, cancellationToken);
}
