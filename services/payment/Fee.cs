using System.Collections.Frozen;
using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments;

public enum FeeState
{
    /// <summary>To be paid until its time runs out.</summary>
    Due,
    Paid,

    /// <summary>Its time ran out unpaid, asked at the bank and closed there.</summary>
    Closed,

    /// <summary>The application was given up: what is open at the bank is being closed.</summary>
    Voiding,
    Void,
}

public enum FeeEvent { Received, Missed, Left, Settled }

/// <summary>What is to be paid and for what, as shown to the candidate before paying.</summary>
public sealed record FeeItem(string Title, long AmountInFen);

/// <summary>An exam fee (考试费) and its orders at the bank. All changes happen under a lock on its row.</summary>
public sealed partial class Fee
{
    /// <summary>The bank takes no order that ends sooner.</summary>
    public static readonly TimeSpan ShortestOrder = TimeSpan.FromMinutes(1);

    /// <summary>A payment code lives two hours at WeChat Pay.</summary>
    public static readonly TimeSpan LongestOrder = TimeSpan.FromHours(2);

    private static readonly TimeSpan SettleAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleAgainAtMost = TimeSpan.FromMinutes(10);

    public static readonly FrozenDictionary<(FeeState From, FeeEvent Event), FeeState> Edges = new Dictionary<(FeeState, FeeEvent), FeeState>
    {
        [(FeeState.Due, FeeEvent.Received)] = FeeState.Paid,
        [(FeeState.Due, FeeEvent.Missed)] = FeeState.Closed,
        [(FeeState.Due, FeeEvent.Left)] = FeeState.Voiding,
        [(FeeState.Voiding, FeeEvent.Settled)] = FeeState.Void,
    }.ToFrozenDictionary();

    public required Guid Id { get; init; }
    public required Guid ApplicationId { get; init; }
    public required Guid CandidateId { get; init; }
    public required string ProgrammeCode { get; init; }
    public required string SessionCode { get; init; }
    public required string AreaPath { get; init; }
    public required long AmountInFen { get; init; }
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Of a practice application: paying is played, no bank hears of it, and it is counted nowhere.</summary>
    public bool Trial { get; init; }

    /// <summary>When it fell due, by the application's clock.</summary>
    public required DateTimeOffset FellDueAt { get; init; }
    public FeeState State { get; private set; } = FeeState.Due;
    public DateTimeOffset? PaidAt { get; private set; }

    /// <summary>When what is still open must be settled with the bank: the deadline, at once when given up, later again while the bank is silent.</summary>
    public DateTimeOffset? SettleAt { get; private set; }
    public int TimesSettled { get; private set; }

    /// <summary>Kept as last told by the application, for the time when it no longer says.</summary>
    public IReadOnlyList<FeeItem> Items { get; set; } = [];
    public List<PaymentOrder> Orders { get; init; } = [];
    public List<Refund> Refunds { get; init; } = [];
    public List<Transition> History { get; init; } = [];
    public uint Version { get; init; }

    public PaymentOrder? LiveOrder => Orders.SingleOrDefault(o => o.IsLive);

