using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Payments.Features;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Payments.Tests;

/// <summary>How a fee ends other than by a callback.</summary>
[Collection(nameof(PaymentFixture))]
public class EndTests(PaymentFixture service)
{
    [Fact]
    public async Task An_unpaid_order_is_closed_at_the_bank_before_the_fee_is_closed_once()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));

        service.Clock.Advance(TimeSpan.FromMinutes(30));
        await service.Becomes(fee, FeeState.Closed);

        Assert.Equal(TradeState.Closed, service.Bank.Find(order.Number)!.State);
        Assert.Equal(OrderState.Closed, (await service.OrderOf(fee)).State);
        Assert.Equal(fee.ApplicationId, Assert.Single(await service.Published<PaymentClosed>(fee.FeeId)).ApplicationId);
        Assert.Empty(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Fact]
    public async Task A_fee_nobody_began_to_pay_is_closed_at_its_time()
    {
        var fee = await service.FeeFellDue(TimeSpan.FromMinutes(30));

        service.Clock.Advance(TimeSpan.FromMinutes(30));
        await service.Becomes(fee, FeeState.Closed);
        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SettleFee>().Settle(fee.FeeId, CancellationToken.None); // another replica, a moment later

        Assert.Single(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task What_was_paid_at_the_bank_in_time_is_found_at_the_deadline_and_never_abandoned()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));
        service.Clock.Advance(TimeSpan.FromMinutes(29));
        var paidAt = service.Clock.Now;
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        service.Clock.Advance(TimeSpan.FromMinutes(5));
        await service.Becomes(fee, FeeState.Paid);

        Assert.Equal(paidAt, Assert.Single(await service.Published<PaymentReceived>(fee.FeeId)).PaidAt);
        Assert.Empty(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task Money_after_the_deadline_does_not_pay_the_fee_and_stays_visible_as_surplus()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true, successTime = fee.DueAt.AddSeconds(1) });

        service.Clock.Advance(TimeSpan.FromMinutes(31));
        await service.Becomes(fee, FeeState.Closed);

        Assert.Equal(OrderState.Surplus, (await service.OrderOf(fee)).State);
        Assert.Empty(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Equal(24400, (await service.Look(fee)).GetProperty("surplus")[0].GetProperty("amountInFen").GetInt64());
        Assert.Contains(service.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(order.Id.ToString(), StringComparison.Ordinal) && line.Contains("Surplus", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_bank_is_silent_at_the_deadline_the_fee_stays_and_is_tried_again()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));
        await service.Bank.Misbehave("drop", order.Number, times: 3);

        service.Clock.Advance(TimeSpan.FromMinutes(30));
        await Testing.Until.Async(async () => (await service.Row(fee)).TimesSettled > 0 && service.Bank.Services.Pending() == 0, what: "the bank was asked in vain");
        Assert.Equal((FeeState.Due, OrderState.Open), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
        service.Clock.Advance(TimeSpan.FromMinutes(10));

        await service.Becomes(fee, FeeState.Closed);
        Assert.Single(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task The_fee_of_a_withdrawn_application_is_closed_at_the_bank_and_tells_nothing()
    {
        var (fee, order) = await service.Ordered();

        await service.Deliver(new ApplicationWithdrawn(fee.ApplicationId, fee.CandidateId, 1, service.Clock.Now));
        await service.Becomes(fee, FeeState.Void);

        Assert.Equal(TradeState.Closed, service.Bank.Find(order.Number)!.State);
        Assert.Empty(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task What_is_still_open_for_an_application_given_up_is_not_offered_to_be_paid()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Misbehave("fail", order.Number, times: 100);

        await service.Deliver(new ApplicationWithdrawn(fee.ApplicationId, fee.CandidateId, 1, service.Clock.Now));
        using var answer = await service.TryOrder(fee);

        Assert.Equal("fee-void", await answer.Code());
        Assert.Equal((FeeState.Voiding, OrderState.Open), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
        service.Bank.Services.Behave();
    }

    /// <summary>The request that opens it would come to the bank after the one that closes it.</summary>
    [Fact]
    public async Task An_order_on_its_way_to_the_bank_is_not_closed_for_an_application_given_up()
    {
        var (fee, order) = await service.OrderOnItsWay();
        service.Scripted.Orders[order.Number] = new BankAnswer.Missing();

        await service.Deliver(new ApplicationWithdrawn(fee.ApplicationId, fee.CandidateId, 1, service.Clock.Now));
        await Testing.Until.Async(async () => (await service.Row(fee)).TimesSettled > 0, what: "its turn came");
        await service.Watch.Round(CancellationToken.None);

        Assert.Equal((FeeState.Voiding, OrderState.Opening), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
    }

    [Fact]
    public async Task Money_paid_for_an_application_given_up_meanwhile_is_surplus()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        await service.Deliver(new ApplicationAbandoned(fee.ApplicationId, fee.CandidateId, 1, "candidate", service.Clock.Now));
        await service.Becomes(fee, FeeState.Void);

        Assert.Equal(OrderState.Surplus, (await service.OrderOf(fee)).State);
        Assert.Empty(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Fact]
    public async Task A_payment_told_by_callback_and_query_at_the_very_deadline_counts_once_and_nothing_is_closed()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));
        service.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.Bank.Control("wechat-pay/resend", new { outTradeNo = order.Number, repeat = 10, parallel = true });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.Watch.Round(CancellationToken.None)));
        await Testing.Until.Async(async () => (await service.CallbacksAbout(order)).Count(c => c.Verdict != Verdict.Received) == 10, what: "all ten are judged");

        Assert.Equal(FeeState.Paid, (await service.Row(fee)).State);
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Empty(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task Replicas_share_the_watch_so_that_each_turn_is_taken_once()
    {
        var (fee, _) = await service.Ordered();
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.Watch.Round(CancellationToken.None)));

        Assert.Equal(1, (await service.OrderOf(fee)).TimesAsked);
    }

    [Fact]
    public async Task A_return_told_late_does_not_touch_a_fee_that_fell_due_after_it()
    {
        var fee = await service.FeeFellDue();

        await service.Deliver(new ReturnedForCorrection(fee.ApplicationId, fee.CandidateId, 1, "site-review", ["photo"], null, fee.At.AddDays(-3)));

        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);
    }
}

internal static class BankState
{
    /// <summary>It behaves from now on.</summary>
    public static void Behave(this IServiceProvider sandbox) => sandbox.GetRequiredService<Sandbox.Behaviours>().Clear();

    /// <summary>How many misbehaviours the sandbox still holds.</summary>
    public static int Pending(this IServiceProvider sandbox) => sandbox.GetRequiredService<Sandbox.Behaviours>().Pending.Count;
}
