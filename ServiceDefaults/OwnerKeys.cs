using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform;

/// <summary>
/// A key for what rows that may never change say of one owner (a person, an application): sealed under it, it lies in audited tables and in the trail, and goes from both when the key is thrown away.
/// The key itself lies sealed under a data key.
/// </summary>
public sealed class OwnerKey
{
    public Guid Owner { get; init; }
    public byte[] Sealed { get; private set; } = [];
}

/// <summary>The keys of owners; <see cref="Shred"/> makes unreadable for good what was sealed under one.</summary>
public sealed class OwnerKeys(ServiceDb db, Seals seals)
{
    private const int Size = 32;

    /// <summary>The owner's key, made where there is none.</summary>
    public async Task<byte[]> Of(Guid owner, CancellationToken cancellationToken)
    {
        var made = seals.Seal(RandomNumberGenerator.GetBytes(Size), Place(owner));
        await db.Database.ExecuteSqlAsync($"insert into owner_keys (owner, sealed) values ({owner}, {made}) on conflict do nothing", cancellationToken);
        return (await Find([owner], cancellationToken))[owner];
    }

    /// <summary>Those that are there: without its key, what was sealed says nothing any more.</summary>
    public async Task<IReadOnlyDictionary<Guid, byte[]>> Find(IReadOnlyCollection<Guid> owners, CancellationToken cancellationToken) =>
        (await db.Set<OwnerKey>().AsNoTracking().Where(k => owners.Contains(k.Owner)).ToListAsync(cancellationToken)).ToDictionary(k => k.Owner, k => seals.Open(k.Sealed, Place(k.Owner)));

    public Task Shred(IReadOnlyCollection<Guid> owners, CancellationToken cancellationToken) => db.Set<OwnerKey>().Where(k => owners.Contains(k.Owner)).ExecuteDeleteAsync(cancellationToken);

    private static string Place(Guid owner) => $"owner_keys.sealed/{owner:N}";
}

public static class OwnerKeysSetup
{
    /// <summary>The table of the service's owner keys; beside <see cref="SealsSetup.HasDataKeys"/>.</summary>
    public static void HasOwnerKeys(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<OwnerKey>(key =>
        {
            key.ToTable("owner_keys").HasKey(k => k.Owner);
            key.Property(k => k.Owner).ValueGeneratedNever();
            key.Property(k => k.Sealed).IsSealed();
        });
    }
}