    public static Fee FallDue(Guid id, Guid applicationId, Guid candidateId, string programme, string session, string areaPath, long amountInFen, DateTimeOffset dueAt, DateTimeOffset at, bool trial = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amountInFen, 1);
        return new()
        {
            Id = id,
            ApplicationId = applicationId,
            CandidateId = candidateId,
            ProgrammeCode = programme,
            SessionCode = session,
            AreaPath = areaPath,
            AmountInFen = amountInFen,
            DueAt = dueAt.ToUniversalTime(),
            Trial = trial,
            FellDueAt = at.ToUniversalTime(),
            SettleAt = dueAt.ToUniversalTime(),
        };
    }

    /// <summary>Whether the candidate may begin a payment now.</summary>
    public Refusal? CheckPayable(DateTimeOffset now) => State switch
    {
        FeeState.Paid => new("fee-paid", "The fee is paid; nothing more is to be done."),
        FeeState.Closed => new("fee-closed", "The payment window is over."),
        FeeState.Voiding or FeeState.Void => new("fee-void", "The application was given up; nothing is to be paid."),
        _ when now >= DueAt => new("fee-closed", "The payment window is over."),
        _ when now > DueAt - ShortestOrder => new("fee-too-late", "The payment window ends within a minute; the bank takes no new order any more."),
        _ => null,
    };

    /// <summary>Writes down a new order, before the bank hears of it. Only one may be live: money must never be on two ways.</summary>
    /// <param name="longest">How long the channel lets it be paid.</param>
    public Refusal? Order(string channel, string description, string? requestKey, DateTimeOffset now, out PaymentOrder order, TimeSpan? longest = null)
    {
        order = null!;
        if (Trial != (channel == PracticeChannel.Kind)) return new("channel-not-open", Trial ? "A practice is paid by practice only." : "A real fee is not paid by practice; choose another way.");
        if (CheckPayable(now) is { } refusal) return refusal;
        if (LiveOrder is not null) return new("payment-unknown", "An earlier payment is not settled yet; look again in a moment instead of paying twice.");
        var end = now + (longest ?? LongestOrder);
        var expiresAt = end < DueAt ? end : DueAt;
        order = PaymentOrder.For(this, channel, description, requestKey, new(expiresAt.Ticks - expiresAt.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero), now);
        Orders.Add(order);
        History.Add(new(Id, order.Id, "", nameof(Order), order.State.ToString(), "candidate", now));
        return null;
    }

    /// <summary>Takes in what the bank says about an order. Money is never turned away; whether it pays the fee is decided by the bank's payment time.</summary>
    public Refusal? Learn(PaymentOrder order, BankAnswer answer, string source, DateTimeOffset now)
    {
        if (answer is BankAnswer.Paid paid && paid.AmountInFen != order.AmountInFen)
            return new("amount-differs", $"The bank tells {paid.AmountInFen} fen for an order of {order.AmountInFen} fen.");
        if (EventOf(order, answer, now) is not { } what) return null; // nothing new
        if (order.Fire(what, answer, source, now) is not { } step) return new("wrong-order-state", $"{what} cannot happen to an order that is {order.State}.");
        History.Add(step);
        if (what == OrderEvent.PaidForNothing) SendBack(order, now);
        if (what != OrderEvent.PaidForFee) return null;
        PaidAt = order.PaidAt;
        return Fire(FeeEvent.Received, source, now);
    }

    private OrderEvent? EventOf(PaymentOrder order, BankAnswer answer, DateTimeOffset now) => answer switch
    {
        BankAnswer.Paid when order.State is OrderState.Paid or OrderState.Surplus => null,
        BankAnswer.Paid paid => State == FeeState.Due && paid.PaidAt <= DueAt ? OrderEvent.PaidForFee : OrderEvent.PaidForNothing,
        BankAnswer.Accepted => OrderEvent.Accepted,
        BankAnswer.Unpaid => order.State == OrderState.Open ? null : OrderEvent.Accepted,
        BankAnswer.Closed => order.State == OrderState.Closed ? null : OrderEvent.ClosedAtBank,
        BankAnswer.Missing => order.IsInFlight(now) ? null : OrderEvent.Missing,
        BankAnswer.Refused => OrderEvent.Refused,
        _ => order.State == OrderState.Opening ? OrderEvent.AnswerLost : null,
    };

    /// <summary>There is more time. Told again, or in another order, the latest counts. An order at the bank keeps its own end; the next one may last longer.</summary>
    public Refusal? MoveDue(DateTimeOffset dueAt, DateTimeOffset now)
    {
        if (State != FeeState.Due) return new("wrong-fee-state", $"A fee that is {State} gets no more time.");
        if (dueAt <= DueAt) return null;
        (DueAt, SettleAt, TimesSettled) = (dueAt.ToUniversalTime(), dueAt.ToUniversalTime(), 0);
        History.Add(new(Id, null, State.ToString(), nameof(MoveDue), State.ToString(), "application", now));
        return null;
    }

    /// <summary>The application was withdrawn, abandoned, rejected or returned: the fee is void once the bank has closed what is open.</summary>
    public Refusal? Leave(DateTimeOffset now) => Fire(FeeEvent.Left, "application", now);

    /// <summary>
    /// Ends what has to end, once nothing is open at the bank. As long as something is, it is tried again later: what may be paid at the bank is never abandoned.
    /// </summary>
    public Refusal? Settle(DateTimeOffset now)
    {
        if (LiveOrder is not null) return new("order-live", "An order is not settled at the bank yet.");
        SettleAt = State == FeeState.Due ? DueAt : null;
        return State switch
        {
            FeeState.Due when now >= DueAt => Fire(FeeEvent.Missed, "deadline", now),
            FeeState.Voiding => Fire(FeeEvent.Settled, "application", now),
            _ => null,
        };
    }

    /// <summary>Takes its turn to be settled, so that no other replica does, and sets the next try.</summary>
    public void TakeTurn(DateTimeOffset now)
    {
        var wait = SettleAgain * Math.Pow(2, Math.Min(TimesSettled++, 10));
        SettleAt = now + (wait < SettleAgainAtMost ? wait : SettleAgainAtMost);
    }

    internal Refusal? Fire(FeeEvent what, string source, DateTimeOffset now)
    {
        if (!Edges.TryGetValue((State, what), out var to)) return new("wrong-fee-state", $"{what} cannot happen to a fee that is {State}.");
        History.Add(new(Id, null, State.ToString(), what.ToString(), to.ToString(), source, now));
        State = to;
        SettleAt = LiveOrder is not null || to == FeeState.Voiding ? now : null;
        return null;
    }
}
