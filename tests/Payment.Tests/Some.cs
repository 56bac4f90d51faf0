using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments.Tests;

/// <summary>Fees and orders in a named state.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset DueAt = Now.AddDays(7);

    public static Fee Fee(DateTimeOffset? dueAt = null, bool trial = false) =>
        Payments.Fee.FallDue(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "HP", "2027", "110000/110100/", 24400, dueAt ?? DueAt, Now, trial);

    public static PaymentOrder OrderOf(Fee fee, DateTimeOffset? now = null)
    {
        Assert.Null(fee.Order("wechat-native", "exam fee", null, now ?? Now, out var order));
        return order;
    }

    /// <summary>An order led to a state by its shortest way.</summary>
    public static PaymentOrder OrderThatIs(OrderState state)
    {
        var order = OrderOf(Fee());
        if (state != OrderState.Opening) Assert.NotNull(order.Fire(LeadingTo(state), new BankAnswer.Silent(""), "test", Now));
        Assert.Equal(state, order.State);
        return order;
    }

    /// <summary>A fee led to a state by its shortest way.</summary>
    public static Fee FeeThatIs(FeeState state)
    {
        var fee = Fee();
        FeeEvent[] way = state switch
        {
            FeeState.Due => [],
            FeeState.Paid => [FeeEvent.Received],
            FeeState.Closed => [FeeEvent.Missed],
            FeeState.Voiding => [FeeEvent.Left],
            _ => [FeeEvent.Left, FeeEvent.Settled],
        };
        foreach (var step in way) Assert.Null(fee.Fire(step, "test", Now));
        Assert.Equal(state, fee.State);
        return fee;
    }

    /// <summary>A refund led to a state by its shortest way.</summary>
    public static Refund RefundThatIs(RefundState state)
    {
        var refund = Payments.Refund.Ask(OrderThatIs(OrderState.Paid), 24400, "reason", Guid.NewGuid(), Now);
        RefundEvent[] way = state switch
        {
            RefundState.Asked => [],
            RefundState.Declined => [RefundEvent.Declined],
            RefundState.Approved => [RefundEvent.Approved],
            RefundState.Unknown => [RefundEvent.Approved, RefundEvent.AnswerLost],
            RefundState.Sent => [RefundEvent.Approved, RefundEvent.Taken],
            RefundState.Done => [RefundEvent.Approved, RefundEvent.Completed],
            RefundState.Abnormal => [RefundEvent.Approved, RefundEvent.Failed],
            _ => [RefundEvent.Approved, RefundEvent.Refused],
        };
        foreach (var step in way) Assert.NotNull(refund.Fire(step, null, "test", Now));
        Assert.Equal(state, refund.State);
        return refund;
    }

    public static BankAnswer.Paid Paid(DateTimeOffset at, long amountInFen = 24400) => new("4200000001", amountInFen, at);

    public static BillLine Line(PaymentOrder order, long charge = 0) => new(order.Number, null, "transaction-" + order.Number, order.AmountInFen, charge, DateTimeOffset.UnixEpoch);

    public static RefundTerms Refund(DateTimeOffset now, long amountInFen) => new(Guid.CreateVersion7(now).ToString("N"), amountInFen, "test");

    private static OrderEvent LeadingTo(OrderState state) => state switch
    {
        OrderState.Open => OrderEvent.Accepted,
        OrderState.Unknown => OrderEvent.AnswerLost,
        OrderState.Paid => OrderEvent.PaidForFee,
        OrderState.Closed => OrderEvent.ClosedAtBank,
        OrderState.Failed => OrderEvent.Refused,
        _ => OrderEvent.PaidForNothing,
    };
}
