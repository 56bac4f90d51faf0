using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments.Tests;

public class TransitionTests
{
    // written out a second time on purpose: a changed rule must be changed here, too
    private const string OrderSteps = """
        Opening: Accepted=Open AnswerLost=Unknown Refused=Failed Missing=Failed ClosedAtBank=Closed PaidForFee=Paid PaidForNothing=Surplus
        Open: Accepted=Open Missing=Failed ClosedAtBank=Closed PaidForFee=Paid PaidForNothing=Surplus
        Unknown: Accepted=Open Missing=Failed ClosedAtBank=Closed PaidForFee=Paid PaidForNothing=Surplus
        Paid:
        Closed: PaidForFee=Paid PaidForNothing=Surplus
        Failed: PaidForFee=Paid PaidForNothing=Surplus
        Surplus:
        """;

    private const string FeeSteps = """
        Due: Received=Paid Missed=Closed Left=Voiding
        Paid:
        Closed:
        Voiding: Settled=Void
        Void:
        """;

    private const string RefundSteps = """
        Asked: Approved=Approved Declined=Declined
        Declined:
        Approved: Taken=Sent AnswerLost=Unknown Completed=Done Failed=Abnormal Refused=Refused
        Unknown: Taken=Sent Missing=Approved Completed=Done Failed=Abnormal Refused=Refused
        Sent: Missing=Approved Completed=Done Failed=Abnormal Refused=Refused
        Done:
        Abnormal: Taken=Sent Completed=Done Refused=Refused
        Refused: Completed=Done
        """;

    public static TheoryData<OrderState, OrderEvent, OrderState?> EveryOrderStep => Every<OrderState, OrderEvent>(OrderSteps);

    public static TheoryData<FeeState, FeeEvent, FeeState?> EveryFeeStep => Every<FeeState, FeeEvent>(FeeSteps);

    public static TheoryData<RefundState, RefundEvent, RefundState?> EveryRefundStep => Every<RefundState, RefundEvent>(RefundSteps);

    [Theory, MemberData(nameof(EveryRefundStep))]
    public void A_refund_goes_only_where_its_table_says(RefundState from, RefundEvent what, RefundState? to)
    {
        var refund = Some.RefundThatIs(from);

        var step = refund.Fire(what, null, "test", Some.Now);

        Assert.Equal(to ?? from, refund.State);
        Assert.Equal(to is null ? null : $"{from} {what} {to} {refund.Id}", step is null ? null : $"{step.From} {step.Event} {step.To} {step.RefundId}");
        Assert.Equal(refund.State is RefundState.Approved or RefundState.Unknown or RefundState.Sent or RefundState.Abnormal, refund.NextAskAt is not null);
    }

    [Fact]
    public void Only_refunds_that_were_declined_or_refused_leave_their_money_to_others() =>
        Assert.Equal([RefundState.Declined, RefundState.Refused], Enum.GetValues<RefundState>().Where(state => !Some.RefundThatIs(state).Holds));

    [Theory, MemberData(nameof(EveryOrderStep))]
    public void An_order_goes_only_where_its_table_says(OrderState from, OrderEvent what, OrderState? to)
    {
        var order = Some.OrderThatIs(from);

        var step = order.Fire(what, new BankAnswer.Silent(""), "test", Some.Now);

        Assert.Equal(to ?? from, order.State);
        Assert.Equal(to is null ? null : $"{from} {what} {to}", step is null ? null : $"{step.From} {step.Event} {step.To}");
    }

    [Theory, MemberData(nameof(EveryFeeStep))]
    public void A_fee_goes_only_where_its_table_says(FeeState from, FeeEvent what, FeeState? to)
    {
        var fee = Some.FeeThatIs(from);
        var written = fee.History.Count;

        var refusal = fee.Fire(what, "test", Some.Now);

        Assert.Equal(to ?? from, fee.State);
        Assert.Equal(to is null ? "wrong-fee-state" : null, refusal?.Code);
        Assert.Equal(to is null ? written : written + 1, fee.History.Count);
    }

    [Fact]
    public void Only_orders_that_may_still_take_money_at_the_bank_are_live() =>
        Assert.Equal([OrderState.Opening, OrderState.Open, OrderState.Unknown], Enum.GetValues<OrderState>().Where(state => Some.OrderThatIs(state).IsLive));

    private static TheoryData<TState, TEvent, TState?> Every<TState, TEvent>(string table) where TState : struct, Enum where TEvent : struct, Enum
    {
        var legal = table.Split('\n').Select(line => line.Split(':')).ToDictionary(
            line => Enum.Parse<TState>(line[0]),
            line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(step => step.Split('=')).ToDictionary(step => Enum.Parse<TEvent>(step[0]), step => Enum.Parse<TState>(step[1])));
        var data = new TheoryData<TState, TEvent, TState?>();
        foreach (var from in Enum.GetValues<TState>())
            foreach (var what in Enum.GetValues<TEvent>())
                data.Add(from, what, legal[from].TryGetValue(what, out var to) ? to : null);
        return data;
    }
}
