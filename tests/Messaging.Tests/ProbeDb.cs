using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ExamPlatform.Messages.Tests;

/// <summary>The smallest service there can be: counters that messages count up, and notes that requests leave.</summary>
public sealed class ProbeDb(DbContextOptions<ProbeDb> options) : ServiceDb(options)
{
    public DbSet<Counter> Counters => Set<Counter>();
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Secret> Secrets => Set<Secret>();

    protected override IReadOnlyList<Type> Audited => [typeof(Note)];

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)); // it has no migrations

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.HasOwnerKeys();
        modelBuilder.Entity<Secret>().Ignore(s => s.Place).Property(s => s.Sealed).IsSealed();
        modelBuilder.Entity<Counter>().Property(c => c.RowVersion).IsRowVersion();
    }
}

public sealed class Counter
{
    public Guid Id { get; init; }
    public int Value { get; set; }
    public uint RowVersion { get; private set; }
}

public sealed class Note
{
    public Guid Id { get; init; }
    public required string Text { get; set; }
}

/// <summary>Bound to its row.</summary>
public sealed class Secret
{
    public Guid Id { get; init; }
    public byte[]? Sealed { get; set; }
    public string Place => $"secrets.sealed/{Id:N}";
}
