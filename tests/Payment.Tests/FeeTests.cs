using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments.Tests;

public class FeeTests
{
    [Theory]
    [InlineData(0, FeeState.Paid, OrderState.Paid)]
    [InlineData(1, FeeState.Due, OrderState.Surplus)]
    public void The_banks_payment_time_decides_the_deadline_not_the_arrival_of_the_news(int secondsAfterDeadline, FeeState feeState, OrderState orderState)
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);

        Assert.Null(fee.Learn(order, Some.Paid(Some.DueAt.AddSeconds(secondsAfterDeadline)), "callback", Some.DueAt.AddHours(20)));

        Assert.Equal((feeState, orderState), (fee.State, order.State));
    }

    [Theory]
    [InlineData(OrderState.Opening)]
    [InlineData(OrderState.Open)]
    [InlineData(OrderState.Unknown)]
    public void Nobody_is_offered_a_second_payment_while_one_is_live(OrderState state)
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        if (state != OrderState.Opening) fee.Learn(order, state == OrderState.Open ? new BankAnswer.Accepted(PayHandle.Code("code")) : new BankAnswer.Silent(""), "test", Some.Now);

        var refusal = fee.Order("wechat-native", "exam fee", null, Some.Now, out _);

        Assert.Equal("payment-unknown", refusal?.Code);
        Assert.Single(fee.Orders);
    }

    [Theory]
    [InlineData(FeeState.Paid, "fee-paid")]
    [InlineData(FeeState.Closed, "fee-closed")]
    [InlineData(FeeState.Voiding, "fee-void")]
    [InlineData(FeeState.Void, "fee-void")]
    public void A_fee_that_is_over_takes_no_order(FeeState state, string code) =>
        Assert.Equal(code, Some.FeeThatIs(state).Order("wechat-native", "exam fee", null, Some.Now, out _)?.Code);

    [Theory]
    [InlineData(0, "fee-closed")]
    [InlineData(59, "fee-too-late")]
    [InlineData(60, null)]
    public void The_last_minute_takes_no_new_order(int secondsLeft, string? code) =>
        Assert.Equal(code, Some.Fee().Order("wechat-native", "exam fee", null, Some.DueAt.AddSeconds(-secondsLeft), out _)?.Code);

    [Fact]
    public void An_order_ends_at_the_bank_when_the_window_does()
    {
        Assert.Equal(Some.Now.AddHours(2), Some.OrderOf(Some.Fee()).ExpiresAt);
        Assert.Equal(Some.DueAt, Some.OrderOf(Some.Fee(), Some.DueAt.AddMinutes(-5)).ExpiresAt);
    }

    [Fact]
    public void Another_amount_than_the_orders_is_refused_and_changes_nothing()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);

        var refusal = fee.Learn(order, Some.Paid(Some.Now, 1), "callback", Some.Now);

        Assert.Equal(("amount-differs", FeeState.Due, OrderState.Opening), (refusal?.Code, fee.State, order.State));
    }

    [Fact]
    public void A_payment_told_again_is_no_fault_and_changes_nothing()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        fee.Learn(order, Some.Paid(Some.Now), "callback", Some.Now);
        var written = fee.History.Count;

        Assert.Null(fee.Learn(order, Some.Paid(Some.Now), "query", Some.Now));

        Assert.Equal(written, fee.History.Count);
    }

    [Fact]
    public void Money_for_an_order_given_up_as_failed_still_pays_the_fee()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        fee.Learn(order, new BankAnswer.Refused("PARAM_ERROR"), "bank", Some.Now);

        Assert.Null(fee.Learn(order, Some.Paid(Some.Now), "callback", Some.Now));

        Assert.Equal((FeeState.Paid, OrderState.Paid), (fee.State, order.State));
    }

    [Theory]
    [InlineData(FeeState.Closed)]
    [InlineData(FeeState.Voiding)]
    [InlineData(FeeState.Paid)]
    public void Money_that_arrives_after_the_end_is_surplus_and_leaves_the_fee_as_it_is(FeeState state)
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        fee.Learn(order, new BankAnswer.Closed(), "bank", Some.Now);
        fee.Fire(state switch { FeeState.Closed => FeeEvent.Missed, FeeState.Voiding => FeeEvent.Left, _ => FeeEvent.Received }, "test", Some.Now);

        Assert.Null(fee.Learn(order, Some.Paid(Some.Now), "callback", Some.Now));

        Assert.Equal((state, OrderState.Surplus), (fee.State, order.State));
    }

    [Fact]
    public void An_order_the_bank_does_not_know_is_given_up_only_when_our_request_can_no_longer_be_on_its_way()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        fee.Learn(order, new BankAnswer.Silent("timeout"), "bank", Some.Now);

        fee.Learn(order, new BankAnswer.Missing(), "query", Some.Now.AddSeconds(29));
        Assert.Equal(OrderState.Unknown, order.State);
        fee.Learn(order, new BankAnswer.Missing(), "query", Some.Now.AddSeconds(30));

        Assert.Equal(OrderState.Failed, order.State);
    }

    [Fact]
    public void A_refund_the_bank_does_not_know_is_sent_again_only_when_our_request_can_no_longer_be_on_its_way()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        Assert.Null(fee.Learn(order, Some.Paid(Some.Now), "test", Some.Now));
        Assert.Null(fee.AskRefund(order, 400, "reason", Guid.NewGuid(), Some.Now, out var refund));
        Assert.Null(fee.DecideRefund(refund, approve: true, null, Guid.NewGuid(), Some.Now));
        Assert.Null(fee.LearnRefund(refund, new RefundAnswer.Silent(""), "test", Some.Now));

        Assert.Null(fee.LearnRefund(refund, new RefundAnswer.Missing(), "test", Some.Now.AddSeconds(29)));
        Assert.Equal(RefundState.Unknown, refund.State);
        Assert.Null(fee.LearnRefund(refund, new RefundAnswer.Missing(), "test", Some.Now.AddSeconds(30)));

        Assert.True(refund.IsToSend);
    }

    [Fact]
    public void The_bank_is_asked_at_5_s_30_s_2_m_10_m_and_then_hourly()
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        fee.Learn(order, new BankAnswer.Accepted(PayHandle.Code("code")), "bank", Some.Now);
        var asked = new List<TimeSpan>();

        for (var turn = 0; turn < 6; turn++)
        {
            asked.Add(order.NextAskAt!.Value - Some.Now);
            order.TakeTurn(order.NextAskAt.Value);
        }

        Assert.Equal(["00:00:05", "00:00:30", "00:02:00", "00:10:00", "01:10:00", "02:10:00"], asked.Select(at => at.ToString()));
    }

    [Fact]
    public void A_fee_with_a_live_order_is_never_closed_and_its_deadline_comes_again()
    {
        var fee = Some.Fee();
        Some.OrderOf(fee);
        fee.TakeTurn(Some.DueAt);

        Assert.Equal("order-live", fee.Settle(Some.DueAt)?.Code);

        Assert.Equal((FeeState.Due, Some.DueAt.AddSeconds(10)), (fee.State, fee.SettleAt));
    }

    [Fact]
    public void A_fee_is_not_closed_before_its_time()
    {
        var fee = Some.Fee();

        Assert.Null(fee.Settle(Some.DueAt.AddSeconds(-1)));

        Assert.Equal((FeeState.Due, Some.DueAt), (fee.State, fee.SettleAt));
    }
}
