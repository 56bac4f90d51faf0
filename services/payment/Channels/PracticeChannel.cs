namespace ExamPlatform.Payments.Channels;

/// <summary>Paying as it is practised (试报名): pressing the button pays. There is no bank behind it; <see cref="Fee.Order"/> keeps it to the fees of practice, and those to it.</summary>
public sealed class PracticeChannel(TimeProvider clock) : IChannel
{
    public const string Kind = "practice";

    /// <summary>No address of a callback has an empty name.</summary>
    public string Name => "";

    public IReadOnlyList<string> Kinds => [Kind];

    public Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Task.FromResult<BankAnswer>(new BankAnswer.Paid(Kind, order.AmountInFen, clock.GetUtcNow()));
    }

    /// <summary>What was played as paid stays so. An order whose process died before the button's answer was never paid.</summary>
    public Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Task.FromResult<BankAnswer>(order.PaidAt is { } paidAt ? new BankAnswer.Paid(Kind, order.AmountInFen, paidAt) : new BankAnswer.Missing());
    }

    public Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken) => Task.FromResult<BankAnswer>(new BankAnswer.Closed());

    /// <summary>What was never paid is not given back.</summary>
    public Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => Task.FromResult<RefundAnswer>(new RefundAnswer.Refused(Kind));

    public Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => Task.FromResult<RefundAnswer>(new RefundAnswer.Refused(Kind));

    public Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken) => Task.FromResult<BillAnswer>(new BillAnswer.Told([], []));

    public CallbackReading Read(BankCallback callback) => new(Verdict.Forged, "There is no bank that could send it.");

    public IResult Answer(Verdict verdict) => Problems.NotFound();
}
