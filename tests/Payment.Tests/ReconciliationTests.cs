using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Payments.Tests;

/// <summary>The bank's bill of a day against our books.</summary>
[Collection(nameof(PaymentFixture))]
public class ReconciliationTests(PaymentFixture service)
{
    private DateOnly Today => BeijingDay.Of(service.Clock.Now);

    [Fact]
    public async Task What_agrees_leaves_no_difference_and_its_charge_is_posted()
    {
        var (_, order) = await service.Paid();
        var day = Today;

        await Reconcile(day, Line(order, charge: 146));

        Assert.Equal(day, (await Row(order)).BilledOn);
        Assert.Empty(await Differences(order));
        Assert.Equal([(LedgerAccount.BankCharges, 146L), (LedgerAccount.Bank, -146L)], await service.Posting($"charge:scripted:{day:yyyy-MM-dd}:{order.Number}"));
    }

    [Fact]
    public async Task A_bill_is_asked_for_from_ten_o_clock_Beijing_time_on_until_it_is_there()
    {
        var day = Today;
        service.Scripted.QuietBefore = day;
        service.Clock.Advance(Bill.AskableFrom(day) - TimeSpan.FromMinutes(1) - service.Clock.Now);
        await service.Watch.Round(CancellationToken.None);
        Assert.Null(await BillOf(day));

        service.Clock.Advance(TimeSpan.FromMinutes(2));
        await Testing.Until.Async(async () => (await BillOf(day))?.LastError == "not ready", what: "the bill is not ready");
        service.Scripted.Bills[day] = new BillAnswer.Silent("HTTP 500");
        service.Clock.Advance(TimeSpan.FromHours(1));
        await Testing.Until.Async(async () => (await BillOf(day))!.LastError == "HTTP 500", what: "the bank is silent");

        await Reconcile(day);
        Assert.Equal((BillState.Reconciled, null), ((await BillOf(day))!.State, (await BillOf(day))!.LastError));
    }

    [Fact]
    public async Task The_bill_is_kept_as_it_came_and_sealed()
    {
        var day = Today;

        await Reconcile(day);

        var kept = (await BillOf(day))!.Sealed!;
        await using var packed = new GZipStream(new MemoryStream(service.Services.GetRequiredService<Seals>().Open(kept, Bill.Place("scripted", day))), CompressionMode.Decompress);
        using var reader = new StreamReader(packed, Encoding.UTF8);
        Assert.Equal($"bill of {day:O}", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task What_the_bill_says_was_paid_and_we_had_given_up_is_asked_at_the_bank_and_healed()
    {
        var (fee, order) = await service.OrderedByScript();
        await service.Query(db => db.PaymentOrders.Where(o => o.Id == order.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrderState.Failed).SetProperty(o => o.NextAskAt, (DateTimeOffset?)null)));
        var day = Today;
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, service.Clock.Now);

        await Reconcile(day, Line(order));

        Assert.Equal(FeeState.Paid, (await service.Row(fee)).State);
        Assert.Contains((await service.Row(fee)).History, step => step.OrderId == order.Id && step.Source == "bill");
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Empty(await Differences(order));
    }

    [Fact]
    public async Task What_the_bank_denies_when_asked_stays_open_until_it_says_so_itself()
    {
        var (_, order) = await service.OrderedByScript(TimeSpan.FromDays(30));
        var (day, paidAt) = (Today, service.Clock.Now);

        await Reconcile(day, Line(order));
        var open = Assert.Single(await Differences(order));
        Assert.Equal((DifferenceCause.NotHere, DifferenceState.Open), (open.Cause, open.State));
        Assert.Equal([(LedgerAccount.Bank, 24400L), (LedgerAccount.Differences, -24400L)], await service.Posting($"difference:{open.Id:N}"));
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, paidAt);
        await Reconcile(day.AddDays(1));

