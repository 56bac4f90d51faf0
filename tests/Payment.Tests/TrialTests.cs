using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>The fee of a practice (试报名): no bank ever hears of it.</summary>
[Collection(nameof(PaymentFixture))]
public sealed class TrialTests(PaymentFixture service)
{
    [Fact]
    public async Task A_practice_is_paid_by_pressing_the_button_and_no_bank_hears_of_it()
    {
        var fee = await service.FeeFellDue(trial: true);
        Assert.Equal("practice", Assert.Single((await service.Look(fee)).GetProperty("channels").EnumerateArray()).GetString());

        using var answer = await service.TryOrder(fee, "practice");

        Assert.Equal((HttpStatusCode.Created, ""), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codeUrl").GetString()));
        var (row, order) = (await service.Row(fee), await service.OrderOf(fee));
        Assert.Equal((FeeState.Paid, OrderState.Paid, "practice"), (row.State, order.State, order.Channel));
        Assert.Equal((24400L, "practice"), (await service.Published<PaymentReceived>(fee.FeeId)).Select(m => (m.AmountInFen, m.Channel)).Single());
        Assert.True((await service.Look(fee)).GetProperty("trial").GetBoolean());
        AssertNoBankHeardOf(order);
    }

    [Fact]
    public async Task A_practice_is_not_paid_at_a_bank_even_where_the_application_offers_one()
    {
        var fee = await service.FeeFellDue(trial: true, channels: ["wechat-native"]);

        using var answer = await service.TryOrder(fee);

        Assert.Equal((HttpStatusCode.Conflict, "channel-not-open"), (answer.StatusCode, await answer.Code()));
        Assert.Empty((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task A_real_fee_is_not_paid_by_practice_even_where_the_application_offers_it()
    {
        var fee = await service.FeeFellDue(channels: ["wechat-native", "practice"]);

        using var answer = await service.TryOrder(fee, "practice");

        Assert.Equal((HttpStatusCode.Conflict, "channel-not-open"), (answer.StatusCode, await answer.Code()));
        Assert.Equal((FeeState.Due, 0), ((await service.Row(fee)).State, (await service.Row(fee)).Orders.Count));
        Assert.False((await service.Look(fee)).GetProperty("trial").GetBoolean());
    }

    [Fact]
    public async Task A_practice_that_is_not_paid_in_time_is_closed_without_a_bank()
    {
        var fee = await service.FeeFellDue(TimeSpan.FromMinutes(5), trial: true);

        service.Clock.Advance(TimeSpan.FromMinutes(5));
        await service.Becomes(fee, FeeState.Closed);

        Assert.Single(await service.Published<PaymentClosed>(fee.FeeId));
        Assert.Empty((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task Nobody_can_call_back_about_practice()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().PostAsync("/callbacks/practice", null)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await service.Anonymous().PostAsync("/callbacks/", null)).StatusCode);
        Assert.False(await service.Query(db => db.BankCallbacks.AnyAsync(c => c.Channel == "" || c.Channel == "practice")));
    }

    [Fact]
    public async Task An_order_of_practice_whose_process_died_is_never_paid_and_never_in_the_way()
    {
        var fee = Some.Fee(trial: true);
        Assert.Null(fee.Order(PracticeChannel.Kind, "", null, Some.Now, out var order));
        var late = Some.Now + PaymentOrder.InFlight;

        Assert.Null(fee.Learn(order, await new PracticeChannel(service.Clock).Query(order, CancellationToken.None), "query", late));

        Assert.Equal((OrderState.Failed, FeeState.Due), (order.State, fee.State));
    }

    [Fact]
    public async Task When_practice_is_thrown_away_its_fee_goes_with_orders_and_history_and_real_fees_stay()
    {
        var practice = await service.FeeFellDue(trial: true);
        using var paid = await service.TryOrder(practice, "practice");
        var (real, _) = await service.Ordered();
        var told = new TrialDiscarded([practice.ApplicationId, real.ApplicationId], [], service.Clock.Now); // naming a real one changes nothing

        await service.Deliver(told);
        await service.Deliver(told);

        Assert.False(await service.Query(db => db.Fees.AnyAsync(f => f.Id == practice.FeeId)));
        Assert.False(await service.Query(db => db.PaymentOrders.AnyAsync(o => o.FeeId == practice.FeeId)));
        Assert.False(await service.Query(db => db.Transitions.AnyAsync(t => t.FeeId == practice.FeeId)));
        Assert.Single((await service.Row(real)).Orders);
    }

    [Fact]
    public async Task A_fee_of_a_practice_that_was_thrown_away_does_not_fall_due_any_more()
    {
        var practice = await service.FeeFellDue(trial: true);
        await service.Deliver(new TrialDiscarded([practice.ApplicationId], [], service.Clock.Now));

        await service.Deliver(practice);
        await service.Deliver(practice with { FeeId = Guid.NewGuid() });

        Assert.False(await service.Query(db => db.Fees.AnyAsync(f => f.ApplicationId == practice.ApplicationId)));
    }

    [Fact]
    public async Task Fees_that_meet_the_throwing_away_do_not_stay()
    {
        var fees = Enumerable.Range(0, 10).Select(_ => new FeeDue(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "HP", "practice", "110000/110100/", 24400, service.Clock.Now.AddDays(7), service.Clock.Now, Trial: true)).ToList();

        await Task.WhenAll(fees.Select(fee => service.Deliver(fee)).Append(service.Deliver(new TrialDiscarded([.. fees.Select(f => f.ApplicationId)], [], service.Clock.Now))));

        var ids = fees.Select(f => f.FeeId).ToList();
        Assert.False(await service.Query(db => db.Fees.AnyAsync(f => ids.Contains(f.Id))));
    }

    private void AssertNoBankHeardOf(PaymentOrder order)
    {
        Assert.Null(service.Bank.Find(order.Number));
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("HttpClient", StringComparison.Ordinal) && line.Contains(order.Number, StringComparison.Ordinal));
    }
}
