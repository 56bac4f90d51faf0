using System.Collections.Frozen;
using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments;

/// <summary>Where money on its way back stands, as far as we know.</summary>
public enum RefundState
{
    /// <summary>An officer asked; a second one decides.</summary>
    Asked,
    Declined,

    /// <summary>To be sent to the bank, or to be sent again.</summary>
    Approved,

    /// <summary>The bank's answer was lost: it may have it, or not. It is asked after until it is known.</summary>
    Unknown,

    /// <summary>The bank has taken it on.</summary>
    Sent,
    Done,

    /// <summary>The bank could not give it back the way it came; an officer has to see to it there. It is still asked after.</summary>
    Abnormal,

    /// <summary>The bank will not do it, and did not: the money is still there.</summary>
    Refused,
}

public enum RefundEvent { Approved, Declined, Taken, AnswerLost, Missing, Completed, Failed, Refused }

/// <summary>Money of one order that goes back, whole or in part. It belongs to its fee and changes only through it.</summary>
public sealed class Refund
{
    /// <summary>A bank shows the reason to the payer: at most 80 bytes of it, so it is ours and never what the officer wrote.</summary>
    public const int ReasonLimit = 500;

    /// <summary>When the bank is asked, counted from the moment it was sent; hourly after that.</summary>
    public static readonly IReadOnlyList<TimeSpan> AskAfter = PaymentOrder.AskAfter;

    /// <summary>States in which no bank has to be asked.</summary>
    public static readonly IReadOnlyList<RefundState> AtRest = [RefundState.Asked, RefundState.Declined, RefundState.Done, RefundState.Refused];

    /// <summary>
    /// Every legal step; what is not here is refused. Money that the bank says went back after all is never argued with: the bank is right about money.
    /// </summary>
    public static readonly FrozenDictionary<(RefundState From, RefundEvent Event), RefundState> Edges = new Dictionary<(RefundState, RefundEvent), RefundState>
    {
        [(RefundState.Asked, RefundEvent.Approved)] = RefundState.Approved,
        [(RefundState.Asked, RefundEvent.Declined)] = RefundState.Declined,
        [(RefundState.Approved, RefundEvent.Taken)] = RefundState.Sent,
        [(RefundState.Approved, RefundEvent.AnswerLost)] = RefundState.Unknown,
        [(RefundState.Approved, RefundEvent.Completed)] = RefundState.Done,
        [(RefundState.Approved, RefundEvent.Failed)] = RefundState.Abnormal,
        [(RefundState.Approved, RefundEvent.Refused)] = RefundState.Refused,
        [(RefundState.Unknown, RefundEvent.Taken)] = RefundState.Sent,
        [(RefundState.Unknown, RefundEvent.Missing)] = RefundState.Approved,
        [(RefundState.Unknown, RefundEvent.Completed)] = RefundState.Done,
        [(RefundState.Unknown, RefundEvent.Failed)] = RefundState.Abnormal,
        [(RefundState.Unknown, RefundEvent.Refused)] = RefundState.Refused,
        [(RefundState.Sent, RefundEvent.Missing)] = RefundState.Approved,
        [(RefundState.Sent, RefundEvent.Completed)] = RefundState.Done,
        [(RefundState.Sent, RefundEvent.Failed)] = RefundState.Abnormal,
        [(RefundState.Sent, RefundEvent.Refused)] = RefundState.Refused,
        [(RefundState.Abnormal, RefundEvent.Taken)] = RefundState.Sent,
        [(RefundState.Abnormal, RefundEvent.Completed)] = RefundState.Done,
        [(RefundState.Abnormal, RefundEvent.Refused)] = RefundState.Refused,
        [(RefundState.Refused, RefundEvent.Completed)] = RefundState.Done,
    }.ToFrozenDictionary();

    public required Guid Id { get; init; }
    public required Guid FeeId { get; init; }
    public required Guid OrderId { get; init; }

