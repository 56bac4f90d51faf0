using System.IO.Compression;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>Fetches each bank's bill of the days before, one after the other, and has it compared with our books. A bill that is not there yet is asked for again.</summary>
public sealed class ReconcileBills(PaymentDb db, Reconciliation reconciliation, IEnumerable<IChannel> channels, Seals seals, TimeProvider clock, ILogger<ReconcileBills> log)
{
    /// <summary>Awaits the bills of all days that are over; after the platform was away, of every day it missed.</summary>
    public async Task Await(CancellationToken cancellationToken)
    {
        var last = BeijingDay.Of(clock.GetUtcNow() - Bill.ReadyAt).AddDays(-1);
        foreach (var channel in channels.Where(c => c.Name.Length > 0))
        {
            var known = await db.Bills.Where(b => b.Channel == channel.Name).MaxAsync(b => (DateOnly?)b.Day, cancellationToken);
            for (var day = known?.AddDays(1) ?? last; day <= last; day = day.AddDays(1))
            {
                var askable = Bill.AskableFrom(day);
                await db.Database.ExecuteSqlAsync($"""
                    insert into bills (channel, day, state, try_at, times_asked, payments, paid_in_fen, refunds, refunded_in_fen, charges_in_fen)
                    values ({channel.Name}, {day}, 'Waiting', {askable}, 0, 0, 0, 0, 0, 0) on conflict do nothing
                    """, cancellationToken);
            }
        }
    }

    public async Task Fetch(string name, DateOnly day, CancellationToken cancellationToken)
    {
        if (channels.SingleOrDefault(c => c.Name == name) is not { } channel) return; // a bank we no longer have
        var answer = await channel.Bill(day, cancellationToken);
        if (answer is BillAnswer.Told told)
        {
            await reconciliation.Reconcile(channel, day, told.Lines, seals.Seal(await Packed(told.Raw), Bill.Place(name, day)), cancellationToken);
            return;
        }
        var why = answer is BillAnswer.Silent silent ? silent.Reason : "not ready";
        var bill = await db.Bills.SingleAsync(b => b.Channel == name && b.Day == day, cancellationToken);
        bill.Miss(why);
        await db.SaveChangesAsync(cancellationToken);
        log.Log(bill.TimesAsked >= Bill.TimesAskedInVain ? LogLevel.Error : LogLevel.Information, "The bill of {Channel} for {Day} is not there ({Reason}) after {Times} tries; asked for again at {TryAt:u}", name, day, why, bill.TimesAsked, bill.TryAt);
    }

    private static async Task<byte[]> Packed(byte[] raw)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) await gzip.WriteAsync(raw);
        return packed.ToArray();
    }
}
