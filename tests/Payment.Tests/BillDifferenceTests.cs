using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>What is a difference between a bill and the books, and what is none.</summary>
[Collection(nameof(PaymentFixture))]
public class BillDifferenceTests(PaymentFixture service)
{
    [Fact]
    public async Task Bills_of_days_that_were_missed_are_asked_for_one_after_the_other()
    {
        await service.Reconcile(service.Today()); // days are missed since the last bill that is known
        var day = service.Today();
        service.Scripted.QuietBefore = day.AddDays(3);
        service.Scripted.Bills[day] = new BillAnswer.Silent("HTTP 500");

        service.Clock.Advance(Bill.AskableFrom(day.AddDays(2)) + TimeSpan.FromMinutes(1) - service.Clock.Now);
        await Testing.Until.Async(async () => (await service.BillOf(day)) is { LastError: not null } && await service.BillOf(day.AddDays(2)) is not null, what: "three days are awaited");
        await service.Watch.Round(CancellationToken.None);
        Assert.Equal((BillState.Waiting, 0), ((await service.BillOf(day.AddDays(1)))!.State, (await service.BillOf(day.AddDays(1)))!.TimesAsked));
        service.Scripted.Bills[day] = new BillAnswer.Told([], []);
        await service.ReconciledUntil(day.AddDays(2));

        foreach (var missed in (DateOnly[])[day, day.AddDays(1)]) Assert.Equal(BillState.Reconciled, (await service.BillOf(missed))!.State);
    }

    [Fact]
    public async Task What_a_bill_tells_twice_is_a_difference_and_its_charge_is_posted_once()
    {
        var ((_, order), day) = (await service.Paid(), service.Today());

        await service.Reconcile(day, Some.Line(order, charge: 7), Some.Line(order, charge: 7));

        Assert.Equal(DifferenceCause.BilledTwice, Assert.Single(await service.DifferencesOf(order.Number)).Cause);
        Assert.Equal([(LedgerAccount.BankCharges, 7L), (LedgerAccount.Bank, -7L)], await service.Posting($"charge:scripted:{day:yyyy-MM-dd}:{order.Number}"));
    }

    [Fact]
    public async Task An_order_of_another_bank_is_an_unknown_number()
    {
        var ((_, order), day) = (await service.Ordered(), service.Today());

        await service.Reconcile(day, Some.Line(order));

        Assert.Equal((DifferenceCause.UnknownNumber, null), (Assert.Single(await service.DifferencesOf(order.Number)).Cause, Assert.Single(await service.DifferencesOf(order.Number)).OrderId));
    }

    [Fact]
    public async Task Money_that_paid_for_nothing_is_in_the_books_as_any_other()
    {
        var (_, order) = await service.PaidTooLate(new RefundAnswer.Pending());

        await service.Reconcile(service.Today(), Some.Line(order));

        Assert.Empty(await service.DifferencesOf(order.Number));
    }

