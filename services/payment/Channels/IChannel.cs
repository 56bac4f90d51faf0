namespace ExamPlatform.Payments.Channels;

/// <summary>
/// A bank. A new one is a folder beside this file that implements this border, and one registration line in Program.cs.
/// What an implementation cannot verify as the bank's own words is <see cref="BankAnswer.Silent"/>, never an exception.
/// </summary>
public interface IChannel
{
    /// <summary>The bank's name in <c>/callbacks/{name}</c>.</summary>
    string Name { get; }

    /// <summary>The ways of paying it offers, as the programmes name them: <c>wechat-native</c>, …</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Opens the order at the bank. Asking again with the same order is harmless. Answers Accepted, Refused, Closed, Paid or Silent.</summary>
    Task<BankAnswer> Open(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Answers Unpaid, Paid, Closed, Missing or Silent.</summary>
    Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Closes the order at the bank for good. Answers Closed, Paid, Missing or Silent.</summary>
    Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Verifies and opens a callback that was stored. Changes nothing.</summary>
    CallbackReading Read(BankCallback callback);

    /// <summary>The answer in the bank's own words and statuses.</summary>
    IResult Answer(Verdict verdict);
}

/// <summary>What a bank says about an order.</summary>
public abstract record BankAnswer
{
    /// <summary>Open at the bank; <paramref name="CodeUrl"/> is what the payer scans.</summary>
    public sealed record Accepted(string CodeUrl) : BankAnswer;

    /// <summary>The bank has it and it is not paid.</summary>
    public sealed record Unpaid : BankAnswer;

    /// <param name="PaidAt">The bank's payment time, UTC.</param>
    public sealed record Paid(string TransactionId, long AmountInFen, DateTimeOffset PaidAt) : BankAnswer;

    public sealed record Closed : BankAnswer;

    /// <summary>The bank knows of no such order.</summary>
    public sealed record Missing : BankAnswer;

    /// <summary>The bank will not have it; <paramref name="Code"/> is its reason.</summary>
    public sealed record Refused(string Code) : BankAnswer;

    /// <summary>Nothing that can be trusted came back.</summary>
    public sealed record Silent(string Reason) : BankAnswer;
}

/// <summary>What a callback says, once verified.</summary>
/// <param name="Refused">Why it must not be believed; null when it is the bank's own.</param>
/// <param name="EventId">The bank's id of the event: the same however often it is sent.</param>
/// <param name="Number">Our number of the order.</param>
/// <param name="Answer">Null when the event says nothing about an order's payment.</param>
public sealed record CallbackReading(Verdict? Refused, string Reason, string? EventId = null, string? Number = null, BankAnswer? Answer = null);
