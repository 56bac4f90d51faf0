namespace ExamPlatform.Payments;

public enum DifferenceCause
{
    /// <summary>The bill names an order or refund that we never made.</summary>
    UnknownNumber,

    /// <summary>The bill says it happened; our books, and the bank when asked, do not.</summary>
    NotHere,

    /// <summary>Both have it, with other amounts.</summary>
    AmountDiffers,

    /// <summary>Our books have it; no bill does.</summary>
    NotInBill,

    /// <summary>The bank bills once more what it had billed before.</summary>
    BilledTwice,
}

public enum DifferenceState
{
    /// <summary>It may be a matter of time: the next day's bill is looked at first.</summary>
    Waiting,
    Open,
    Settled,
}

/// <summary>Where a bank's bill and our books do not agree about one payment or refund.</summary>
public sealed class BillDifference
{
    public required Guid Id { get; init; }
    public required string Channel { get; init; }

    /// <summary>Of the bill that shows it, or that lacks it.</summary>
    public required DateOnly Day { get; init; }
    public required DifferenceCause Cause { get; init; }

    /// <summary>Of the order; ours, unless the cause is an unknown number.</summary>
    public required string Number { get; init; }

    /// <summary>Null where it is about a payment.</summary>
    public string? RefundNumber { get; init; }
    public Guid? OrderId { get; init; }
    public required long BilledInFen { get; init; }
    public required long BookedInFen { get; init; }
    public required DateTimeOffset FoundAt { get; init; }
    public DifferenceState State { get; private set; }
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>The officer; null where it settled by itself.</summary>
    public Guid? SettledBy { get; private set; }
    public string? Note { get; private set; }

    /// <summary>Whether the ledger holds it in the account of differences.</summary>
    public bool Posted { get; private set; }
    public uint Version { get; init; }

    /// <summary>What the bank holds more than our books say, in fen; below 0 where it holds less.</summary>
    public long MoreInFen => (BilledInFen - BookedInFen) * (RefundNumber is null ? 1 : -1);

    /// <summary>It is no matter of time: somebody has to look. The ledger takes what the bank says into the account of differences.</summary>
    public IReadOnlyList<LedgerEntry> Open(DateTimeOffset now)
    {
        if (State == DifferenceState.Settled) throw new InvalidOperationException($"Difference {Id} is settled.");
        State = DifferenceState.Open;
        if (Posted || MoreInFen == 0) return [];
        Posted = true;
        return LedgerEntry.Post($"difference:{Id:N}", Channel, LedgerAccount.Bank, LedgerAccount.Differences, MoreInFen, Day, now);
    }

    /// <summary>The books agree by now: what the ledger had taken into the account of differences goes out of it.</summary>
    public IReadOnlyList<LedgerEntry> Heal(DateTimeOffset now)
    {
        if (State == DifferenceState.Settled) return [];
        (State, SettledAt) = (DifferenceState.Settled, now);
        return Posted ? LedgerEntry.Post($"healed:{Id:N}", Channel, LedgerAccount.Differences, LedgerAccount.Bank, MoreInFen, Day, now) : [];
    }

    /// <summary>An officer has seen to it outside of the platform.</summary>
    public Refusal? Settle(Guid officer, string note, DateTimeOffset now)
    {
        if (State != DifferenceState.Open) return new("difference-not-open", $"The difference is {State}.");
        (State, SettledAt, SettledBy, Note) = (DifferenceState.Settled, now, officer, note);
        return null;
    }
}
