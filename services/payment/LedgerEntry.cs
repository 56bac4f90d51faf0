namespace ExamPlatform.Payments;

/// <summary>Accounts of the ledger. Those of a bank are kept per channel.</summary>
public enum LedgerAccount
{
    /// <summary>What the bank holds for us.</summary>
    Bank,
    ExamFees,

    /// <summary>Money that paid for nothing, until it went back.</summary>
    OwedBack,

    /// <summary>What the bank keeps for its service.</summary>
    BankCharges,

    /// <summary>What the bank's bill says and our books do not, or the other way round.</summary>
    Differences,
}

/// <summary>
/// One line of the double-entry ledger. The lines of a posting sum to 0: the database refuses a posting that does not, and any change of a line. A posting is named by the event it is of,
/// so that no event is posted twice.
/// </summary>
/// <param name="Posting">The event: <c>paid:{order}</c>, <c>refunded:{refund}</c>, <c>charge:{number}</c>, …</param>
/// <param name="Line">1, 2, …</param>
/// <param name="Channel">The bank's name.</param>
/// <param name="AmountInFen">Debit above 0, credit below.</param>
/// <param name="Day">Of Beijing time, by the bank's clock.</param>
public sealed record LedgerEntry(string Posting, int Line, LedgerAccount Account, string Channel, long AmountInFen, DateOnly Day, DateTimeOffset PostedAt)
{
    /// <summary>Debits one account and credits another.</summary>
    public static IReadOnlyList<LedgerEntry> Post(string posting, string channel, LedgerAccount debit, LedgerAccount credit, long amountInFen, DateOnly day, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(amountInFen);
        return [new(posting, 1, debit, channel, amountInFen, day, now), new(posting, 2, credit, channel, -amountInFen, day, now)];
    }

    /// <summary>An order's money arrived; nothing where it did not, or had before.</summary>
    public static IReadOnlyList<LedgerEntry> OfPayment(PaymentOrder order, bool wasPaid, string channel, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(order);
        return !wasPaid && AccountOf(order.State) is { } to ? Post($"paid:{order.Id:N}:{order.TimesMatched}", channel, LedgerAccount.Bank, to, order.AmountInFen, BeijingDay.Of(order.PaidAt!.Value), now) : [];
    }

    /// <summary>The bank denies what it had told of an order: its posting is turned round, on the day it had.</summary>
    public static IReadOnlyList<LedgerEntry> OfDenial(PaymentOrder order, OrderState stood, DateTimeOffset paidAt, string channel, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Post($"denied:{order.Id:N}:{order.TimesMatched}", channel, AccountOf(stood)!.Value, LedgerAccount.Bank, order.AmountInFen, BeijingDay.Of(paidAt), now);
    }

    /// <summary>Money of an order went back.</summary>
    public static IReadOnlyList<LedgerEntry> OfRefund(Refund refund, PaymentOrder order, string channel, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(refund);
        ArgumentNullException.ThrowIfNull(order);
        return Post($"refunded:{refund.Id:N}", channel, AccountOf(order.State) ?? LedgerAccount.Differences, LedgerAccount.Bank, refund.AmountInFen, BeijingDay.Of(refund.DoneAt!.Value), now);
    }

    private static LedgerAccount? AccountOf(OrderState state) => state switch
    {
        OrderState.Paid => LedgerAccount.ExamFees,
        OrderState.Surplus => LedgerAccount.OwedBack,
        _ => null,
    };
}

/// <summary>Banks and their bills live by Beijing time.</summary>
public static class BeijingDay
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    /// <summary>The first moment of the day after, in UTC.</summary>
    public static DateTimeOffset EndOf(DateOnly day) => new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime();
}
