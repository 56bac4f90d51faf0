using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Contracts;

namespace ExamPlatform.Payments.Tests;

/// <summary>A payment window that is extended, because the platform was down, gives fees more time.</summary>
[Collection(nameof(PaymentFixture))]
public class MoveFeeTests(PaymentFixture service)
{
    [Fact]
    public async Task A_fee_that_moves_is_paid_after_its_old_time()
    {
        var fee = await service.FeeFellDue(TimeSpan.FromMinutes(30));
        await service.Deliver(Moved(fee, TimeSpan.FromHours(2)));
        service.Clock.Advance(TimeSpan.FromMinutes(40));

        using var ordered = await service.TryOrder(fee);
        Assert.True(ordered.IsSuccessStatusCode, await ordered.Content.ReadAsStringAsync());
        var order = await service.OrderOf(fee);
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number });

        await service.Becomes(fee, FeeState.Paid);
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Empty(await service.Published<PaymentClosed>(fee.FeeId));
    }

    [Fact]
    public async Task Told_again_or_in_another_order_the_latest_time_counts_and_then_it_is_closed()
    {
        var fee = await service.FeeFellDue(TimeSpan.FromMinutes(30));
        foreach (var hours in (int[])[3, 2, 3]) await service.Deliver(Moved(fee, TimeSpan.FromHours(hours)));

        var row = await service.Row(fee);
        Assert.Equal((fee.DueAt.AddHours(3), fee.DueAt.AddHours(3), 1), (row.DueAt, row.SettleAt, row.History.Count(t => t.Event == "MoveDue")));
        service.Clock.Advance(TimeSpan.FromHours(4));
        await service.Becomes(fee, FeeState.Closed);
    }

    [Fact]
    public async Task At_its_time_the_application_is_asked_so_that_no_fee_is_closed_before_the_message_has_come()
    {
        var (fee, order) = await service.Ordered(TimeSpan.FromMinutes(30));
        service.Moved[fee.FeeId] = fee.DueAt.AddHours(2);

        service.Clock.Advance(TimeSpan.FromMinutes(31));
        await Testing.Until.Async(async () => (await service.Row(fee)).DueAt == fee.DueAt.AddHours(2), what: "the fee has moved");

        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);
        service.Clock.Advance(TimeSpan.FromHours(2));
        await service.Becomes(fee, FeeState.Closed);
        Assert.Equal(order.Id, (await service.OrderOf(fee)).Id);
    }

    [Fact]
    public async Task While_the_application_does_not_say_until_when_nothing_is_closed()
    {
        var fee = await service.FeeFellDue(TimeSpan.FromMinutes(30));
        service.Moved[fee.FeeId] = null;

        service.Clock.Advance(TimeSpan.FromMinutes(31));
        await Testing.Until.Async(async () => (await service.Row(fee)).TimesSettled > 0 && service.Logs.Lines.Any(line => line.Contains($"Fee {fee.FeeId} is not closed while", StringComparison.Ordinal)), what: "the application was asked in vain");
        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);

        service.Moved[fee.FeeId] = fee.DueAt;
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        await service.Becomes(fee, FeeState.Closed);
    }

    [Fact]
    public void A_fee_that_is_not_due_gets_no_more_time()
    {
        foreach (var state in Enum.GetValues<FeeState>().Where(s => s != FeeState.Due))
        {
            var fee = Some.FeeThatIs(state);

            Assert.Equal("wrong-fee-state", fee.MoveDue(Some.DueAt.AddHours(1), Some.Now)?.Code);
            Assert.Equal(Some.DueAt, fee.DueAt);
        }
    }

    private static FeeDueMoved Moved(FeeDue fee, TimeSpan by) => new(fee.ApplicationId, fee.CandidateId, fee.FeeId, fee.DueAt + by, fee.At);
}
