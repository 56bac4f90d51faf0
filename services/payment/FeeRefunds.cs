using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments;

/// <summary>How a fee's money goes back, and how an order is made to match the bank.</summary>
public sealed partial class Fee
{
    /// <summary>The event of the one path past the table of edges.</summary>
    public const string MatchedToBank = nameof(MatchedToBank);

    /// <summary>What of an order can still be asked back: what was paid, less all that went back or may be going.</summary>
    public long RefundableInFen(PaymentOrder order) => order.IsPaid ? order.AmountInFen - Refunds.Where(r => r.OrderId == order.Id && r.Holds).Sum(r => r.AmountInFen) : 0;

    /// <summary>An officer asks for money to go back; a second one decides.</summary>
    public Refusal? AskRefund(PaymentOrder order, long amountInFen, string reason, Guid officer, DateTimeOffset now, out Refund refund)
    {
        refund = null!;
        if (Trial) return new("trial-fee", "Nothing was really paid for a practice; there is nothing to give back.");
        if (!order.IsPaid) return new("nothing-paid", $"The order is {order.State}; nothing was paid with it.");
        var left = RefundableInFen(order);
        if (amountInFen > left) return new("more-than-refundable", $"At most {left} fen of this order can still go back.");
        refund = Refund.Ask(order, amountInFen, reason, officer, now);
        Refunds.Add(refund);
        History.Add(new(Id, order.Id, "", nameof(AskRefund), refund.State.ToString(), "officer", now) { RefundId = refund.Id, ActorId = officer });
        return null;
    }

    /// <summary>The second officer's decision: never by the one who asked.</summary>
    public Refusal? DecideRefund(Refund refund, bool approve, string? note, Guid officer, DateTimeOffset now)
    {
        if (refund.AskedBy == officer) return new("same-officer", "You asked for this refund; another officer decides.");
        if (refund.Decide(approve ? RefundEvent.Approved : RefundEvent.Declined, officer, note, now) is not { } step) return new("refund-decided", $"The refund is {refund.State}; it was decided before.");
        History.Add(step);
        return null;
    }

    /// <summary>Takes in what the bank says about a refund.</summary>
    public Refusal? LearnRefund(Refund refund, RefundAnswer answer, string source, DateTimeOffset now)
    {
        if (answer is RefundAnswer.Done done && done.AmountInFen != refund.AmountInFen)
            return new("amount-differs", $"The bank tells {done.AmountInFen} fen for a refund of {refund.AmountInFen} fen.");
        if (EventOf(refund, answer, now) is not { } what) return null; // nothing new
        if (refund.Fire(what, answer, source, now) is not { } step) return new("wrong-refund-state", $"{what} cannot happen to a refund that is {refund.State}.");
        History.Add(step);
        return null;
    }

    /// <summary>
    /// Makes an order what the bank says it is, even where the table has no way there. What the table allows goes by the table. A fee whose payment the bank denies is due again while its time
    /// lasts, and closed after it.
    /// </summary>
    public Refusal? Match(PaymentOrder order, BankAnswer answer, string reason, Guid officer, DateTimeOffset now)
    {
        if (answer is BankAnswer.Silent) return new("bank-silent", "The bank does not say now; try again in a moment.");
        if (answer is BankAnswer.Paid paid && paid.AmountInFen != order.AmountInFen) return new("amount-differs", $"The bank tells {paid.AmountInFen} fen for an order of {order.AmountInFen} fen; only the bank can mend that.");
        if (StateAt(order, answer) is not { } to || to == order.State) return new("matches-already", $"The bank says the same: the order is {order.State}.");
        var from = order.State;
        if (EventOf(order, answer, now) is { } what && PaymentOrder.Edges.ContainsKey((from, what)))
        {
            if (Learn(order, answer, "officer", now) is { } refusal) return refusal;
            History.Add(new(Id, order.Id, from.ToString(), MatchedToBank, order.State.ToString(), "officer", now) { ActorId = officer, Reason = reason });
            return null;
        }
        if (order.IsPaid && Refunds.Any(r => r.OrderId == order.Id && r.Holds)) return new("refund-under-way", "Money of this order went back or is going back; settle that first.");
        if (PaymentOrder.Live.Contains(to) && LiveOrder is not null) return new("order-live", "Another order of this fee is open at the bank; it has to end first.");
        var wasPaid = order.State == OrderState.Paid;
        History.Add(order.Match(to, answer, officer, reason, now));
        if (wasPaid) TakeBack(officer, reason, now);
        return null;
    }

    /// <summary>Money that paid for nothing goes back by itself: the platform's own refund, which nobody has to approve.</summary>
    private void SendBack(PaymentOrder order, DateTimeOffset now)
    {
        if (Trial || RefundableInFen(order) is not (> 0 and var left)) return;
        var refund = Refund.OfSurplus(order, left, now);
        Refunds.Add(refund);
        History.Add(new(Id, order.Id, "", nameof(SendBack), refund.State.ToString(), "platform", now) { RefundId = refund.Id });
    }

    private void TakeBack(Guid officer, string reason, DateTimeOffset now)
    {
        var to = now < DueAt ? FeeState.Due : FeeState.Closed;
        History.Add(new(Id, null, State.ToString(), MatchedToBank, to.ToString(), "officer", now) { ActorId = officer, Reason = reason });
        (State, PaidAt, SettleAt, TimesSettled) = (to, null, to == FeeState.Due ? DueAt : null, 0);
    }

    private OrderState? StateAt(PaymentOrder order, BankAnswer answer) => answer switch
    {
        BankAnswer.Paid when order.IsPaid => order.State,
        BankAnswer.Paid paid => State == FeeState.Due && paid.PaidAt <= DueAt ? OrderState.Paid : OrderState.Surplus,
        BankAnswer.Accepted or BankAnswer.Unpaid => OrderState.Open,
        BankAnswer.Closed => OrderState.Closed,
        BankAnswer.Missing or BankAnswer.Refused => OrderState.Failed,
        _ => null,
    };

    private static RefundEvent? EventOf(Refund refund, RefundAnswer answer, DateTimeOffset now) => answer switch
    {
        RefundAnswer.Pending => refund.State == RefundState.Sent ? null : RefundEvent.Taken,
        RefundAnswer.Done => refund.State == RefundState.Done ? null : RefundEvent.Completed,
        RefundAnswer.Abnormal => refund.State == RefundState.Abnormal ? null : RefundEvent.Failed,
        RefundAnswer.Refused => refund.State == RefundState.Refused ? null : RefundEvent.Refused,
        RefundAnswer.Missing => now < refund.AskedFrom + PaymentOrder.InFlight ? null : RefundEvent.Missing, // the bank may still be working on our request
        _ => refund.State == RefundState.Approved ? RefundEvent.AnswerLost : null,
    };
}
