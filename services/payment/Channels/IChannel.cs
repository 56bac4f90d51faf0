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

    /// <summary>How long an order of this kind can be paid at most. Where the bank can close none, this is how long the payer waits for another way.</summary>
    TimeSpan LongestOrder(string kind) => Fee.LongestOrder;

    /// <summary>Opens the order at the bank. Asking again with the same order is harmless. Answers Accepted, Refused, Closed, Paid or Silent.</summary>
    Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken);

    /// <summary>Answers Unpaid, Paid, Closed, Missing or Silent. Where the payer makes the order at the bank, one that is not there yet is Unpaid until its end.</summary>
    Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Closes the order at the bank for good. Answers Closed, Paid, Missing or Silent; where the bank can close none, Unpaid until its end.</summary>
    Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Gives money of a paid order back. Asking again with the same number is harmless. Answers Pending, Done, Refused or Silent.</summary>
    Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken);

    /// <summary>Answers Pending, Done, Abnormal, Refused, Missing or Silent.</summary>
    Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken);

    /// <summary>All that the bank says was paid and given back on a day of Beijing time. Answers Told, NotReady or Silent.</summary>
    Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken);

    /// <summary>Verifies and opens a callback that was stored. Changes nothing.</summary>
    CallbackReading Read(BankCallback callback);

    /// <summary>The answer in the bank's own words and statuses.</summary>
    IResult Answer(Verdict verdict);
}

/// <summary>What a bank says about an order.</summary>
public abstract record BankAnswer
{
    /// <summary>Open at the bank; the payer goes on with the handle.</summary>
    public sealed record Accepted(PayHandle Handle) : BankAnswer;

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

/// <summary>Who pays, as far as a bank wants to know.</summary>
/// <param name="OpenId">The candidate at the bank's own platform, where they have bound it and the kind asks for it.</param>
/// <param name="Address">The IP address the order was asked from.</param>
public sealed record Payer(string? OpenId, string? Address);

/// <summary>What the payer goes on with: a text to be scanned as a QR code, an address to go to, a form to be posted there, or words for the bridge of the client that pays (WeixinJSBridge, wx.requestPayment).</summary>
/// <param name="Kind"><c>code</c>, <c>address</c>, <c>form</c> or <c>bridge</c>.</param>
/// <param name="Value">The text or the address; empty for a bridge.</param>
/// <param name="Fields">Of a form and of a bridge.</param>
public sealed record PayHandle(string Kind, string Value, IReadOnlyDictionary<string, string>? Fields = null)
{
    public static PayHandle Code(string text) => new("code", text);
}

/// <param name="Number">Our number of the refund at the bank (out_refund_no): the same for every try, or the money would go back twice.</param>
/// <param name="Reason">Shown to the payer by the bank; at most 80 bytes of UTF-8.</param>
public sealed record RefundTerms(string Number, long AmountInFen, string Reason);

/// <summary>What a bank says about giving money back.</summary>
public abstract record RefundAnswer
{
    /// <summary>Taken on; not back yet.</summary>
    public sealed record Pending : RefundAnswer;

    /// <param name="At">The bank's time, UTC.</param>
    public sealed record Done(string RefundId, long AmountInFen, DateTimeOffset At) : RefundAnswer;

    /// <summary>It could not go back the way it came; a person has to look (ABNORMAL).</summary>
    public sealed record Abnormal(string Code) : RefundAnswer;

    /// <summary>The bank knows of no such refund.</summary>
    public sealed record Missing : RefundAnswer;

    /// <summary>The bank will not do it, and did not.</summary>
    public sealed record Refused(string Code) : RefundAnswer;

    /// <summary>Nothing that can be trusted came back.</summary>
    public sealed record Silent(string Reason) : RefundAnswer;
}

/// <summary>What a bank's bill of a day says.</summary>
public abstract record BillAnswer
{
    /// <param name="Raw">The bill as it came, unpacked: kept as evidence.</param>
    public sealed record Told(IReadOnlyList<BillLine> Lines, byte[] Raw) : BillAnswer;

    /// <summary>Not made yet; banks make it on the next morning.</summary>
    public sealed record NotReady : BillAnswer;

    public sealed record Silent(string Reason) : BillAnswer;
}

/// <summary>One payment or refund of a bill. Amounts are never negative.</summary>
/// <param name="Number">Our number of the order.</param>
/// <param name="RefundNumber">Ours too; null where it is a payment.</param>
/// <param name="TransactionId">The bank's number of the payment.</param>
/// <param name="ChargeInFen">What the bank keeps of a payment, or gives back of it with a refund.</param>
/// <param name="At">The bank's time, UTC.</param>
public sealed record BillLine(string Number, string? RefundNumber, string TransactionId, long AmountInFen, long ChargeInFen, DateTimeOffset At);

/// <summary>What a callback says, once verified.</summary>
/// <param name="Refused">Why it must not be believed; null when it is the bank's own.</param>
/// <param name="EventId">The bank's id of the event: the same however often it is sent.</param>
/// <param name="Number">Our number of the order.</param>
/// <param name="Answer">Null when the event says nothing about an order's payment.</param>
/// <param name="RefundNumber">Our number of the refund, where the event is about one.</param>
/// <param name="Refunded">What the event says about that refund.</param>
public sealed record CallbackReading(Verdict? Refused, string Reason, string? EventId = null, string? Number = null, BankAnswer? Answer = null, string? RefundNumber = null, RefundAnswer? Refunded = null);