        Assert.Equal((DifferenceState.Settled, null, day), (Assert.Single(await Differences(order)).State, Assert.Single(await Differences(order)).SettledBy, (await Row(order)).BilledOn));
        Assert.Equal([(LedgerAccount.Differences, 24400L), (LedgerAccount.Bank, -24400L)], await service.Posting($"healed:{open.Id:N}"));
        Assert.Equal(0, await service.Query(db => db.LedgerEntries.SumAsync(e => e.AmountInFen)));
    }

    [Fact]
    public async Task What_is_here_and_not_in_the_bill_waits_for_the_next_days_bill()
    {
        var ((_, late), (_, never)) = (await service.Paid(), await service.Paid());
        var day = Today;

        await Reconcile(day);
        Assert.Equal([DifferenceState.Waiting, DifferenceState.Waiting], [Assert.Single(await Differences(late)).State, Assert.Single(await Differences(never)).State]);
        await Reconcile(day.AddDays(1), Line(late));

        var came = Assert.Single(await Differences(late));
        Assert.Equal(DifferenceState.Settled, came.State);
        Assert.Empty(await service.Posting($"healed:{came.Id:N}")); // nothing had been posted
        var open = Assert.Single(await Differences(never));
        Assert.Equal((DifferenceCause.NotInBill, DifferenceState.Open), (open.Cause, open.State));
        Assert.Equal([(LedgerAccount.Bank, -24400L), (LedgerAccount.Differences, 24400L)], await service.Posting($"difference:{open.Id:N}"));
        Assert.Contains(await Told(day.AddDays(1)), told => told.Channel == "scripted" && told.Open >= 1);
    }

    [Fact]
    public async Task Another_amount_an_unknown_number_and_what_is_billed_twice_are_differences()
    {
        var ((_, order), (_, twice)) = (await service.Paid(), await service.Paid());
        var (day, unknown) = (Today, Guid.NewGuid().ToString("N"));

        await Reconcile(day, Line(order) with { AmountInFen = 24000 }, Line(twice), new(unknown, null, "transaction-2", 100, 0, service.Clock.Now));
        await Reconcile(day.AddDays(1), Line(twice));

        var differs = Assert.Single(await Differences(order));
        Assert.Equal((DifferenceCause.AmountDiffers, 24000L, 24400L), (differs.Cause, differs.BilledInFen, differs.BookedInFen));
        Assert.Equal([(LedgerAccount.Bank, -400L), (LedgerAccount.Differences, 400L)], await service.Posting($"difference:{differs.Id:N}"));
        Assert.Equal(DifferenceCause.BilledTwice, Assert.Single(await Differences(twice)).Cause);
        Assert.Equal(DifferenceCause.UnknownNumber, (await service.Query(db => db.BillDifferences.SingleAsync(d => d.Number == unknown))).Cause);
    }

    [Fact]
    public async Task Refunds_are_compared_as_payments_are()
    {
        var ((_, order), (_, under)) = (await service.Paid(), await service.Paid());
        service.Scripted.Says(order, new RefundAnswer.Done("bank-1", 1000, service.Clock.Now));
        var (done, sent) = (await service.RefundApproved(order, 1000), await service.RefundApproved(under, 2000));
        await service.Becomes(done, RefundState.Done);
        await service.Becomes(sent, RefundState.Sent);
        var day = Today;

        await Reconcile(day, Line(order), Line(under), new(order.Number, done.Number, "t", 1000, 6, service.Clock.Now), new(under.Number, sent.Number, "t", 2000, 0, service.Clock.Now));
        Assert.Equal((day, DifferenceState.Waiting), ((await service.Row(done.Id)).BilledOn, Assert.Single(await Differences(under)).State));
        Assert.Equal([(LedgerAccount.Bank, 6L), (LedgerAccount.BankCharges, -6L)], await service.Posting($"charge-back:scripted:{day:yyyy-MM-dd}:{done.Number}"));
        service.Scripted.Says(under, new RefundAnswer.Done("bank-2", 2000, service.Clock.Now));
        await Reconcile(day.AddDays(1));

        Assert.Equal(DifferenceState.Settled, Assert.Single(await Differences(under)).State);
        Assert.Empty(await Differences(order));
    }

    [Fact]
    public async Task A_bill_is_reconciled_once_by_whichever_replica()
    {
        var (_, order) = await service.Paid();
        var (day, lines) = (Today, new[] { Line(order, charge: 10) });
        await Reconcile(day, lines);

        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Reconciliation>().Reconcile(service.Scripted, day, lines, [], CancellationToken.None);

        Assert.Equal((1, 10L), ((await BillOf(day))!.Payments, (await BillOf(day))!.ChargesInFen));
        Assert.NotEmpty((await BillOf(day))!.Sealed!);
    }

    [Fact]
    public async Task An_open_difference_is_settled_once_with_a_note_by_a_national_officer()
    {
        var (day, number) = (Today, Guid.NewGuid().ToString("N"));
        await Reconcile(day, new BillLine(number, null, "t", 100, 0, service.Clock.Now));
        var address = $"/api/payments/differences/{(await service.Query(db => db.BillDifferences.SingleAsync(d => d.Number == number))).Id}/settlement";

        using var province = await service.Province().PostAsJsonAsync(address, new { note = "已核实" });
        using var wordless = await service.Officer("national", "").PostAsJsonAsync(address, new { note = "" });
        using var first = await service.Officer("national", "").PostAsJsonAsync(address, new { note = "银行误记，已冲正" });
        using var second = await service.Officer("national", "").PostAsJsonAsync(address, new { note = "再次" });

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.NoContent, HttpStatusCode.Conflict], new[] { province, wordless, first, second }.Select(a => a.StatusCode));
        Assert.Equal("银行误记，已冲正", (await service.Query(db => db.BillDifferences.SingleAsync(d => d.Number == number))).Note);
    }

    [Fact]
    public async Task The_books_are_for_national_officers_and_their_balances_sum_to_nothing()
    {
        var (_, order) = await service.Paid();
        await Reconcile(Today, Line(order, charge: 5));

        foreach (var book in (string[])["ledger", "bills", "differences", "refused-callbacks"])
            Assert.Equal(HttpStatusCode.Forbidden, (await service.Province().GetAsync($"/api/payments/{book}")).StatusCode);
        var ledger = await service.Officer("national", "").GetFromJsonAsync<JsonElement>("/api/payments/ledger");
        var scripted = ledger.GetProperty("balances").EnumerateArray().Where(b => b.GetProperty("channel").GetString() == "scripted").ToList();
        Assert.Equal(0, ledger.GetProperty("sum").GetInt64());
        Assert.Equal(0, scripted.Sum(b => b.GetProperty("balanceInFen").GetInt64()));
        Assert.NotEmpty(scripted);
    }

    private static BillLine Line(PaymentOrder order, long charge = 0) => Some.Line(order, charge);

    private Task Reconcile(DateOnly day, params BillLine[] lines) => service.Reconcile(day, lines);

    private Task<Bill?> BillOf(DateOnly day) => service.BillOf(day);

    private Task<PaymentOrder> Row(PaymentOrder order) => service.Row(order);

    private Task<List<BillDifference>> Differences(PaymentOrder order) => service.DifferencesOf(order.Number);

    private Task<List<ReconciliationDiffers>> Told(DateOnly day) => service.ToldOf(day);
}
