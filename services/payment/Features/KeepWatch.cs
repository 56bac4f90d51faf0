using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>
/// Asks the bank about every order that is not settled, settles fees at their end, and judges callbacks that a crash left lying. Replicas share the work by row locks:
/// taking a turn sets the next one, so that a replica that dies on it only delays it.
/// </summary>
public sealed class KeepWatch(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeepWatch> log) : BackgroundService
{
    private const int Batch = 200;
    private const int AtOnce = 8;
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(30);

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
        await Share(TakeFees, (services, fee) => services.GetRequiredService<SettleFee>().Settle(fee, cancellationToken), cancellationToken);
        await Share(FindCallbacks, (services, callback) => services.GetRequiredService<CallbackJudge>().Judge(callback, cancellationToken), cancellationToken);
    }

    private async Task<List<PaymentOrder>> TakeOrders(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.PaymentOrders.FromSql($"select *, xmin from payment_orders where next_ask_at <= {now} order by next_ask_at limit {Batch} for update skip locked").ToListAsync(cancellationToken);
        foreach (var order in due) order.TakeTurn(now);
        return due;
    }

    private async Task<List<Guid>> TakeFees(PaymentDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await db.Fees.FromSql($"select *, xmin from fees where settle_at <= {now} order by settle_at limit {Batch} for update skip locked").ToListAsync(cancellationToken);
        foreach (var fee in due) fee.TakeTurn(now);
        return [.. due.Select(fee => fee.Id)];
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
            log.LogError(e, "Work on {Item} failed and is tried again at its next turn", item is PaymentOrder order ? order.Id : item);
        }
    }
}