    [Fact]
    public async Task What_was_paid_on_the_next_day_or_before_the_banks_first_bill_is_not_missed_in_this_one()
    {
        var ((_, before), day) = (await service.Paid(), service.Today());
        await service.Reconcile(day, Some.Line(before));
        var next = service.Today();
        var (_, early) = await service.Paid();
        await service.Query(db => db.PaymentOrders.Where(o => o.Id == before.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.BilledOn, (DateOnly?)null).SetProperty(o => o.PaidAt, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        service.Clock.Advance(BeijingDay.EndOf(next) + TimeSpan.FromHours(9) - service.Clock.Now);
        var (_, late) = await service.Paid();

        await service.Reconcile(next, Some.Line(early));

        foreach (var order in (PaymentOrder[])[before, late]) Assert.Empty(await service.DifferencesOf(order.Number));
    }

    [Fact]
    public async Task What_comes_later_with_another_amount_than_billed_heals_nothing()
    {
        var ((_, order), day) = (await service.OrderedByScript(TimeSpan.FromDays(30)), service.Today());
        var paidAt = service.Clock.Now;

        await service.Reconcile(day, Some.Line(order) with { AmountInFen = 24000 });
        service.Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-1", 24400, paidAt);
        await service.Reconcile(day.AddDays(1));

        Assert.Contains(await service.DifferencesOf(order.Number), d => (d.Cause, d.State) == (DifferenceCause.NotHere, DifferenceState.Open));
        Assert.Equal(OrderState.Paid, (await service.Row(order)).State);
    }

    [Fact]
    public async Task A_refund_that_only_the_bill_knows_takes_money_out_of_the_bank()
    {
        var ((_, order), day) = (await service.Paid(), service.Today());
        var sent = await service.RefundApproved(order, 2000);
        await service.Becomes(sent, RefundState.Sent);

        await service.Reconcile(day, Some.Line(order), new(order.Number, sent.Number, "t", 2000, 0, service.Clock.Now));
        await service.Reconcile(day.AddDays(1));

        var open = Assert.Single(await service.DifferencesOf(order.Number));
        Assert.Equal((DifferenceState.Open, -2000L), (open.State, open.MoreInFen));
        Assert.Equal([(LedgerAccount.Bank, -2000L), (LedgerAccount.Differences, 2000L)], await service.Posting($"difference:{open.Id:N}"));
    }

    [Fact]
    public async Task A_refund_that_is_done_here_and_in_no_bill_is_a_difference_too()
    {
        var ((_, order), day) = (await service.Paid(), service.Today());
        service.Scripted.Says(order, new RefundAnswer.Done("bank-1", 1000, service.Clock.Now));
        var done = await service.RefundApproved(order, 1000);
        await service.Becomes(done, RefundState.Done);

        await service.Reconcile(day, Some.Line(order));

        var waits = Assert.Single(await service.DifferencesOf(order.Number));
        Assert.Equal((DifferenceCause.NotInBill, DifferenceState.Waiting, done.Number, 1000L), (waits.Cause, waits.State, waits.RefundNumber, waits.BookedInFen));
    }

    [Fact]
    public async Task A_refund_that_nobody_approved_is_neither_sent_nor_asked_after_because_a_bill_names_it()
    {
        var ((_, order), day) = (await service.Paid(), service.Today());
        var asked = await service.RefundAsked(order, 500);

        await service.Reconcile(day, Some.Line(order), new(order.Number, asked.Number, "t", 500, 0, service.Clock.Now));

        Assert.Empty(service.Scripted.AskedAbout(order));
        Assert.Equal((RefundState.Asked, DifferenceCause.NotHere), ((await service.Row(asked.Id)).State, Assert.Single(await service.DifferencesOf(order.Number)).Cause));
    }

    [Fact]
    public async Task What_waited_in_vain_counts_as_a_difference_when_it_opens()
    {
        await service.Paid();
        var day = service.Today();
        await service.Reconcile(day);
        using var counted = new Counted("exam.reconciliation.differences");

        await service.Reconcile(day.AddDays(1));

        Assert.True(counted.Sum >= 1, $"{counted.Sum}");
    }

    [Fact]
    public async Task A_bill_that_agrees_tells_nobody()
    {
        var day = service.Today();
        await service.Query(db => db.PaymentOrders.Where(o => o.BilledOn == null).ExecuteUpdateAsync(set => set.SetProperty(o => o.BilledOn, day)));
        await service.Query(db => db.Refunds.Where(r => r.BilledOn == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.BilledOn, day)));
        await service.Query(db => db.BillDifferences.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DifferenceState.Settled)));
        var (_, order) = await service.Paid();

        await service.Reconcile(day, Some.Line(order));

        Assert.Empty(await service.ToldOf(day));
    }

    [Fact]
    public void A_bill_sums_what_came_what_went_back_and_what_the_bank_kept()
    {
        var (bill, order) = (new Bill { Channel = "bank", Day = new(2026, 11, 22) }, Some.OrderOf(Some.Fee()));

        Assert.Null(bill.Keep([Some.Line(order, charge: 146), Some.Line(order, charge: 4), Some.Line(order) with { RefundNumber = "R1", AmountInFen = 1000, ChargeInFen = 6 }], [1], Some.Now));

        Assert.Equal((2, 48800L, 1, 1000L, 144L), (bill.Payments, bill.PaidInFen, bill.Refunds, bill.RefundedInFen, bill.ChargesInFen));
    }

    /// <summary>Listens to a counter that the dashboard shows.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener listener = new();
        private long sum;

        public Counted(string name)
        {
            listener.InstrumentPublished = (instrument, l) => { if (instrument.Name == name) l.EnableMeasurementEvents(instrument); };
            listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref sum, measured));
            listener.Start();
        }

        public long Sum => Interlocked.Read(ref sum);

        public void Dispose() => listener.Dispose();
    }
}