    /// <summary>Our number at the bank (out_refund_no): never used twice, and the same at every try, or the money would go back twice.</summary>
    public required string Number { get; init; }
    public required long AmountInFen { get; init; }

    /// <summary>The asking officer's words; null where the platform sends back money that paid for nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>Null where the platform did it by itself.</summary>
    public Guid? AskedBy { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public Guid? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The second officer's words.</summary>
    public string? Note { get; private set; }
    public RefundState State { get; private set; }

    /// <summary>The bank's own number of it.</summary>
    public string? BankId { get; private set; }

    /// <summary>The bank's time.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>The bank's code of why it failed or was refused.</summary>
    public string? FailedBecause { get; private set; }

    /// <summary>The day of the bill it was found in.</summary>
    public DateOnly? BilledOn { get; set; }
    public DateTimeOffset? NextAskAt { get; private set; }
    public int TimesAsked { get; private set; }
    public DateTimeOffset AskedFrom { get; private set; }
    public uint Version { get; init; }

    /// <summary>Whether its money is gone or may be going: all but what was declined here or refused there.</summary>
    public bool Holds => State is not (RefundState.Declined or RefundState.Refused);

    /// <summary>Whether it is to be sent, not asked after.</summary>
    public bool IsToSend => State == RefundState.Approved;

    /// <summary>Takes its turn to be sent or asked after, so that no other replica does, and sets the next one.</summary>
    public void TakeTurn(DateTimeOffset now)
    {
        TimesAsked++;
        var next = TimesAsked < AskAfter.Count ? AskedFrom + AskAfter[TimesAsked] : now + TimeSpan.FromHours(1);
        NextAskAt = next > now ? next : now + AskAfter[0];
    }

    /// <summary>By an officer, who needs a second one.</summary>
    internal static Refund Ask(PaymentOrder order, long amountInFen, string reason, Guid officer, DateTimeOffset now) => For(order, amountInFen, RefundState.Asked, reason, officer, null, now);

    /// <summary>Of money that paid for nothing: nobody has to approve that it goes back.</summary>
    internal static Refund OfSurplus(PaymentOrder order, long amountInFen, DateTimeOffset now) => For(order, amountInFen, RefundState.Approved, null, null, now, now);

    private static Refund For(PaymentOrder order, long amountInFen, RefundState state, string? reason, Guid? officer, DateTimeOffset? sendAt, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new() { Id = id, FeeId = order.FeeId, OrderId = order.Id, Number = id.ToString("N"), AmountInFen = amountInFen, Reason = reason, AskedBy = officer, AskedAt = now, State = state, NextAskAt = sendAt, AskedFrom = now };
    }

    /// <summary>The second officer's word.</summary>
    internal Transition? Decide(RefundEvent what, Guid officer, string? note, DateTimeOffset now)
    {
        if (Fire(what, null, "officer", now) is not { } step) return null;
        (DecidedBy, DecidedAt, Note) = (officer, now, note);
        return step with { ActorId = officer, Reason = note };
    }

    /// <returns>The step taken, or null where the table has none.</returns>
    internal Transition? Fire(RefundEvent what, RefundAnswer? answer, string source, DateTimeOffset now)
    {
        if (!Edges.TryGetValue((State, what), out var to)) return null;
        var step = new Transition(FeeId, OrderId, State.ToString(), what.ToString(), to.ToString(), source, now) { RefundId = Id };
        if (to == RefundState.Approved) (AskedFrom, TimesAsked, NextAskAt) = (now, 0, now);
        else if (State == RefundState.Approved) (AskedFrom, TimesAsked, NextAskAt) = (now, 0, now + AskAfter[0]);
        State = to;
        if (AtRest.Contains(to)) NextAskAt = null;
        switch (answer)
        {
            case RefundAnswer.Done done: (BankId, DoneAt, FailedBecause) = (done.RefundId, done.At, null); break;
            case RefundAnswer.Abnormal abnormal: FailedBecause = abnormal.Code; break;
            case RefundAnswer.Refused refused: FailedBecause = refused.Code; break;
        }
        return step;
    }
}
