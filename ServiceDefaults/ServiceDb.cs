using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform;

/// <summary>The base of every service's database: its own tables beside the outbox, the inbox, parked messages, kept answers and the audit trail.</summary>
public abstract class ServiceDb(DbContextOptions options) : DbContext(options)
{
    private static readonly Lock IdGate = new();
    private static Guid lastId;

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<InboxEntry> Inbox => Set<InboxEntry>();
    public DbSet<ParkedMessage> Parked => Set<ParkedMessage>();
    public DbSet<KeptAnswer> KeptAnswers => Set<KeptAnswer>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    /// <summary>The tables whose every row somebody must answer for: decisions, corrections, exports, looks at personal data. They hold nothing readable of a candidate.</summary>
    protected internal virtual IReadOnlyList<Type> Audited => [];

    /// <summary>Adds a message to the outbox: it is written with the next SaveChanges and sent after it, in order per aggregate, at least once.</summary>
    public void Publish<T>(Guid aggregateId, T message) where T : class => Outbox.Add(new()
    {
        Id = NextMessageId(),
        AggregateId = aggregateId,
        Type = $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}",
        Body = JsonSerializer.Serialize(message, Messaging.Json),
        TraceParent = Activity.Current?.Id,
    });

    /// <summary>EF inserts the rows of one save in the order of their keys: ids of one process only grow, so that messages keep the order they were published in.</summary>
    private static Guid NextMessageId()
    {
        lock (IdGate)
        {
            var id = Guid.CreateVersion7();
            if (id <= lastId)
            {
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(lastId.ToByteArray(bigEndian: true)) + 1);
                id = new(bytes, bigEndian: true);
            }
            return lastId = id;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxMessage>(outbox =>
        {
            outbox.Property(m => m.Position).UseIdentityAlwaysColumn();
            outbox.Property(m => m.CreatedAt).HasDefaultValueSql("now()");
            outbox.Property(m => m.Body).HasColumnType("jsonb");
            outbox.HasIndex(m => new { m.AggregateId, m.Position }).HasFilter("sent_at is null");
            outbox.HasIndex(m => m.Position).HasFilter("sent_at is null");
        });
        modelBuilder.Entity<InboxEntry>(inbox =>
        {
            inbox.HasKey(e => new { e.MessageId, e.Consumer });
            inbox.Property(e => e.ReceivedAt).HasDefaultValueSql("now()");
        });
        modelBuilder.Entity<ParkedMessage>().Property(m => m.ParkedAt).HasDefaultValueSql("now()");
        modelBuilder.Entity<AuditEntry>(audit =>
        {
            audit.HasKey(e => e.Position);
            audit.Property(e => e.Position).UseIdentityAlwaysColumn();
            audit.Property(e => e.At).HasDefaultValueSql("now()");
            audit.Property(e => e.Row).HasColumnType("jsonb");
            audit.HasIndex(e => e.Number).IsUnique();
            audit.HasIndex(e => e.Position).HasFilter("number is null").HasDatabaseName("ix_audit_unsealed");
            audit.HasIndex(e => new { e.Source, e.Key, e.Position });
        });
        modelBuilder.Entity<KeptAnswer>(kept =>
        {
            kept.HasKey(a => new { a.ActorId, a.Key });
            kept.Property(a => a.CreatedAt).HasDefaultValueSql("now()");
        });
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
    }
}

/// <summary>A message that left with a state change and waits to be, or has been, sent.</summary>
public sealed class OutboxMessage
{
    public Guid Id { get; init; }
    public long Position { get; init; }
    public Guid AggregateId { get; init; }
    public required string Type { get; init; }
    public required string Body { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }
    public int Attempts { get; set; }
    public string? LastError { get; set; }
}

/// <summary>Says that a consumer has taken a message in effect.</summary>
public sealed class InboxEntry
{
    public Guid MessageId { get; init; }
    public required string Consumer { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>A message that a consumer could not take in, kept for an operator to look at and resend.</summary>
public sealed class ParkedMessage
{
    public Guid Id { get; init; }
    public Guid? MessageId { get; init; }
    public required string Queue { get; init; }
    public required string MessageType { get; init; }
    public required byte[] Body { get; init; }
    public required string ContentType { get; init; }
    public required string Error { get; init; }
    public DateTimeOffset ParkedAt { get; init; }
    public DateTimeOffset? ResentAt { get; set; }
}

/// <summary>The answer once given to an Idempotency-Key, repeated to whoever repeats the request.</summary>
public sealed class KeptAnswer
{
    public Guid ActorId { get; init; }
    public required string Key { get; init; }
    public required string RequestHash { get; init; }
    public int Status { get; set; }
    public string? Location { get; set; }
    public string? ETag { get; set; }
    public byte[] Body { get; set; } = [];
    public DateTimeOffset CreatedAt { get; init; }
}
