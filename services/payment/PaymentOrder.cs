using System.Collections.Frozen;
using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments;

/// <summary>Where an order at the bank stands, as far as we know.</summary>
public enum OrderState
{
    /// <summary>Written down; the bank is about to be asked to open it.</summary>
    Opening,

    /// <summary>The bank has it and it can be paid.</summary>
    Open,

    /// <summary>The bank's answer was lost: it may be open there, or not. It is asked after until it is known.</summary>
    Unknown,

    /// <summary>Its money paid the fee.</summary>
    Paid,

    /// <summary>Closed at the bank, unpaid.</summary>
    Closed,

    /// <summary>The bank refused it or has no such order.</summary>
    Failed,

    /// <summary>Its money arrived and paid for nothing (too late, or the fee was settled otherwise): it has to go back.</summary>
    Surplus,
}

public enum OrderEvent { Accepted, AnswerLost, Refused, Missing, ClosedAtBank, PaidForFee, PaidForNothing }

/// <summary>One order for a fee at a bank channel. It belongs to its fee and changes only through it.</summary>
public sealed class PaymentOrder
{
    /// <summary>A bank that knows of no such order may still be working on our request until then.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(30);

    /// <summary>When the bank is asked, counted from the moment the order was open or lost; hourly after that.</summary>
    public static readonly IReadOnlyList<TimeSpan> AskAfter = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>States in which the bank may still take money, or may already have taken it.</summary>
    public static readonly IReadOnlyList<OrderState> Live = [OrderState.Opening, OrderState.Open, OrderState.Unknown];

    /// <summary>
    /// Every legal step; what is not here is refused. Money found on a closed or failed order is never turned away: the bank is right about money.
    /// </summary>
    public static readonly FrozenDictionary<(OrderState From, OrderEvent Event), OrderState> Edges = new Dictionary<(OrderState, OrderEvent), OrderState>
    {
        [(OrderState.Opening, OrderEvent.Accepted)] = OrderState.Open,
        [(OrderState.Opening, OrderEvent.AnswerLost)] = OrderState.Unknown,
        [(OrderState.Opening, OrderEvent.Refused)] = OrderState.Failed,
        [(OrderState.Opening, OrderEvent.Missing)] = OrderState.Failed,
        [(OrderState.Opening, OrderEvent.ClosedAtBank)] = OrderState.Closed,
        [(OrderState.Opening, OrderEvent.PaidForFee)] = OrderState.Paid,
        [(OrderState.Opening, OrderEvent.PaidForNothing)] = OrderState.Surplus,
        [(OrderState.Unknown, OrderEvent.Accepted)] = OrderState.Open,
        [(OrderState.Unknown, OrderEvent.Missing)] = OrderState.Failed,
        [(OrderState.Unknown, OrderEvent.ClosedAtBank)] = OrderState.Closed,
        [(OrderState.Unknown, OrderEvent.PaidForFee)] = OrderState.Paid,
        [(OrderState.Unknown, OrderEvent.PaidForNothing)] = OrderState.Surplus,
        [(OrderState.Open, OrderEvent.Accepted)] = OrderState.Open,
        [(OrderState.Open, OrderEvent.Missing)] = OrderState.Failed,
        [(OrderState.Open, OrderEvent.ClosedAtBank)] = OrderState.Closed,
        [(OrderState.Open, OrderEvent.PaidForFee)] = OrderState.Paid,
        [(OrderState.Open, OrderEvent.PaidForNothing)] = OrderState.Surplus,
        [(OrderState.Closed, OrderEvent.PaidForFee)] = OrderState.Paid,
        [(OrderState.Closed, OrderEvent.PaidForNothing)] = OrderState.Surplus,
        [(OrderState.Failed, OrderEvent.PaidForFee)] = OrderState.Paid,
        [(OrderState.Failed, OrderEvent.PaidForNothing)] = OrderState.Surplus,
    }.ToFrozenDictionary();

    public required Guid Id { get; init; }
    public required Guid FeeId { get; init; }

    /// <summary>The order channel the candidate chose: <c>wechat-native</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>Our number at the bank (out_trade_no): never used twice.</summary>
    public required string Number { get; init; }
    public required long AmountInFen { get; init; }
    public required string Description { get; init; }

