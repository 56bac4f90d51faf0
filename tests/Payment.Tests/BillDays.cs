using System.Text;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>Days of the scripted bank and what their bills brought.</summary>
internal static class BillDays
{
    public static DateOnly Today(this PaymentFixture service) => BeijingDay.Of(service.Clock.Now);

    /// <summary>The day passes, and on the next its bill is there.</summary>
    public static async Task Reconcile(this PaymentFixture service, DateOnly day, params BillLine[] lines)
    {
        service.Scripted.QuietBefore = day;
        service.Scripted.Bills[day] = new BillAnswer.Told(lines, Encoding.UTF8.GetBytes($"bill of {day:O}"));
        var left = Bill.AskableFrom(day) + TimeSpan.FromMinutes(5) - service.Clock.Now;
        if (left > TimeSpan.Zero) service.Clock.Advance(left);
        await service.ReconciledUntil(day);
    }

    public static Task ReconciledUntil(this PaymentFixture service, DateOnly day) => Testing.Until.Async(async () =>
    {
        if ((await service.BillOf(day))?.State == BillState.Reconciled) return true;
        service.Clock.Advance(TimeSpan.FromMinutes(10)); // bills of before may wait for their next try
        await service.Watch.Round(CancellationToken.None);
        return false;
    }, what: $"the bill of {day:O} is reconciled");

    public static Task<Bill?> BillOf(this PaymentFixture service, DateOnly day) => service.Query(db => db.Bills.AsNoTracking().SingleOrDefaultAsync(b => b.Channel == "scripted" && b.Day == day));

    public static Task<PaymentOrder> Row(this PaymentFixture service, PaymentOrder order) => service.Query(db => db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == order.Id));

    public static Task<List<BillDifference>> DifferencesOf(this PaymentFixture service, string number) => service.Query(db => db.BillDifferences.AsNoTracking().Where(d => d.Number == number).OrderBy(d => d.Id).ToListAsync());

    /// <summary>What was told of the day's differences.</summary>
    public static Task<List<ReconciliationDiffers>> ToldOf(this PaymentFixture service, DateOnly day) => service.Query(async db =>
        (await db.Outbox.AsNoTracking().Where(m => m.Type.StartsWith(typeof(ReconciliationDiffers).FullName + ",")).ToListAsync()).Select(m => JsonSerializer.Deserialize<ReconciliationDiffers>(m.Body, Messaging.Json)!).Where(m => m.Day == day).ToList());
}
