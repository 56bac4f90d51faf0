using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>
/// Asks the bank about every order that is not settled, sends money back and asks after it, settles fees at their end, fetches and reconciles bills, and judges callbacks that a crash left lying. Replicas share the work by row locks:
/// taking a turn sets the next one, so that a replica that dies on it only delays it.
/// </summary>
public sealed class KeepWatch(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeepWatch> log) : BackgroundService
{
    private const int Batch = 200;
    private const int AtOnce = 8;
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenBillDays = TimeSpan.FromMinutes(1);

    private DateTimeOffset billDaysAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Round(stoppingToken);
                await tick.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "The watch over payments failed for now; it goes on");
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(2), stoppingToken));
            }
        }
    }

    /// <summary>Everything that is due now, once.</summary>
    public async Task Round(CancellationToken cancellationToken)
    {
        await Share(TakeOrders, (services, order) => services.GetRequiredService<Bank>().Ask(order, "query", cancellationToken), cancellationToken);
        await Share(TakeRefunds, (services, refund) => services.GetRequiredService<Refunding>().GoOn(refund, "query", cancellationToken), cancellationToken);
        await Share(TakeFees, (services, fee) => services.GetRequiredService<SettleFee>().Settle(fee, cancellationToken), cancellationToken);
        await AwaitBills(cancellationToken);
        await Share(TakeBills, (services, bill) => services.GetRequiredService<ReconcileBills>().Fetch(bill.Channel, bill.Day, cancellationToken), cancellationToken);
        await Share(FindCallbacks, (services, callback) => services.GetRequiredService<CallbackJudge>().Judge(callback, cancellationToken), cancellationToken);
    }

    private async Task<List<PaymentOrder>> TakeOrders(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.PaymentOrders.FromSql($"select *, xmin from payment_orders where next_ask_at <= {now} order by next_ask_at limit {Batch} for update skip locked").ToListAsync(cancellationToken);
        foreach (var order in due) order.TakeTurn(now);
        return due;
    }

    private async Task<List<Guid>> TakeRefunds(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.Refunds.FromSql($"select *, xmin from refunds where next_ask_at <= {now} order by next_ask_at limit {Batch} for update skip locked").ToListAsync(cancellationToken);
        foreach (var refund in due) refund.TakeTurn(now);
        return [.. due.Select(refund => refund.Id)];
    }

    private async Task<List<Guid>> TakeFees(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.Fees.FromSql($"select *, xmin from fees where settle_at <= {now} order by settle_at limit {Batch} for update skip locked").ToListAsync(cancellationToken);
        foreach (var fee in due) fee.TakeTurn(now);
        return [.. due.Select(fee => fee.Id)];
    }

    private async Task AwaitBills(CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() < billDaysAt) return;
        billDaysAt = clock.GetUtcNow() + BetweenBillDays;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ReconcileBills>().Await(cancellationToken);
    }

    /// <summary>Of each bank the oldest: a later bill may tell what an earlier one lacks.</summary>
    private async Task<List<Bill>> TakeBills(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.Bills.FromSql($"""
            select b.*, b.xmin from bills b where b.state = 'Waiting' and b.try_at <= {now}
              and not exists (select 1 from bills e where e.channel = b.channel and e.state = 'Waiting' and e.day < b.day) for update of b skip locked
            """).ToListAsync(cancellationToken);
        foreach (var bill in due) bill.TakeTurn(now);
        return due;
    }

    private Task<List<Guid>> FindCallbacks(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.BankCallbacks.Where(c => c.Verdict == Verdict.Received && c.ReceivedAt <= now - Left).OrderBy(c => c.ReceivedAt).Take(Batch).Select(c => c.Id).ToListAsync(cancellationToken);

    private async Task Share<T>(Func<PaymentDb, DateTimeOffset, CancellationToken, Task<List<T>>> take, Func<IServiceProvider, T, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await take(db, clock.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await Parallel.ForEachAsync(taken, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, (item, _) => Do(work, item));
    }

    /// <summary>One that fails has its next turn set already; the others go on.</summary>
    private async ValueTask Do<T>(Func<IServiceProvider, T, Task> work, T item)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await work(scope.ServiceProvider, item);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Work on {Item} failed and is tried again at its next turn", item switch { PaymentOrder order => order.Id, Bill bill => $"the bill of {bill.Channel} for {bill.Day:O}", _ => item });
        }
    }
}
