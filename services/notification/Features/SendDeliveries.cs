using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Wakes this replica's sender when a notice has arrived here; what it misses it finds by looking.</summary>
public sealed class DeliverySignal : IDisposable
{
    private readonly SemaphoreSlim arrived = new(0);

    public void Wake() => arrived.Release();
    public Task Wait(TimeSpan longest, CancellationToken cancellationToken) => arrived.WaitAsync(longest, cancellationToken);
    public void Dispose() => arrived.Dispose();
}

/// <summary>Sends what is due. Replicas share the work by row locks while they write down the attempt; nothing is locked while a channel is slow.</summary>
internal sealed class SendDeliveries(IServiceScopeFactory scopes, DeliverySignal signal, TimeProvider clock, ILogger<SendDeliveries> log) : BackgroundService
{
    private const int BatchSize = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly ActivitySource Source = new("ExamPlatform");

    private sealed record Taken(Guid Id, bool InDoubt, string? TraceParent);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Take(stoppingToken) is { Count: > 0 } batch) await Task.WhenAll(batch.Select(taken => Attempt(taken, stoppingToken)));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Deliveries cannot be taken up now; looking again in {Seconds} s", LookEvery.TotalSeconds);
            }
            await signal.Wait(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes down the attempts before anything leaves.</summary>
    private async Task<List<Taken>> Take(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var due = await db.Deliveries.FromSql($"""
            select *, xmin from deliveries where state in ('Waiting', 'Sending') and next_attempt_at <= {now}
            order by next_attempt_at limit {BatchSize} for update skip locked
            """).ToListAsync(ct);
        if (due.Count == 0) return [];
        var notices = due.Select(d => d.NoticeId).ToList();
        var traces = await db.Notices.Where(n => notices.Contains(n.Id)).ToDictionaryAsync(n => n.Id, n => n.TraceParent, ct);
        var taken = due.ConvertAll(d => new Taken(d.Id, d.State is DeliveryState.Sending, traces[d.NoticeId]));
        foreach (var delivery in due) delivery.Start(now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return taken;
    }

    private async Task Attempt(Taken taken, CancellationToken ct)
    {
        ActivityContext.TryParse(taken.TraceParent, null, out var parent);
        using var span = Source.StartActivity("notice delivery", ActivityKind.Internal, parent);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DeliverNotice>().Attempt(taken.Id, taken.InDoubt, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            log.LogError(e, "Delivery {DeliveryId} ended without a result; in a minute the channel is asked about it", taken.Id);
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("Stopping: delivery {DeliveryId} is in doubt and asked about later", taken.Id);
        }
    }
}
