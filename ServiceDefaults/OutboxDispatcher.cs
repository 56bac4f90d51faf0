using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform;

/// <summary>
/// Sends what the outbox holds: at least once, in order per aggregate, woken by NOTIFY, shared between replicas by row locks.
/// Survives a missing table, a dead database and a dead broker; a message that cannot be sent stays and holds back only its own aggregate.
/// </summary>
internal sealed class OutboxDispatcher<TDb>(NpgsqlDataSource source, IServiceScopeFactory scopes, IBus bus, ILogger<OutboxDispatcher<TDb>> log) : BackgroundService where TDb : ServiceDb
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    // the oldest unsent message of each aggregate, as long as no other replica holds it; what failed before comes last, so that it never fills the batch
    private const string Heads = """
        select * from outbox o where sent_at is null
          and not exists (select 1 from outbox earlier where earlier.aggregate_id = o.aggregate_id and earlier.sent_at is null and earlier.position < o.position)
        order by attempts > 0, position limit {0} for update skip locked
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await source.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand("listen outbox", listener)) await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    while (await SendBatch(stoppingToken)) { }
                    await listener.WaitAsync(LookAnyway, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "The outbox cannot be read now; looking again in a second");
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>Whether there may be more to send at once.</returns>
    private async Task<bool> SendBatch(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = await db.Outbox.FromSqlRaw(Heads, BatchSize).ToListAsync(cancellationToken);
        if (batch.Count == 0) return false;
        await Task.WhenAll(batch.Select(message => Send(message, cancellationToken)));
        await db.SaveChangesAsync(CancellationToken.None); // what the broker confirmed is sent, also while stopping
        await transaction.CommitAsync(CancellationToken.None);
        return batch.Any(message => message.SentAt is not null);
    }

    private async Task Send(OutboxMessage message, CancellationToken cancellationToken)
    {
        ActivityContext.TryParse(message.TraceParent, null, out var parent);
        using var span = Telemetry.Source.StartActivity("outbox send", ActivityKind.Producer, parent);
        try
        {
            var type = Type.GetType(message.Type, throwOnError: true)!;
            var body = JsonSerializer.Deserialize(message.Body, type, Messaging.Json)!;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(SendTimeout);
            await bus.Publish(body, type, Pipe.Execute<PublishContext>(context => context.MessageId = message.Id), timeout.Token).WaitAsync(timeout.Token);
            message.SentAt = DateTimeOffset.UtcNow; // beside created_at, which is the database's now(): real time, however the platform's clock is shifted
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            message.Attempts++;
            message.LastError = e.Message;
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            log.LogWarning("Message {MessageId} of type {MessageType} is not sent yet (attempt {Attempt}): {Error}", message.Id, message.Type, message.Attempts, e.Message);
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("Stopping: message {MessageId} stays for the next dispatcher", message.Id);
        }
    }
}
