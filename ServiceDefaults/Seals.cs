using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform;

/// <summary>A key that a service seals personal data under. It lies in the service's database, itself sealed under a master key that does not.</summary>
public sealed class DataKey
{
    /// <summary>The first byte of whatever is sealed under it; the highest is the present one.</summary>
    public int Number { get; init; }

    /// <summary>Which master key it is wrapped under.</summary>
    public required string Master { get; init; }
    public required byte[] Wrapped { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Seals personal data (AES-256-GCM) under data keys that are wrapped by a master key (docs/adr/0027). What is sealed is bound to its place: copied elsewhere it does not open.
/// Layout: 1 byte number of the data key, 12 bytes nonce, 16 bytes tag, ciphertext.
/// </summary>
public sealed class Seals(NpgsqlDataSource source, IConfiguration configuration, ILogger<Seals> log, IEnumerable<KeyBeforeDataKeys>? before = null) : BackgroundService
{
    /// <summary>Before an older data key is thrown away, the present one is there for so long: every replica seals under it by then.</summary>
    private static readonly TimeSpan KnownEverywhere = TimeSpan.FromMinutes(10);
    /// <summary>Numbers below are of what was sealed before there were data keys.</summary>
    private const int FirstNumber = 2, LastNumber = 255;
    private const int KeySize = 32, NonceSize = 12, TagSize = 16, Overhead = 1 + NonceSize + TagSize;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private volatile Ring? ring;

    private sealed record Ring(FrozenDictionary<byte, byte[]> Keys, byte Current);

    /// <summary>The master key by name, 32 bytes in base64; all that are configured open, one is current. Losing them loses what is sealed.</summary>
    private (string Name, byte[] Key) Master(string? name = null)
    {
        name ??= configuration["Sealing:Master"] ?? "";
        var key = configuration[$"Sealing:Masters:{name}"] is { Length: > 0 } text ? Convert.FromBase64String(text) : [];
        return key.Length == KeySize ? (name, key)
            : throw new InvalidOperationException($"Set Sealing__Master to a name and Sealing__Masters__<name> to 32 random bytes in base64: the AppHost generates them at first run. Missing: '{name}'.");
    }

    /// <param name="plain">What is to be kept.</param>
    /// <param name="place">Table and column it is kept in, and the row where that is known.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string place)
    {
        var (keys, current) = Loaded();
        return Seal(plain, keys[current], current, place);
    }

    /// <exception cref="InvalidOperationException">It was changed, moved, or sealed under a key that is not there.</exception>
    public byte[] Open(ReadOnlySpan<byte> whole, string place)
    {
        if (whole.IsEmpty) throw new InvalidOperationException($"What lies at {place} was not sealed by this platform.");
        if (!Loaded().Keys.TryGetValue(whole[0], out var key) && !Load(CancellationToken.None).GetAwaiter().GetResult().Keys.TryGetValue(whole[0], out key))
            throw new InvalidOperationException($"What lies at {place} is sealed under data key {whole[0]}, which is not here.");
        return Open(whole, key, place);
    }

    public byte[] SealText(string text, string place) => Seal(Encoding.UTF8.GetBytes(text), place);
    public string OpenText(ReadOnlySpan<byte> whole, string place) => Encoding.UTF8.GetString(Open(whole, place));

    /// <summary>Makes a new data key, under which everything is sealed from now on; what the older ones sealed still opens. Other replicas follow within a minute, or when they first meet it.</summary>
    public async Task<int> Rotate(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var number = await Add(connection, onlyFirst: false, cancellationToken) ?? throw new InvalidOperationException($"{LastNumber} data keys are all there can be.");
        await Load(cancellationToken);
        return number;
    }

    /// <summary>The number of the present data key, as the database has it, and whether there are older ones.</summary>
    public async Task<(int Present, bool Several)> Keys(CancellationToken cancellationToken)
    {
        var (_, current) = await Load(cancellationToken);
        await using var count = source.CreateCommand("select count(*) > 1 from data_keys");
        return (current, (bool)(await count.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Throws an older data key away. What is still sealed under it is lost: whoever calls this has made sure that nothing is.</summary>
    public async Task<Refusal?> Retire(int number, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var delete = new NpgsqlCommand("delete from data_keys where number = $1 and exists (select from data_keys newer where newer.number > $1 and newer.created_at < clock_timestamp() - $2)", connection)
        {
            Parameters = { new() { Value = number }, new() { Value = KnownEverywhere } },
        };
        if (await delete.ExecuteNonQueryAsync(cancellationToken) == 0) return new("data-key-current", $"Data key {number} is the present one, or the one after it is younger than {KnownEverywhere.TotalMinutes} minutes: a replica may still seal under it.");
        await Load(cancellationToken);
        log.LogInformation("Data key {Number} is thrown away", number);
        return null;
    }

    /// <summary>Reads the data keys, makes the first one, and wraps those of an older master key under the current one.</summary>
    private async Task<Ring> Load(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await Add(connection, onlyFirst: true, cancellationToken);
        var master = Master();
        Dictionary<byte, byte[]> keys = (before ?? []).ToDictionary(key => key.Number, key => key.Key);
        List<(int Number, byte[] Key)> older = [];
        await using (var command = new NpgsqlCommand("select number, master, wrapped from data_keys", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (number, name, wrapped) = (reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));
                var key = Open(wrapped, name == master.Name ? master.Key : Master(name).Key, Place(number));
                keys[(byte)number] = key;
                if (name != master.Name) older.Add((number, key));
            }
        }
        foreach (var (number, key) in older)
        {
            await using var wrap = new NpgsqlCommand("update data_keys set master = $2, wrapped = $3 where number = $1", connection)
            {
                Parameters = { new() { Value = number }, new() { Value = master.Name }, new() { Value = Seal(key, master.Key, 0, Place(number)) } },
            };
            await wrap.ExecuteNonQueryAsync(cancellationToken);
            log.LogInformation("Data key {Number} is wrapped under master key {Master} now", number, master.Name);
        }
        return ring = new(keys.ToFrozenDictionary(), keys.Keys.Max());
    }

    private async Task<int?> Add(NpgsqlConnection connection, bool onlyFirst, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var last = new NpgsqlCommand("lock table data_keys in share row exclusive mode; select max(number) from data_keys", connection);
        var number = await last.ExecuteScalarAsync(cancellationToken) is int highest ? highest + 1 : FirstNumber;
        if (number > LastNumber || (onlyFirst && number > FirstNumber)) return null;
        var master = Master();
        await using var insert = new NpgsqlCommand("insert into data_keys (number, master, wrapped, created_at) values ($1, $2, $3, clock_timestamp())", connection)
        {
            Parameters = { new() { Value = number }, new() { Value = master.Name }, new() { Value = Seal(RandomNumberGenerator.GetBytes(KeySize), master.Key, 0, Place(number)) } },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return number;
    }

    /// <summary>A missing master key shows at the start; a database that is away does not stop it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Master();
        try
        {
            await Load(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            log.LogWarning(e, "The data keys cannot be read now; they are read at their first use");
        }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>What another replica has added is known before it is met.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Load(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "The data keys cannot be read now; going on with those known");
            }
        }
    }

    private Ring Loaded() => ring ?? Load(CancellationToken.None).GetAwaiter().GetResult(); // once, at the first use

    private static string Place(int number) => $"data_keys.wrapped/{number}";

    /// <summary>Seals under a key of one's own. No data key has its number.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> plain, byte[] key, string place) => Seal(plain, key, 0, place);

    private static byte[] Seal(ReadOnlySpan<byte> plain, byte[] key, byte number, string place)
    {
        var whole = new byte[Overhead + plain.Length];
        whole[0] = number;
        var nonce = whole.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, whole.AsSpan(Overhead), whole.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        return whole;
    }

    /// <summary>Opens under a key of one's own what has the layout of a seal.</summary>
    /// <exception cref="InvalidOperationException">It does not open.</exception>
    public static byte[] Open(ReadOnlySpan<byte> whole, byte[] key, string place)
    {
        if (whole.Length < Overhead) throw new InvalidOperationException($"What lies at {place} was not sealed by this platform.");
        var plain = new byte[whole.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(whole.Slice(1, NonceSize), whole[Overhead..], whole.Slice(1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidOperationException($"What lies at {place} does not open: the key is not the one it was sealed under, or it was tampered with.", e);
        }
        return plain;
    }
}

/// <summary>A key from before there were data keys: what it sealed opens, and is sealed anew.</summary>
public sealed record KeyBeforeDataKeys(byte Number, byte[] Key)
{
    public override string ToString() => nameof(KeyBeforeDataKeys); // a record would print the key
}

public static class SealsSetup
{
    /// <summary>For a service that keeps personal data; its database calls <see cref="HasDataKeys"/>.</summary>
    public static void AddSeals(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<Seals>().AddHostedService(provider => provider.GetRequiredService<Seals>())
            .AddSingleton<Reseal>().AddHostedService(provider => provider.GetRequiredService<Reseal>()).AddScoped<OwnerKeys>();

    /// <summary>Maps <c>/api/operations/{service}/data-keys</c> for operators.</summary>
    /// <param name="retires">Whether all that is sealed lies in the database: only then can it be told that a key is used no more.</param>
    public static void MapDataKeys(this IEndpointRouteBuilder app, string service, bool retires = true)
    {
        var keys = app.MapGroup($"/api/operations/{service}/data-keys").RequireAuthorization(TokenNames.Operator).WithTags("operations");
        keys.MapPost("", async (Seals seals, CancellationToken ct) => TypedResults.Ok(new NewKey(await seals.Rotate(ct))))
            .WithName($"rotate-{service}-data-key").WithSummary("Makes a new data key: everything is sealed under it from now on, and what is older still opens and is sealed anew by and by.");
        if (!retires) return;
        keys.MapGet("", async (Reseal reseal, CancellationToken ct) => TypedResults.Ok(await reseal.InUse(ct)))
            .WithName($"list-{service}-data-keys").WithSummary("The data keys, and how many values each has sealed; reads every sealed column.");
        keys.MapPost("/{number:int}/retirement", Retire).WithName($"retire-{service}-data-key").WithSummary("Throws a data key away under which nothing is sealed any more.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> Retire(int number, Seals seals, Reseal reseal, CancellationToken ct)
    {
        if ((await reseal.InUse(ct)).SingleOrDefault(key => key.Number == number) is not { } key) return Problems.NotFound();
        if (key is { Present: false, Values: > 0 }) return new Refusal("data-key-in-use", $"{key.Values} values are sealed under it still; they are sealed anew within minutes.").ToProblem();
        return await seals.Retire(number, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    /// <param name="Number">The first byte of whatever is sealed under it.</param>
    public sealed record NewKey(int Number);

    /// <summary>The table of the service's data keys.</summary>
    public static void HasDataKeys(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<DataKey>(key =>
        {
            key.ToTable("data_keys").HasKey(k => k.Number);
            key.Property(k => k.Number).ValueGeneratedNever();
        });
    }
}
