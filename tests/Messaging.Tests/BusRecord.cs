using System.Collections.Concurrent;
using MassTransit;

namespace ExamPlatform.Messages.Tests;

/// <summary>What one replica published, in order, and how often it has received each message to the end.</summary>
public sealed class BusRecord(Func<object, Task>? beforePublish) : IPublishObserver, IReceiveObserver
{
    public ConcurrentQueue<object> Published { get; } = [];
    public ConcurrentDictionary<Guid, int> Received { get; } = [];

    public IEnumerable<Happened> Happenings => Published.OfType<Happened>();

    public Task PrePublish<T>(PublishContext<T> context) where T : class => beforePublish?.Invoke(context.Message) ?? Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        Published.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        if (context.GetMessageId() is { } id) Received.AddOrUpdate(id, 1, (_, times) => times + 1);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
