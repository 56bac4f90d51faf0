using System.Diagnostics.Metrics;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments;

/// <summary>
/// Compares a bank's bill with our orders and refunds. What the bank has and we do not is asked at the bank, which is right about money; what we have and it does not may be a matter of time,
/// so the next day's bill is looked at first. What is left is a difference for an officer. Bills of a channel come one after the other.
/// </summary>
public sealed class Reconciliation(PaymentDb db, Bank bank, Refunding refunding, TimeProvider clock, ILogger<Reconciliation> log)
{
    private const int Batch = 1000;
    private static readonly Meter Meter = new("ExamPlatform");
    private static readonly Counter<long> Found = Meter.CreateCounter<long>("exam.reconciliation.differences", description: "Differences between a bank's bill and our books that wait for an officer.");

    /// <summary>What a line of the bill is about, as our books have it.</summary>
    /// <param name="BookedInFen">0 where it did not happen here.</param>
    private sealed record Ours(Guid OrderId, long BookedInFen, bool Happened, DateOnly? BilledOn);

    /// <param name="raw">The bill, packed and sealed.</param>
    public async Task Reconcile(IChannel channel, DateOnly day, IReadOnlyList<BillLine> lines, byte[] raw, CancellationToken cancellationToken)
    {
        await AskAboutWhatIsNotHere(channel, day, lines, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var bills = await db.Bills.FromSql($"select *, xmin from bills where channel = {channel.Name} and day = {day} for update").ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (bills[0].Keep(lines, raw, now) is not null) return; // another replica was faster
        List<BillDifference> fresh = [];
        HashSet<(string, string?)> seen = [];
        foreach (var some in lines.Chunk(Batch)) fresh.AddRange(await Compare(channel, day, some, seen, now, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        var opened = await LookAgain(channel, day, now, cancellationToken);
        fresh.AddRange(await FindUnbilled(channel, day, now, cancellationToken));
        db.BillDifferences.AddRange(fresh);
        await db.SaveChangesAsync(cancellationToken);
        var open = await db.BillDifferences.CountAsync(d => d.Channel == channel.Name && d.State == DifferenceState.Open, cancellationToken);
        if (open > 0) db.Publish(Guid.CreateVersion7(now), new ReconciliationDiffers(channel.Name, day, open, now));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(channel.Name, day, lines.Count, open, opened + fresh.Count(d => d.State == DifferenceState.Open));
    }

    /// <summary>The bill tells of money that our books lack: the bank is asked about that order or refund, and what it says is taken in as always. So are differences of before that are still open.</summary>
    private async Task AskAboutWhatIsNotHere(IChannel channel, DateOnly day, IReadOnlyList<BillLine> lines, CancellationToken cancellationToken)
    {
        var before = await db.BillDifferences.AsNoTracking().Where(d => d.Channel == channel.Name && d.State != DifferenceState.Settled && d.Cause == DifferenceCause.NotHere && d.Day < day).ToListAsync(cancellationToken);
        var told = lines.Select(l => (l.Number, l.RefundNumber)).Concat(before.Select(d => (d.Number, d.RefundNumber))).Distinct();
        foreach (var some in told.Chunk(Batch))
        {
            var (payments, refunds) = (some.Where(t => t.RefundNumber is null).Select(t => t.Number).ToList(), some.Select(t => t.RefundNumber).OfType<string>().ToList());
            foreach (var order in await db.PaymentOrders.AsNoTracking().Where(o => payments.Contains(o.Number) && channel.Kinds.Contains(o.Channel) && o.State != OrderState.Paid && o.State != OrderState.Surplus).ToListAsync(cancellationToken))
                await bank.Ask(order, "bill", cancellationToken);
            foreach (var refund in await db.Refunds.Where(r => refunds.Contains(r.Number) && r.State != RefundState.Done).Select(r => r.Id).ToListAsync(cancellationToken))
                await refunding.GoOn(refund, "bill", cancellationToken);
        }
    }

    private async Task<List<BillDifference>> Compare(IChannel channel, DateOnly day, IReadOnlyList<BillLine> lines, HashSet<(string, string?)> seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (orders, refunds) = await Booked(channel, lines, cancellationToken);
        List<BillDifference> found = [];
        List<string> agreedOrders = [], agreedRefunds = [];
        foreach (var line in lines)
        {
            var again = !seen.Add((line.Number, line.RefundNumber));
            if (!again) PostCharge(channel.Name, day, line, now);
            var ours = line.RefundNumber is { } refund ? refunds.GetValueOrDefault(refund) : orders.GetValueOrDefault(line.Number);
            DifferenceCause? cause = ours switch
            {
                null => DifferenceCause.UnknownNumber,
                { Happened: false } => DifferenceCause.NotHere,
                _ when again || ours.BilledOn < day => DifferenceCause.BilledTwice,
                _ when ours.BookedInFen != line.AmountInFen => DifferenceCause.AmountDiffers,
                _ => null,
            };
            if (ours is { Happened: true, BilledOn: null }) (line.RefundNumber is null ? agreedOrders : agreedRefunds).Add(line.RefundNumber ?? line.Number); // seen in a bill, whatever the amount
            if (cause is not { } why || found.Any(d => (d.Cause, d.Number, d.RefundNumber) == (why, line.Number, line.RefundNumber))) continue;
            var difference = new BillDifference { Id = Guid.CreateVersion7(now), Channel = channel.Name, Day = day, Cause = why, Number = line.Number, RefundNumber = line.RefundNumber, OrderId = ours?.OrderId, BilledInFen = line.AmountInFen, BookedInFen = why is DifferenceCause.AmountDiffers ? ours!.BookedInFen : 0, FoundAt = now };
            // a bill may name a refund on the day it was asked for: while it is on its way it is a matter of time
            if (why != DifferenceCause.NotHere || line.RefundNumber is null) db.LedgerEntries.AddRange(difference.Open(now));
            found.Add(difference);
        }
        await db.PaymentOrders.Where(o => agreedOrders.Contains(o.Number)).ExecuteUpdateAsync(set => set.SetProperty(o => o.BilledOn, day), cancellationToken);
        await db.Refunds.Where(r => agreedRefunds.Contains(r.Number)).ExecuteUpdateAsync(set => set.SetProperty(r => r.BilledOn, day), cancellationToken);
        return found;
    }

    private async Task<(Dictionary<string, Ours> Orders, Dictionary<string, Ours> Refunds)> Booked(IChannel channel, IReadOnlyList<BillLine> lines, CancellationToken cancellationToken)
    {
        var (payments, refunds) = (lines.Where(l => l.RefundNumber is null).Select(l => l.Number).ToList(), lines.Select(l => l.RefundNumber).OfType<string>().ToList());
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => payments.Contains(o.Number) && channel.Kinds.Contains(o.Channel))
            .ToDictionaryAsync(o => o.Number, o => new Ours(o.Id, o.AmountInFen, o.State == OrderState.Paid || o.State == OrderState.Surplus, o.BilledOn), cancellationToken);
        var back = await (from refund in db.Refunds
                          join order in db.PaymentOrders on refund.OrderId equals order.Id
                          where refunds.Contains(refund.Number) && channel.Kinds.Contains(order.Channel)
                          select new { refund.Number, Ours = new Ours(order.Id, refund.AmountInFen, refund.State == RefundState.Done, refund.BilledOn) }).ToDictionaryAsync(r => r.Number, r => r.Ours, cancellationToken);
        return (orders, back);
    }

    private void PostCharge(string channel, DateOnly day, BillLine line, DateTimeOffset now)
    {
        if (line.ChargeInFen == 0) return;
        db.LedgerEntries.AddRange(line.RefundNumber is { } refund
            ? LedgerEntry.Post($"charge-back:{channel}:{day:yyyy-MM-dd}:{refund}", channel, LedgerAccount.Bank, LedgerAccount.BankCharges, line.ChargeInFen, day, now)
            : LedgerEntry.Post($"charge:{channel}:{day:yyyy-MM-dd}:{line.Number}", channel, LedgerAccount.BankCharges, LedgerAccount.Bank, line.ChargeInFen, day, now));
    }

    /// <summary>What happened here until the end of the day, since the channel's first bill, and stands in none.</summary>
    private async Task<List<BillDifference>> FindUnbilled(IChannel channel, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = await db.Bills.Where(b => b.Channel == channel.Name).MinAsync(b => b.Day, cancellationToken);
        var (from, until) = (BeijingDay.EndOf(first.AddDays(-1)), BeijingDay.EndOf(day));
        var known = db.BillDifferences.Where(d => d.Channel == channel.Name && d.Cause == DifferenceCause.NotInBill);
        var orders = await (from order in db.PaymentOrders
                            where channel.Kinds.Contains(order.Channel) && (order.State == OrderState.Paid || order.State == OrderState.Surplus) && order.BilledOn == null
                                && order.PaidAt >= @from && order.PaidAt < until && !known.Any(d => d.RefundNumber == null && d.Number == order.Number)
                            select new { order.Id, order.Number, RefundNumber = (string?)null, order.AmountInFen, At = order.PaidAt!.Value }).ToListAsync(cancellationToken);
        var refunds = await (from refund in db.Refunds
                             join order in db.PaymentOrders on refund.OrderId equals order.Id
                             where channel.Kinds.Contains(order.Channel) && refund.State == RefundState.Done && refund.BilledOn == null && refund.DoneAt >= @from && refund.DoneAt < until
                                 && !known.Any(d => d.RefundNumber == refund.Number)
                             select new { order.Id, order.Number, RefundNumber = (string?)refund.Number, refund.AmountInFen, At = refund.DoneAt!.Value }).ToListAsync(cancellationToken);
        return [.. orders.Concat(refunds).Select(u => new BillDifference { Id = Guid.CreateVersion7(now), Channel = channel.Name, Day = BeijingDay.Of(u.At), Cause = DifferenceCause.NotInBill, Number = u.Number, RefundNumber = u.RefundNumber, OrderId = u.Id, BilledInFen = 0, BookedInFen = u.AmountInFen, FoundAt = now })];
    }

    /// <summary>Differences of earlier days: what has come right by itself is settled, what this bill did not bring either is open now.</summary>
    /// <returns>How many it opened.</returns>
    private async Task<int> LookAgain(IChannel channel, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await db.BillDifferences.Where(d => d.Channel == channel.Name && d.State != DifferenceState.Settled && d.Day < day && (d.Cause == DifferenceCause.NotInBill || d.Cause == DifferenceCause.NotHere)).ToListAsync(cancellationToken);
        var (numbers, opened) = (before.ConvertAll(d => d.RefundNumber ?? d.Number), 0);
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => (o.BilledOn, Happened: o.State == OrderState.Paid || o.State == OrderState.Surplus, o.AmountInFen), cancellationToken);
        var refunds = await db.Refunds.AsNoTracking().Where(r => numbers.Contains(r.Number)).ToDictionaryAsync(r => r.Number, r => (r.BilledOn, Happened: r.State == RefundState.Done, r.AmountInFen), cancellationToken);
        foreach (var difference in before)
        {
            var ours = (difference.RefundNumber is { } refund ? refunds : orders)[difference.RefundNumber ?? difference.Number];
            var healed = difference.Cause == DifferenceCause.NotInBill ? ours.BilledOn is not null : ours.Happened && ours.AmountInFen == difference.BilledInFen;
            if (!healed && difference.State == DifferenceState.Waiting) opened++;
            db.LedgerEntries.AddRange(healed ? difference.Heal(now) : difference.Open(now));
            if (healed && difference.Cause == DifferenceCause.NotHere) await MarkBilled(difference, cancellationToken);
        }
        return opened;
    }

    /// <summary>It came right after its bill: that bill is the one it stands in.</summary>
    private async Task MarkBilled(BillDifference difference, CancellationToken cancellationToken)
    {
        if (difference.RefundNumber is { } refund) await db.Refunds.Where(r => r.Number == refund).ExecuteUpdateAsync(set => set.SetProperty(r => r.BilledOn, difference.Day), cancellationToken);
        else await db.PaymentOrders.Where(o => o.Number == difference.Number).ExecuteUpdateAsync(set => set.SetProperty(o => o.BilledOn, difference.Day), cancellationToken);
    }

    private void Tell(string channel, DateOnly day, int lines, int open, int fresh)
    {
        if (fresh > 0) Found.Add(fresh, new KeyValuePair<string, object?>("channel", channel));
        if (open > 0) log.LogError("Alert: the bill of {Channel} for {Day} with {Lines} lines was reconciled and {Open} differences wait for an officer", channel, day, lines, open);
        else log.LogInformation("The bill of {Channel} for {Day} with {Lines} lines agrees with our books", channel, day, lines);
    }
}