    /// <summary>The Idempotency-Key of the request that made it.</summary>
    public string? RequestKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this the bank takes no money for it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    public OrderState State { get; private set; } = OrderState.Opening;

    /// <summary>What the payer goes on with while it is open.</summary>
    public PayHandle? Handle { get; private set; }
    public string? CodeUrl => Handle is { Kind: "code" } code ? code.Value : null;

    /// <summary>The bank's own number of the payment.</summary>
    public string? TransactionId { get; private set; }

    /// <summary>The bank's payment time.</summary>
    public DateTimeOffset? PaidAt { get; private set; }
    public string? RefusedBecause { get; private set; }

    /// <summary>How often it was made to match the bank past the table.</summary>
    public int TimesMatched { get; private set; }

    /// <summary>The day of the bill its payment was found in.</summary>
    public DateOnly? BilledOn { get; set; }
    public DateTimeOffset? NextAskAt { get; private set; }
    public DateTimeOffset? LastAskedAt { get; private set; }
    public int TimesAsked { get; private set; }
    public DateTimeOffset AskedFrom { get; private set; }
    public uint Version { get; init; }

    public bool IsLive => Live.Contains(State);

    /// <summary>Whether its money is here.</summary>
    public bool IsPaid => State is OrderState.Paid or OrderState.Surplus;

    /// <summary>Whether the request that opens it may still be on its way to the bank.</summary>
    public bool IsInFlight(DateTimeOffset now) => now < CreatedAt + InFlight;

    /// <summary>Takes its turn to be asked after, so that no other replica does, and sets the next one.</summary>
    public void TakeTurn(DateTimeOffset now)
    {
        LastAskedAt = now;
        TimesAsked++;
        var next = TimesAsked < AskAfter.Count ? AskedFrom + AskAfter[TimesAsked] : now + TimeSpan.FromHours(1);
        NextAskAt = next > now ? next : now + AskAfter[0];
    }

    internal static PaymentOrder For(Fee fee, string channel, string description, string? requestKey, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new()
        {
            Id = id,
            FeeId = fee.Id,
            Channel = channel,
            Number = id.ToString("N"),
            AmountInFen = fee.AmountInFen,
            Description = description,
            RequestKey = requestKey,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            AskedFrom = now,
            NextAskAt = now + InFlight,
        };
    }

    /// <returns>The step taken, or null where the table has none.</returns>
    internal Transition? Fire(OrderEvent what, BankAnswer answer, string source, DateTimeOffset now)
    {
        if (!Edges.TryGetValue((State, what), out var to)) return null;
        var step = new Transition(FeeId, Id, State.ToString(), what.ToString(), to.ToString(), source, now);
        if (State == OrderState.Opening) (AskedFrom, TimesAsked, NextAskAt) = (now, 0, now + AskAfter[0]);
        State = to;
        if (!IsLive) NextAskAt = null;
        switch (answer)
        {
            case BankAnswer.Accepted accepted: Handle = accepted.Handle; break;
            case BankAnswer.Refused refused: RefusedBecause = refused.Code; break;
            case BankAnswer.Paid paid: (TransactionId, PaidAt) = (paid.TransactionId, paid.PaidAt); break;
        }
        return step;
    }

    /// <summary>Takes the bank's word where the table has no way to it. Nobody but <see cref="Fee.Match"/> may.</summary>
    internal Transition Match(OrderState to, BankAnswer answer, Guid officer, string reason, DateTimeOffset now)
    {
        var step = new Transition(FeeId, Id, State.ToString(), Fee.MatchedToBank, to.ToString(), "officer", now) { ActorId = officer, Reason = reason };
        State = to;
        TimesMatched++;
        if (IsLive) (AskedFrom, TimesAsked, NextAskAt) = (now, 0, now + AskAfter[0]);
        else NextAskAt = null;
        (TransactionId, PaidAt) = answer is BankAnswer.Paid paid ? ((string?)paid.TransactionId, (DateTimeOffset?)paid.PaidAt) : (null, null);
        return step;
    }
}
