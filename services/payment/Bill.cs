namespace ExamPlatform.Payments;

public enum BillState
{
    /// <summary>To be asked for, or asked for again.</summary>
    Waiting,
    Reconciled,
}

/// <summary>A bank's bill of one day: asked for from 10:00 of the next morning on, until it is there; kept as it came.</summary>
public sealed class Bill
{
    /// <summary>Beijing time; banks make their bills in the early morning.</summary>
    public static readonly TimeSpan ReadyAt = TimeSpan.FromHours(10);

    /// <summary>From here on somebody has to look why there is none.</summary>
    public const int TimesAskedInVain = 8;

    private static readonly IReadOnlyList<TimeSpan> AskAgain = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    /// <summary>The bank's name.</summary>
    public required string Channel { get; init; }

    /// <summary>Of Beijing time.</summary>
    public required DateOnly Day { get; init; }
    public BillState State { get; private set; }
    public DateTimeOffset TryAt { get; private set; }
    public int TimesAsked { get; private set; }
    public DateTimeOffset? ReconciledAt { get; private set; }

    /// <summary>Why the last try brought nothing.</summary>
    public string? LastError { get; private set; }

    /// <summary>The bill as it came, gzip under a seal: banks put their own names of payers into it.</summary>
    public byte[]? Sealed { get; private set; }
    public int Payments { get; private set; }
    public long PaidInFen { get; private set; }
    public int Refunds { get; private set; }
    public long RefundedInFen { get; private set; }
    public long ChargesInFen { get; private set; }
    public uint Version { get; init; }

    /// <summary>The place its seal is bound to.</summary>
    public static string Place(string channel, DateOnly day) => $"bills.sealed/{channel}/{day:yyyy-MM-dd}";

    /// <summary>The moment from which the bill of a day can be asked for.</summary>
    public static DateTimeOffset AskableFrom(DateOnly day) => BeijingDay.EndOf(day) + ReadyAt;

    /// <summary>Takes its turn to be asked for, so that no other replica does, and sets the next try.</summary>
    public void TakeTurn(DateTimeOffset now) => TryAt = now + AskAgain[Math.Min(TimesAsked++, AskAgain.Count - 1)];

    public void Miss(string why) => LastError = why;

    public Refusal? Keep(IReadOnlyList<Channels.BillLine> lines, byte[] raw, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (State == BillState.Reconciled) return new("bill-reconciled", $"The bill of {Day:O} was reconciled at {ReconciledAt:u}.");
        foreach (var line in lines)
        {
            if (line.RefundNumber is null) (Payments, PaidInFen, ChargesInFen) = (Payments + 1, PaidInFen + line.AmountInFen, ChargesInFen + line.ChargeInFen);
            else (Refunds, RefundedInFen, ChargesInFen) = (Refunds + 1, RefundedInFen + line.AmountInFen, ChargesInFen - line.ChargeInFen);
        }
        (State, Sealed, ReconciledAt, LastError) = (BillState.Reconciled, raw, now, null);
        return null;
    }
}
