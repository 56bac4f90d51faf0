using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Sandbox.WeChatPay;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Payments.Tests;

[Collection(nameof(PaymentFixture))]
public class CallbackTests(PaymentFixture service)
{
    [Fact]
    public async Task The_same_callback_ten_times_in_parallel_pays_once_with_the_banks_time()
    {
        var (fee, order) = await service.Ordered();
        var paidAt = service.Clock.Now.AddSeconds(-7);

        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, repeat = 10, parallel = true, successTime = paidAt });
        await Until.Async(async () => (await service.CallbacksAbout(order)).Count(c => c.Verdict != Verdict.Received) == 10, what: "all ten are judged");

        var received = Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Equal((fee.ApplicationId, order.Id, 24400L, "wechat-native", paidAt), (received.ApplicationId, received.OrderId, received.AmountInFen, received.Channel, received.PaidAt));
        Assert.Single(await service.CallbacksAbout(order), c => c.Verdict == Verdict.Accepted);
        Assert.Equal((FeeState.Paid, OrderState.Paid), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
    }

    [Fact]
    public async Task A_believed_callback_is_answered_204_and_kept_byte_for_byte()
    {
        var (_, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });
        using var callback = service.Bank.Callback(order.Number);

        using var answer = await service.Anonymous().SendAsync(callback);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(service.Bank.Services.GetRequiredService<Callbacks>().LastOf(order.Number)!.Body, Encoding.UTF8.GetString((await service.CallbacksAbout(order)).Single().Body));
    }

    [Theory]
    [InlineData("wrongSignature", 401, Verdict.Forged)]
    [InlineData("unknownSerial", 401, Verdict.Forged)]
    [InlineData("stale", 401, Verdict.Forged)]
    [InlineData("tampered", 401, Verdict.Forged)]
    [InlineData("noSignature", 401, Verdict.Forged)]
    [InlineData("wrongKey", 400, Verdict.Unreadable)]
    [InlineData("foreignMerchant", 400, Verdict.WrongFacts)]
    public async Task A_forged_callback_changes_nothing_stays_as_a_row_and_raises_an_alert(string kind, int status, Verdict verdict)
    {
        var (fee, order) = await service.Ordered();
        using var alerts = new Alerts();

        var answer = await service.Bank.Control("wechat-pay/forge", new { outTradeNo = order.Number, kind });

        Assert.Equal(status, answer.GetProperty("status").GetInt32());
        Assert.Equal("FAIL", JsonDocument.Parse(answer.GetProperty("body").GetString()!).RootElement.GetProperty("code").GetString());
        Assert.Equal((FeeState.Due, OrderState.Open), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
        Assert.Empty(await service.Published<PaymentReceived>(fee.FeeId));
        var row = await LastRow();
        Assert.Equal(verdict, row.Verdict);
        Assert.Contains(verdict.ToString(), alerts.Verdicts);
        Assert.Contains(service.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(row.Id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signature_probe_is_refused_without_alarm()
    {
        var (fee, order) = await service.Ordered();
        using var alerts = new Alerts();

        var answer = await service.Bank.Control("wechat-pay/probe", new { outTradeNo = order.Number });

        Assert.Equal(401, answer.GetProperty("status").GetInt32());
        Assert.Equal(Verdict.Probe, (await LastRow()).Verdict);
        Assert.Empty(alerts.Verdicts);
        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);
    }

    [Fact]
    public async Task A_wrong_amount_changes_nothing_and_asking_the_bank_finds_the_truth()
    {
        var (fee, order) = await service.Ordered();
        using var alerts = new Alerts();

        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, amountInFen = 1 });
        await Until.Async(async () => (await service.CallbacksAbout(order)) is [{ Verdict: Verdict.WrongFacts }], what: "the lie is judged");
        Assert.Equal((FeeState.Due, "WrongFacts"), ((await service.Row(fee)).State, Assert.Single(alerts.Verdicts)));
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        await service.Becomes(fee, FeeState.Paid);
        Assert.Equal(24400, Assert.Single(await service.Published<PaymentReceived>(fee.FeeId)).AmountInFen);
    }

    [Fact]
    public async Task A_callback_that_comes_before_the_answer_to_our_order_is_taken()
    {
        var fee = await service.FeeFellDue();
        await service.Bank.Misbehave("loseAnswer", fee.FeeId.ToString("N"));
        using var lost = await service.TryOrder(fee);

        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = (await service.OrderOf(fee)).Number });

        await service.Becomes(fee, FeeState.Paid);
        using var again = await service.TryOrder(fee);
        Assert.Equal("fee-paid", await again.Code());
    }

    [Fact]
    public async Task A_callback_a_day_late_is_believed_and_changes_nothing_more()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });
        await service.Look(fee);

        service.Clock.Advance(TimeSpan.FromDays(1));
        using var answer = await service.Anonymous().SendAsync(service.Bank.Callback(order.Number));

        Assert.Equal((HttpStatusCode.NoContent, Verdict.Repeated), (answer.StatusCode, (await service.CallbacksAbout(order)).Single().Verdict));
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Fact]
    public async Task A_recorded_callback_played_again_five_minutes_later_is_refused()
    {
        var (_, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });
        using var recorded = service.Bank.Callback(order.Number);

        service.Clock.Advance(TimeSpan.FromSeconds(300));
        using var answer = await service.Anonymous().SendAsync(recorded);

        Assert.Equal((HttpStatusCode.Unauthorized, Verdict.Forged), (answer.StatusCode, (await LastRow()).Verdict));
    }

    [Fact]
    public async Task A_callback_stored_before_a_crash_is_judged_afterwards_by_its_time_of_arrival()
    {
        var (_, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });
        using var callback = service.Bank.Callback(order.Number);
        var headers = callback.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(',', h.Value));
        var stored = new BankCallback { Id = Guid.CreateVersion7(), Channel = "wechat-pay", ReceivedAt = service.Clock.Now, Headers = JsonSerializer.Serialize(headers), Body = await callback.Content!.ReadAsByteArrayAsync() };
        await service.Query(db => { db.Add(stored); return db.SaveChangesAsync(); });

        service.Clock.Advance(TimeSpan.FromMinutes(10)); // its signature would be too old by now

        BankCallback? judged = null;
        await Until.Async(async () => (judged = await service.Query(db => db.BankCallbacks.AsNoTracking().SingleAsync(c => c.Id == stored.Id))).Verdict != Verdict.Received, what: "it is judged");
        Assert.True(judged!.Verdict is Verdict.Accepted or Verdict.Repeated, $"{judged.Verdict} {judged.Reason}"); // asking the bank may have been faster
    }

    [Fact]
    public async Task A_callback_just_received_is_left_to_its_request_and_one_that_cannot_be_judged_is_answered_to_be_sent_again()
    {
        using var answer = await service.Anonymous().PostAsync("/callbacks/scripted", new StringContent("no notice"));
        Assert.Equal(nameof(Verdict.Received), await answer.Content.ReadAsStringAsync());
        var left = await LastRow();
        var (fee, order) = await service.OrderedByScript();
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, service.Clock.Now);

        await service.Watch.Round(CancellationToken.None);
        Assert.DoesNotContain(service.Logs.Lines, Failed);
        service.Clock.Advance(TimeSpan.FromSeconds(31));

        await service.Becomes(fee, FeeState.Paid); // it stops nothing
        await Until.Async(() => Task.FromResult(service.Logs.Lines.Any(Failed)), what: "it is tried again");
        await service.Query(db => db.BankCallbacks.Where(c => c.Id == left.Id).ExecuteDeleteAsync());

        bool Failed(string line) => line.Contains($"Work on {left.Id}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_judged_is_not_judged_again()
    {
        var (_, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number });
        await Until.Async(async () => (await service.CallbacksAbout(order)).Count > 0, what: "it is judged");
        var judged = (await service.CallbacksAbout(order))[0];

        await using var scope = service.Services.CreateAsyncScope();
        var again = await scope.ServiceProvider.GetRequiredService<CallbackJudge>().Judge(judged.Id, CancellationToken.None);

        Assert.Equal(judged.Verdict, again);
        Assert.Equal(judged.JudgedAt, (await service.CallbacksAbout(order))[0].JudgedAt);
    }

    [Fact]
    public async Task An_order_of_another_bank_is_none_of_this_banks()
    {
        var (fee, order) = await service.Ordered();

        using var answer = await service.Anonymous().PostAsJsonAsync("/callbacks/scripted", new ScriptedBank.Notice($"event-{order.Number}", order.Number, null, 24400, service.Clock.Now), JsonSerializerOptions.Default);

        Assert.Equal((nameof(Verdict.WrongFacts), FeeState.Due), (await answer.Content.ReadAsStringAsync(), (await service.Row(fee)).State));
    }

    [Fact]
    public async Task A_refund_of_one_order_is_not_told_under_another_of_the_same_fee()
    {
        var (fee, left) = await service.OrderedByScript();
        using var closed = await service.Candidate(fee.CandidateId).PostAsync($"/api/payments/fees/{fee.FeeId}/orders/closing", null);
        using var second = await service.TryOrder(fee, ScriptedBank.Kind);
        var order = (await service.Row(fee)).Orders.Single(o => o.Id != left.Id);
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, service.Clock.Now);
        await service.Look(fee);
        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Sent);

        using var answer = await service.Anonymous().PostAsJsonAsync("/callbacks/scripted", new ScriptedBank.Notice("event-" + refund.Number, left.Number, refund.Number, 24400, service.Clock.Now), JsonSerializerOptions.Default);

        Assert.Equal((nameof(Verdict.WrongFacts), RefundState.Sent), (await answer.Content.ReadAsStringAsync(), (await service.Row(refund.Id)).State));
    }

    [Fact]
    public async Task Tokens_and_cookies_are_not_kept_with_a_callback()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/callbacks/wechat-pay") { Content = new StringContent("{}") };
        foreach (var (name, value) in ((string, string)[])[("Authorization", "Bearer secret-token"), ("Cookie", "session=secret-cookie"), ("X-Kept", "kept")]) request.Headers.TryAddWithoutValidation(name, value);

        using var answer = await service.Anonymous().SendAsync(request);

        var row = await LastRow();
        Assert.Contains("kept", row.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", row.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rubbish_is_kept_and_refused_in_the_banks_words()
    {
        using var answer = await service.Anonymous().PostAsync("/callbacks/wechat-pay", new StringContent("{\"broken\":", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("FAIL", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal("{\"broken\":", Encoding.UTF8.GetString((await LastRow()).Body));
    }

    [Fact]
    public async Task A_body_larger_than_any_callback_is_refused_and_not_kept()
    {
        using var answer = await service.Anonymous().PostAsync("/callbacks/wechat-pay", new ByteArrayContent(new byte[70_000]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.False(await service.Query(db => db.BankCallbacks.AnyAsync(c => c.Body.Length > 65_536)));
    }

    [Fact]
    public async Task A_bank_we_do_not_know_is_not_found() =>
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().PostAsync("/callbacks/nobank", new StringContent("{}"))).StatusCode);

    [Fact]
    public async Task No_key_and_no_signature_reaches_the_log()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number });
        await service.Becomes(fee, FeeState.Paid);

        Assert.NotEmpty(service.Logs.Lines);
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains(service.Bank.ApiV3Key, StringComparison.Ordinal)
            || line.Contains("signature=\"", StringComparison.Ordinal) || line.Contains(service.Bank.MerchantPrivateKeyPem[40..80], StringComparison.Ordinal));
    }

    private Task<BankCallback> LastRow() => service.Query(db => db.BankCallbacks.AsNoTracking().OrderByDescending(c => c.Id).FirstAsync());

    /// <summary>Listens to the counter that the dashboard shows.</summary>
    private sealed class Alerts : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> verdicts = new();

        public Alerts()
        {
            listener.InstrumentPublished = (instrument, l) => { if (instrument.Name == "exam.callbacks.refused") l.EnableMeasurementEvents(instrument); };
            listener.SetMeasurementEventCallback<long>((_, _, tags, _) => verdicts.Enqueue(tags.ToArray().Single(t => t.Key == "verdict").Value!.ToString()!));
            listener.Start();
        }

        public IReadOnlyCollection<string> Verdicts => verdicts;

        public void Dispose() => listener.Dispose();
    }
}
