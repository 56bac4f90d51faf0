using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform;

/// <summary>
/// A consumer that takes each message in effect once. Its change, its own outgoing messages and the inbox row are one SaveChanges; a repeat finds the row and returns.
/// </summary>
public abstract class Consumer<TDb, TMessage>(TDb db, ILogger log) : IConsumer<TMessage> where TDb : ServiceDb where TMessage : class
{
    protected TDb Db => db;

    /// <summary>Changes tracked entities and adds outbox rows; does not save. A refusal is logged and acknowledged: repeating cannot change a rule.</summary>
    protected abstract Task<Refusal?> Handle(TMessage message, CancellationToken cancellationToken);

    public async Task Consume(ConsumeContext<TMessage> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var entry = new InboxEntry { MessageId = context.MessageId ?? throw new InvalidOperationException("A message without an id."), Consumer = GetType().Name };
        if (await db.Inbox.AnyAsync(e => e.MessageId == entry.MessageId && e.Consumer == entry.Consumer, context.CancellationToken)) return;
        if (await Handle(context.Message, context.CancellationToken) is { } refusal)
        {
            log.LogInformation("{Message} {MessageId} refused: {Code}", typeof(TMessage).Name, entry.MessageId, refusal.Code);
            db.ChangeTracker.Clear();
        }
        db.Inbox.Add(entry);
        try
        {
            await db.SaveChangesAsync(context.CancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" })
        {
            log.LogInformation("{Message} {MessageId} was taken in by another replica meanwhile", typeof(TMessage).Name, entry.MessageId);
        }
    }
}
