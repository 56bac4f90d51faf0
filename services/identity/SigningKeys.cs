using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ExamPlatform.Identities;

/// <summary>A key that access tokens are signed with, encrypted. At most one is current, by a unique index.</summary>
public sealed class SigningKey
{
    public required string Kid { get; init; }
    public byte[] SealedKey { get; init; } = [];
    public bool Current { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public static string PlaceOf(string kid) => $"signing_keys.sealed_key/{kid}";
}

/// <summary>
/// The signing keys, made at first need. Replicas that start at once agree: the index lets one key become current, the others read it.
/// Also tells this service's own token check about them, so that it need not ask itself over HTTP.
/// </summary>
public sealed class SigningKeys(IServiceScopeFactory scopes, PersonalData data, TimeProvider clock) : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(5), RefreshAtMostEvery = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim gate = new(1);
    private Known? known;

    private sealed record Known(IReadOnlyList<ECDsaSecurityKey> Keys, ECDsaSecurityKey Current, long ReadAt);

    public async ValueTask<ECDsaSecurityKey> Current(CancellationToken cancellationToken) => (await Read(cancellationToken)).Current;

    public async ValueTask<IReadOnlyList<ECDsaSecurityKey>> All(CancellationToken cancellationToken) => (await Read(cancellationToken)).Keys;

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = TokenNames.Issuer };
        foreach (var key in await All(cancel)) configuration.SigningKeys.Add(key);
        return configuration;
    }

    /// <summary>A token named a key that is not known: another replica may have made a new one.</summary>
    public void RequestRefresh()
    {
        if (known is { } old && clock.GetElapsedTime(old.ReadAt) > RefreshAtMostEvery) known = null;
    }

    private async ValueTask<Known> Read(CancellationToken cancellationToken)
    {
        if (known is { } fresh && clock.GetElapsedTime(fresh.ReadAt) < ReadAgainAfter) return fresh;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (known is { } meanwhile && clock.GetElapsedTime(meanwhile.ReadAt) < ReadAgainAfter) return meanwhile;
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
            var rows = await db.SigningKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ToListAsync(cancellationToken);
            if (!rows.Any(k => k.Current)) rows = await MakeFirst(db, cancellationToken);
            var keys = rows.ToDictionary(row => row.Kid, Open);
            return known = new([.. keys.Values], keys[rows.Single(k => k.Current).Kid], clock.GetTimestamp());
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<List<SigningKey>> MakeFirst(IdentityDb db, CancellationToken cancellationToken)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = Guid.CreateVersion7().ToString("N");
        db.SigningKeys.Add(new() { Kid = kid, Current = true, CreatedAt = clock.GetUtcNow(), SealedKey = data.Seal(pair.ExportPkcs8PrivateKey(), SigningKey.PlaceOf(kid)) });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            db.ChangeTracker.Clear(); // another replica was first: its key is the platform's
        }
        return await db.SigningKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ToListAsync(cancellationToken);
    }

    private ECDsaSecurityKey Open(SigningKey row)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(data.Open(row.SealedKey, SigningKey.PlaceOf(row.Kid)), out _);
        return new(pair) { KeyId = row.Kid };
    }

    public void Dispose() => gate.Dispose();
}
