using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

[Collection(nameof(PaymentFixture))]
public class OrderPaymentTests(PaymentFixture service)
{
    [Fact]
    public async Task The_fee_falls_due_once_however_often_the_message_arrives()
    {
        var fee = await service.FeeFellDue();

        await service.Deliver(fee);

        Assert.Equal(24400, (await service.Row(fee)).AmountInFen);
    }

    [Fact]
    public async Task An_order_at_the_bank_carries_the_fees_amount_and_the_applications_words()
    {
        var fee = await service.FeeFellDue();

        using var answer = await service.TryOrder(fee);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var atBank = service.Bank.Find((await service.OrderOf(fee)).Number)!;
        Assert.Equal((atBank.CodeUrl, 24400L), (told.GetProperty("codeUrl").GetString(), told.GetProperty("amountInFen").GetInt64()));
        Assert.Equal((24400L, "CNY", $"Exam fee {fee.FeeId:N}"), (atBank.Terms.TotalInFen, atBank.Terms.Currency, atBank.Terms.Description));
        Assert.Equal(service.Clock.Now.AddHours(2), atBank.Terms.TimeExpire);
    }

    [Fact]
    public async Task Ordering_again_gives_the_same_open_order()
    {
        var (fee, order) = await service.Ordered();

        using var again = await service.TryOrder(fee);

        Assert.Equal(order.Id, (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("orderId").GetGuid());
        Assert.Single((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task Ten_orders_at_once_open_one_payment()
    {
        var fee = await service.FeeFellDue();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.TryOrder(fee)));

        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Conflict }));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Single((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task Someone_elses_fee_is_not_found_on_every_route()
    {
        var (fee, _) = await service.Ordered();
        var other = Guid.NewGuid();

        Assert.Equal(HttpStatusCode.NotFound, (await service.TryOrder(fee, by: other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Candidate(other).GetAsync($"/api/payments/fees/{fee.FeeId}")).StatusCode);
        Assert.Empty((await service.Candidate(other).GetFromJsonAsync<JsonElement>("/api/payments/fees")).EnumerateArray());
    }

    [Fact]
    public async Task An_amount_that_differs_from_the_applications_stops_before_the_bank()
    {
        var fee = await service.FeeFellDue(toldInFen: 100);

        using var answer = await service.TryOrder(fee);

        Assert.Equal("amount-differs", await answer.Code());
        Assert.Empty((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task A_fee_the_application_no_longer_asks_for_takes_no_order()
    {
        var fee = new FeeDue(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "HP", "2027", "110000/", 24400, service.Clock.Now.AddDays(1), service.Clock.Now);
        await service.Deliver(fee);

        using var answer = await service.TryOrder(fee);

        Assert.Equal("fee-not-due", await answer.Code());
    }

    [Fact]
    public async Task A_channel_we_do_not_have_is_bad_input_and_one_the_area_does_not_have_is_refused()
    {
        var fee = await service.FeeFellDue();

        using var answer = await service.TryOrder(fee, "something-later");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-input"), (answer.StatusCode, await answer.Code()));
        using var elsewhere = await service.TryOrder(fee, ScriptedBank.Kind); // ours, and not open in the area
        Assert.Equal((HttpStatusCode.Conflict, "channel-not-open"), (elsewhere.StatusCode, await elsewhere.Code()));
    }

    [Fact]
    public async Task A_key_used_for_another_channel_is_refused()
    {
        var fee = await service.FeeFellDue();
        var candidate = service.Candidate(fee.CandidateId);
        candidate.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        using var first = await candidate.PostAsJsonAsync($"/api/payments/fees/{fee.FeeId}/orders", new { channel = "wechat-native" });
        await service.Query(db => db.PaymentOrders.Where(o => o.FeeId == fee.FeeId).ExecuteUpdateAsync(set => set.SetProperty(o => o.Channel, "something-later")));

        using var second = await candidate.PostAsJsonAsync($"/api/payments/fees/{fee.FeeId}/orders", new { channel = "wechat-native" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity), (first.StatusCode, second.StatusCode));
        await service.Query(db => db.PaymentOrders.Where(o => o.FeeId == fee.FeeId).ExecuteUpdateAsync(set => set.SetProperty(o => o.Channel, "wechat-native")));
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_unknown_and_healed_by_asking_and_keeps_its_code()
    {
        var fee = await service.FeeFellDue();
        await service.Bank.Misbehave("loseAnswer", fee.FeeId.ToString("N"));

        using var lost = await service.TryOrder(fee);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payment-unknown"), (lost.StatusCode, await lost.Code()));
        Assert.Equal(OrderState.Unknown, (await service.OrderOf(fee)).State);
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        await service.Becomes(fee, OrderState.Open);
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        using var answer = await service.TryOrder(fee);

        var order = Assert.Single((await service.Row(fee)).Orders);
        Assert.Equal(service.Bank.Find(order.Number)!.CodeUrl, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codeUrl").GetString());
    }

    [Fact]
    public async Task An_order_that_never_reached_the_bank_fails_and_makes_room_for_another()
    {
        var fee = await service.FeeFellDue();
        await service.Bank.Misbehave("drop", fee.FeeId.ToString("N"));
        using var lost = await service.TryOrder(fee);
        using var tooEarly = await service.TryOrder(fee);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, tooEarly.StatusCode);

        service.Clock.Advance(TimeSpan.FromSeconds(31));
        await service.Becomes(fee, OrderState.Failed);
        using var answer = await service.TryOrder(fee);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal([OrderState.Failed, OrderState.Open], (await service.Row(fee)).Orders.Select(o => o.State));
    }

    [Fact]
    public async Task An_order_left_by_a_crash_before_the_banks_answer_is_asked_after()
    {
        var fee = await service.FeeFellDue();
        await service.Query(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            (await db.LockFee(fee.FeeId, CancellationToken.None))!.Order("wechat-native", "exam fee", null, service.Clock.Now, out _);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return 0;
        });
        using var meanwhile = await service.TryOrder(fee);
        Assert.Equal("payment-unknown", await meanwhile.Code());

        service.Clock.Advance(TimeSpan.FromSeconds(31));

        await service.Becomes(fee, OrderState.Failed);
    }

    [Fact]
    public async Task An_answer_that_the_bank_did_not_sign_is_not_believed()
    {
        var fee = await service.FeeFellDue();
        await service.Bank.Misbehave("wrongSignature", fee.FeeId.ToString("N"));

        using var answer = await service.TryOrder(fee);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal((OrderState.Unknown, null), ((await service.OrderOf(fee)).State, (await service.OrderOf(fee)).CodeUrl));
    }

    [Fact]
    public async Task A_code_that_has_run_out_is_closed_at_the_bank_before_the_next_one()
    {
        var (fee, first) = await service.Ordered();

        service.Clock.Advance(TimeSpan.FromHours(2));
        await service.Becomes(fee, OrderState.Closed);
        using var answer = await service.TryOrder(fee);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(TradeState.Closed, service.Bank.Find(first.Number)!.State);
    }

    [Fact]
    public async Task A_code_that_has_run_out_is_not_given_again_while_the_bank_is_silent()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Misbehave("fail", order.Number, times: 100);
        service.Clock.Advance(TimeSpan.FromHours(2));

        using var answer = await service.TryOrder(fee);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payment-unknown"), (answer.StatusCode, await answer.Code()));
        service.Bank.Services.Behave();
    }

    [Fact]
    public async Task A_look_asks_the_bank_and_shows_a_payment_whose_callback_never_came()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        var seen = await service.Look(fee);

        Assert.Equal(("paid", "paid"), (seen.GetProperty("state").GetString(), seen.GetProperty("order").GetProperty("state").GetString()));
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Fact]
    public async Task Looks_ask_the_bank_only_every_few_seconds()
    {
        var (fee, order) = await service.Ordered();
        await service.Look(fee);
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        Assert.Equal("due", (await service.Look(fee)).GetProperty("state").GetString());
        service.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("paid", (await service.Look(fee)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_fee_shows_what_it_is_made_of_and_how_it_can_be_paid()
    {
        var seen = await service.Look(await service.FeeFellDue());

        Assert.Equal(24400, seen.GetProperty("items")[0].GetProperty("amountInFen").GetInt64());
        Assert.Equal(["wechat-native"], seen.GetProperty("channels").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("order").ValueKind);
    }

    [Fact]
    public async Task Another_way_of_paying_closes_the_old_order_at_its_bank_first()
    {
        var fee = await service.FeeFellDue(channels: [ScriptedBank.Kind, "wechat-native"]);
        using var first = await service.TryOrder(fee, ScriptedBank.Kind);

        using var second = await service.TryOrder(fee);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal([(ScriptedBank.Kind, OrderState.Closed), ("wechat-native", OrderState.Open)], (await service.Row(fee)).Orders.Select(o => (o.Channel, o.State)));
    }

    [Fact]
    public async Task Another_way_of_paying_is_not_opened_when_the_old_one_turns_out_to_be_paid()
    {
        var fee = await service.FeeFellDue(channels: [ScriptedBank.Kind, "wechat-native"]);
        using var first = await service.TryOrder(fee, ScriptedBank.Kind);
        service.Scripted.Orders[(await service.OrderOf(fee)).Number] = new BankAnswer.Paid("transaction-1", 24400, service.Clock.Now);

        using var second = await service.TryOrder(fee);

        Assert.Equal("fee-paid", await second.Code());
        Assert.Equal([OrderState.Paid], (await service.Row(fee)).Orders.Select(o => o.State));
    }
}
