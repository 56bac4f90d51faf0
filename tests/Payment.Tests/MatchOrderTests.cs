using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>The one path past the table of edges.</summary>
[Collection(nameof(PaymentFixture))]
public class MatchOrderTests(PaymentFixture service)
{
    [Fact]
    public async Task An_order_the_bank_denies_after_all_is_made_what_the_bank_says_and_the_fee_is_due_again()
    {
        var ((fee, order), officer) = (await service.Paid(), Guid.NewGuid());
        service.Scripted.Orders[order.Number] = new BankAnswer.Closed();

        using var answer = await Match(order, officer);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = await service.Row(fee);
        Assert.Equal((FeeState.Due, OrderState.Closed, null), (row.State, row.Orders[^1].State, row.PaidAt));
        Assert.Equal([(LedgerAccount.ExamFees, 24400L), (LedgerAccount.Bank, -24400L)], await service.Posting($"denied:{order.Id:N}:1"));
        var step = Assert.Single(row.History, s => s.OrderId == order.Id && s.Event == Fee.MatchedToBank);
        Assert.Equal(("Paid", "Closed", officer, "银行来函说明"), (step.From, step.To, step.ActorId, step.Reason));
        var key = step.Id.ToString(CultureInfo.InvariantCulture);
        Assert.True(await service.Query(db => db.Audit.AnyAsync(a => a.Source == "transitions" && a.Key == key)));
    }

    [Fact]
    public async Task Once_matched_it_can_be_paid_and_posted_again()
    {
        var (fee, order) = await service.Paid();
        service.Scripted.Orders[order.Number] = new BankAnswer.Closed();
        using var denied = await Match(order);
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, service.Clock.Now);

        using var answer = await Match(order);

        Assert.Equal((FeeState.Paid, HttpStatusCode.OK), ((await service.Row(fee)).State, answer.StatusCode));
        Assert.Equal([(LedgerAccount.Bank, 24400L), (LedgerAccount.ExamFees, -24400L)], await service.Posting($"paid:{order.Id:N}:1"));
        Assert.Equal(2, (await service.Row(fee)).History.Count(s => s.OrderId == order.Id && s.Event == Fee.MatchedToBank));
    }

    [Fact]
    public async Task Nothing_changes_while_the_bank_is_silent_says_the_same_or_tells_another_amount()
    {
        var (fee, order) = await service.Paid();

        using var same = await Match(order);
        service.Scripted.Orders[order.Number] = new BankAnswer.Silent("away");
        using var silent = await Match(order);
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 1, service.Clock.Now);
        using var differs = await Match(order);

        Assert.Equal(["matches-already", "bank-silent", "amount-differs"], [await same.Code(), await silent.Code(), await differs.Code()]);
        Assert.Equal(FeeState.Paid, (await service.Row(fee)).State);
        Assert.DoesNotContain((await service.Row(fee)).History, s => s.Event == Fee.MatchedToBank);
    }

    [Fact]
    public async Task An_order_whose_money_is_going_back_is_not_denied()
    {
        var (_, order) = await service.Paid();
        await service.RefundAsked(order, 100);
        service.Scripted.Orders[order.Number] = new BankAnswer.Closed();

        using var answer = await Match(order);

        Assert.Equal("refund-under-way", await answer.Code());
    }

    [Fact]
    public async Task Matching_is_for_officers_of_the_place_with_a_reason()
    {
        var (_, order) = await service.Paid();
        var address = $"/api/payments/orders/{order.Id}/match";

        using var elsewhere = await service.Province(area: "350000/").PostAsJsonAsync(address, new { reason = "理由" });
        using var point = await service.Officer("point", "110000/110100/").PostAsJsonAsync(address, new { reason = "理由" });
        using var wordless = await service.Province().PostAsJsonAsync(address, new { reason = " " });

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.BadRequest], new[] { elsewhere, point, wordless }.Select(a => a.StatusCode));
    }

    [Theory]
    [InlineData(-1, FeeState.Due)]
    [InlineData(0, FeeState.Closed)]
    public void A_fee_whose_payment_is_denied_is_due_until_its_time_and_closed_after_it(int secondsAfterDeadline, FeeState state)
    {
        var fee = Some.Fee();
        var order = Some.OrderOf(fee);
        Assert.Null(fee.Learn(order, Some.Paid(Some.Now), "test", Some.Now));

        Assert.Null(fee.Match(order, new BankAnswer.Closed(), "reason", Guid.NewGuid(), Some.DueAt.AddSeconds(secondsAfterDeadline)));

        Assert.Equal((state, state == FeeState.Due ? Some.DueAt : null), (fee.State, fee.SettleAt)); // what is due is closed at its time
    }

    [Fact]
    public void An_order_is_not_opened_again_beside_another_that_is_open()
    {
        var fee = Some.Fee();
        var first = Some.OrderOf(fee);
        Assert.Null(fee.Learn(first, new BankAnswer.Closed(), "test", Some.Now));
        Some.OrderOf(fee);

        Assert.Equal("order-live", fee.Match(first, new BankAnswer.Unpaid(), "reason", Guid.NewGuid(), Some.Now)!.Code);
        Assert.Equal(OrderState.Closed, first.State);
    }

    [Fact]
    public void What_the_table_allows_goes_by_it_and_names_the_officer_all_the_same()
    {
        var (fee, officer) = (Some.Fee(), Guid.NewGuid());
        var order = Some.OrderOf(fee);
        Assert.Null(fee.Learn(order, new BankAnswer.Refused("code"), "test", Some.Now));

        Assert.Null(fee.Match(order, Some.Paid(Some.Now), "reason", officer, Some.Now));

        Assert.Equal((FeeState.Paid, 0), (fee.State, order.TimesMatched));
        var step = Assert.Single(fee.History, s => s.Event == Fee.MatchedToBank);
        Assert.Equal(("Failed", "Paid", officer, "reason"), (step.From, step.To, step.ActorId, step.Reason));
    }

    [Fact]
    public async Task A_callback_played_again_after_the_bank_denied_its_payment_changes_nothing()
    {
        var (fee, order) = await service.OrderedByScript();
        var notice = new ScriptedBank.Notice($"event-{order.Number}", order.Number, null, 24400, service.Clock.Now);
        using var paid = await service.Anonymous().PostAsJsonAsync("/callbacks/scripted", notice, JsonSerializerOptions.Default);
        service.Scripted.Orders[order.Number] = new BankAnswer.Closed();
        using var denied = await Match(order);

        using var again = await service.Anonymous().PostAsJsonAsync("/callbacks/scripted", notice, JsonSerializerOptions.Default);

        Assert.Equal(("Accepted", HttpStatusCode.OK, "Repeated"), (await paid.Content.ReadAsStringAsync(), denied.StatusCode, await again.Content.ReadAsStringAsync()));
        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);
    }

    [Fact]
    public async Task What_was_paid_for_practice_is_denied_by_no_bank()
    {
        var fee = await service.FeeFellDue(trial: true);
        using var practised = await service.TryOrder(fee, PracticeChannel.Kind);

        using var answer = await Match(await service.OrderOf(fee));

        Assert.Equal(("matches-already", FeeState.Paid), (await answer.Code(), (await service.Row(fee)).State));
    }

    private Task<HttpResponseMessage> Match(PaymentOrder order, Guid? officer = null) => service.Province(officer).PostAsJsonAsync($"/api/payments/orders/{order.Id}/match", new { reason = "银行来函说明" });
}
