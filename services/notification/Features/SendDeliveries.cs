using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>Wakes this replica's senders when a notice has arrived here; what they miss they find by looking.</summary>
public sealed class DeliverySignal : IDisposable
{
    private readonly SemaphoreSlim inbox = new(0), outside = new(0);

    public void Wake()
    {
        foreach (var lane in (SemaphoreSlim[])[inbox, outside])
            if (lane.CurrentCount == 0) lane.Release(); // one look finds all that has arrived
    }

    public Task Wait(bool ofInbox, TimeSpan longest, CancellationToken cancellationToken) => (ofInbox ? inbox : outside).WaitAsync(longest, cancellationToken);

    public void Dispose()
    {
        inbox.Dispose();
        outside.Dispose();
    }
}

/// <summary>
/// Sends what is due, so much at the same time. Replicas share the work by row locks while they write down the attempt; nothing is locked while a channel is slow, and the inbox has a lane of its
/// own, which no channel outside holds up.
/// </summary>
internal sealed class SendDeliveries(IServiceScopeFactory scopes, DeliverySignal signal, IOptions<NotificationOptions> options, TimeProvider clock, ILogger<SendDeliveries> log) : BackgroundService
{
    private const int InboxAtOnce = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500), Gather = TimeSpan.FromMilliseconds(10);
    private static readonly ActivitySource Source = new("ExamPlatform");

    private sealed record Taken(Guid Id, bool InDoubt, string? TraceParent);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Lane(true, InboxAtOnce, stoppingToken), Lane(false, options.Value.AtOnce, stoppingToken));

    private async Task Lane(bool ofInbox, int atOnce, CancellationToken stoppingToken)
    {
        Dictionary<Guid, Task> running = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var ended in running.Where(attempt => attempt.Value.IsCompleted).Select(attempt => attempt.Key).ToList()) running.Remove(ended);
            var taken = new List<Taken>();
            try
            {
                if (running.Count < atOnce) taken = await Take(ofInbox, atOnce - running.Count, [.. running.Keys], stoppingToken);
                foreach (var each in taken) running.Add(each.Id, Attempt(each, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Deliveries cannot be taken up now; looking again soon");
            }
            if (taken.Count > 0) await Task.Delay(Gather, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // so that a look takes up several
            else if (running.Count >= atOnce) await Task.WhenAny(running.Values);
            else await signal.Wait(ofInbox, LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(running.Values);
    }

    /// <summary>Writes down the attempts before anything leaves: by which gateway, and what it uses up.</summary>
    /// <param name="own">What this replica is still sending is in no doubt, however long it takes: the channel asked about it too soon would know nothing, and it would be sent twice.</param>
    private async Task<List<Taken>> Take(bool ofInbox, int most, Guid[] own, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, gateways) = (scope.ServiceProvider.GetRequiredService<NotificationDb>(), scope.ServiceProvider.GetRequiredService<SmsGateways>());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var due = await db.Deliveries.FromSql($"""
            select *, xmin from deliveries where state in ('Waiting', 'Sending') and next_attempt_at <= {now} and (channel = 'Inbox') = {ofInbox} and id <> all({own})
            order by next_attempt_at limit {most} for update skip locked
            """).ToListAsync(ct);
        if (due.Count == 0) return [];
        var notices = due.Select(d => d.NoticeId).ToList();
        var traces = await db.Notices.Where(n => notices.Contains(n.Id)).ToDictionaryAsync(n => n.Id, n => n.TraceParent, ct);
        var taken = due.ConvertAll(d => new Taken(d.Id, d.State is DeliveryState.Sending, traces[d.NoticeId]));
        foreach (var delivery in due) delivery.Start(now, delivery.Channel is DeliveryChannel.Sms ? gateways.Choose(delivery) : null);
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
