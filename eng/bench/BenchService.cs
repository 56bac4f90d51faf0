using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ExamPlatform.Bench;

public sealed class BenchDb(DbContextOptions<BenchDb> options) : ServiceDb(options)
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)); // it has no migrations
}

public sealed record Pinged(Guid Aggregate, int Number);

/// <summary>Takes the message in, with its inbox row, as every consumer of the platform.</summary>
public sealed class TakePing(BenchDb db, ILogger<TakePing> log) : Consumer<BenchDb, Pinged>(db, log)
{
    protected override Task<Refusal?> Handle(Pinged message, CancellationToken cancellationToken) => Task.FromResult<Refusal?>(null);
}

/// <summary>When each message was confirmed by the broker and when its consumer had committed.</summary>
public sealed class Times : IPublishObserver, IReceiveObserver
{
    public ConcurrentDictionary<Pinged, long> Sent { get; } = [];
    public ConcurrentDictionary<Pinged, long> Taken { get; } = [];

    public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        if (context.Message is Pinged ping) Sent.TryAdd(ping, Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class
    {
        if (context.Message is Pinged ping) Taken.TryAdd(ping, Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
