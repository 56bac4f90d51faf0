using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Payments.Tests;

/// <summary>The double-entry ledger.</summary>
[Collection(nameof(PaymentFixture))]
public class LedgerTests(PaymentFixture service)
{
    [Fact]
    public async Task A_payment_is_posted_once_however_often_the_bank_tells_it()
    {
        var (fee, order) = await service.Paid();

        service.Clock.Advance(TimeSpan.FromSeconds(5));
        await service.Look(fee);

        Assert.Equal([(LedgerAccount.Bank, 24400L), (LedgerAccount.ExamFees, -24400L)], await service.Posting($"paid:{order.Id:N}:0"));
    }

    [Fact]
    public async Task Practice_is_not_in_the_ledger()
    {
        var fee = await service.FeeFellDue(trial: true);

        using var answer = await service.TryOrder(fee, PracticeChannel.Kind);

        var order = await service.OrderOf(fee);
        Assert.Equal(OrderState.Paid, order.State);
        Assert.Empty(await service.Posting($"paid:{order.Id:N}:0"));
    }

    [Fact]
    public void A_payment_is_posted_on_the_banks_day_in_Beijing()
    {
        var order = Some.OrderOf(Some.Fee());
        order.Fire(OrderEvent.PaidForFee, Some.Paid(new(2026, 11, 22, 16, 0, 0, TimeSpan.Zero)), "test", Some.Now);

        Assert.All(LedgerEntry.OfPayment(order, wasPaid: false, "bank", Some.Now), entry => Assert.Equal(new DateOnly(2026, 11, 23), entry.Day));
        Assert.Empty(LedgerEntry.OfPayment(order, wasPaid: true, "bank", Some.Now));
    }

    [Theory]
    [InlineData(100, -99)]
    [InlineData(100, 100)]
    public async Task The_database_refuses_a_posting_that_does_not_balance(long first, long second)
    {
        var posting = $"test:{Guid.NewGuid():N}";

        await Refuses(db => db.LedgerEntries.AddRange(Entry(posting, 1, first), Entry(posting, 2, second)), "does not balance");
        Assert.Empty(await service.Posting(posting));
    }

    [Fact]
    public async Task The_database_refuses_half_a_posting_and_a_second_one_of_the_same_event()
    {
        var posting = $"test:{Guid.NewGuid():N}";
        await service.Query(async db =>
        {
            db.LedgerEntries.AddRange(Entry(posting, 1, 100), Entry(posting, 2, -100));
            return await db.SaveChangesAsync();
        });

        await Refuses(db => db.LedgerEntries.Add(Entry(posting + "x", 1, 0)), "does not balance");
        await Refuses(db => db.LedgerEntries.AddRange(Entry(posting, 1, 100), Entry(posting, 2, -100)), "pk_ledger_entries");
    }

    [Fact]
    public async Task No_line_of_the_ledger_is_ever_changed_or_taken_out()
    {
        var (_, order) = await service.Paid();
        var posting = $"paid:{order.Id:N}:0";

        foreach (var change in (FormattableString[])[$"update ledger_entries set day = day + 1 where posting = {posting}", $"delete from ledger_entries where posting = {posting}", $"truncate ledger_entries"])
            Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(() => service.Query(db => db.Database.ExecuteSqlAsync(change)))).MessageText, StringComparison.Ordinal);
    }

    private async Task Refuses(Action<PaymentDb> add, string why)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => service.Query(db =>
        {
            add(db);
            return db.SaveChangesAsync();
        }));
        var told = refused as PostgresException ?? refused.InnerException as PostgresException;
        Assert.Contains(why, $"{told?.MessageText} {told?.ConstraintName}", StringComparison.Ordinal);
    }

    private static LedgerEntry Entry(string posting, int line, long amountInFen) => new(posting, line, LedgerAccount.Bank, "test", amountInFen, new(2026, 11, 22), Some.Now);
}
