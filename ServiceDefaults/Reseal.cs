using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ExamPlatform;

/// <summary>
/// Seals anew, under the present data key, what older ones have sealed: every property of the service's model that <see cref="SealedColumns.IsSealed"/>, table by table, in small batches along the
/// primary key. Rows that are held at the moment are left for the next time; nobody waits for this, and whoever holds the same row waits for no more than one batch.
/// </summary>
public sealed class Reseal(NpgsqlDataSource source, Seals seals, IServiceScopeFactory scopes, ILogger<Reseal> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1), PassEvery = TimeSpan.FromMinutes(10);
    private static readonly Counter<long> Rows = Telemetry.Meter.CreateCounter<long>("exam.reseal.rows", description: "Values sealed anew under the present data key");

    /// <summary>What the database's triggers on tables whose rows never change let through: another seal around the same values.</summary>
    private const string Announce = "select set_config('exam.resealing', 'on', true)";

    /// <param name="Values">How many values are sealed under it.</param>
    public sealed record KeyInUse(int Number, DateTimeOffset CreatedAt, bool Present, long Values);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        var (done, next) = (0, DateTimeOffset.MinValue);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (present, several) = await seals.Keys(stoppingToken);
                if (!several || (present == done && TimeProvider.System.GetUtcNow() < next)) continue;
                await Pass(stoppingToken);
                (done, next) = (present, TimeProvider.System.GetUtcNow() + PassEvery);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old rows cannot be sealed anew now; going on in {Seconds} s", LookEvery.TotalSeconds);
            }
        }
    }

    /// <summary>Goes over all tables once.</summary>
    /// <returns>How many values were sealed anew.</returns>
    public async Task<long> Pass(CancellationToken cancellationToken)
    {
        var (present, _) = await seals.Keys(cancellationToken);
        long all = 0;
        foreach (var column in Columns())
        {
            var (after, changed) = ((object[]?)null, 0L);
            do
            {
                (after, var count) = await Batch(column, present, after, cancellationToken);
                changed += count;
                Rows.Add(count, new KeyValuePair<string, object?>("table", column.Table));
            }
            while (after is not null);
            if (changed > 0) log.LogInformation("{Count} values of {Table}.{Column} are sealed anew under data key {Number}", changed, column.Table, column.Name, present);
            all += changed;
        }
        return all;
    }

    /// <summary>The data keys, and how much each has sealed. Reads every sealed column.</summary>
    public async Task<IReadOnlyList<KeyInUse>> InUse(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var counts = new Dictionary<int, long>();
        foreach (var column in Columns())
        {
            await using var count = new NpgsqlCommand($"""select {column.Number}, count(*) from "{column.Table}" where {column.Number} not in ('', '00') group by 1""", connection) { CommandTimeout = 0 };
            await using var reader = await count.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                if (int.TryParse(reader.GetString(0), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)) counts[number] = counts.GetValueOrDefault(number) + reader.GetInt64(1);
        }
        await using var command = new NpgsqlCommand("select number, created_at, number = max(number) over () from data_keys order by number", connection);
        await using var keys = await command.ExecuteReaderAsync(cancellationToken);
        List<KeyInUse> found = [];
        while (await keys.ReadAsync(cancellationToken)) found.Add(new(keys.GetInt32(0), keys.GetFieldValue<DateTimeOffset>(1), keys.GetBoolean(2), counts.GetValueOrDefault(keys.GetInt32(0))));
        return found;
    }

    private IReadOnlyList<SealedColumn> Columns()
    {
        using var scope = scopes.CreateScope();
        return SealedColumns.Of(scope.ServiceProvider.GetRequiredService<ServiceDb>().Model);
    }

    private async Task<(object[]? Last, int Count)> Batch(SealedColumn column, int present, object[]? after, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var announce = new NpgsqlCommand(Announce, connection)) await announce.ExecuteNonQueryAsync(ct);
        var rows = await Older(connection, column, present, after, ct);
        foreach (var (keys, value) in rows)
        {
            await using var update = new NpgsqlCommand($"""update "{column.Table}" set "{column.Name}" = $1 where {string.Join(" and ", column.Keys.Select((key, n) => $"\"{key}\" = ${n + 2}"))}""", connection);
            update.Parameters.Add(new() { Value = Anew(column, keys, value), NpgsqlDbType = column.IsJson ? NpgsqlDbType.Jsonb : NpgsqlDbType.Bytea });
            foreach (var key in keys) update.Parameters.Add(new() { Value = key });
            await update.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return (rows.Count == BatchSize ? rows[^1].Keys : null, rows.Count);
    }

    private static async Task<List<(object[] Keys, object Value)>> Older(NpgsqlConnection connection, SealedColumn column, int present, object[]? after, CancellationToken ct)
    {
        var keys = string.Join(", ", column.Keys.Select(key => $"\"{key}\""));
        var beyond = after is null ? "true" : $"({keys}) > ({string.Join(", ", after.Select((_, n) => $"${n + 1}"))})";
        await using var command = new NpgsqlCommand($"""
            select {keys}, "{column.Name}"{(column.IsJson ? "::text" : "")} from "{column.Table}" where {beyond} and {column.Number} not in ('', '00', '{present:x2}') order by {keys} limit {BatchSize} for update skip locked
            """, connection)
        { CommandTimeout = 0 };
        foreach (var value in after ?? []) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<(object[], object)> rows = [];
        while (await reader.ReadAsync(ct)) rows.Add(([.. column.Keys.Select((_, n) => reader.GetValue(n))], reader.GetValue(column.Keys.Count)));
        return rows;
    }

    private object Anew(SealedColumn column, object[] keys, object value)
    {
        var place = column.PlaceOf(keys);
        if (!column.IsJson) return seals.Seal(seals.Open((byte[])value, place), place);
        var text = (string)value; // what was written before it was sealed is sealed now
        return JsonSerializer.Serialize(Convert.ToBase64String(text.StartsWith('"') ? seals.Seal(seals.Open(Convert.FromBase64String(JsonSerializer.Deserialize<string>(text)!), place), place) : seals.SealText(text, place)));
    }
}

/// <summary>A column that holds what <see cref="Seals"/> has sealed.</summary>
/// <param name="Place">What its values are bound to; null: table, column and row.</param>
internal sealed record SealedColumn(string Table, string Name, IReadOnlyList<string> Keys, string? Place, bool IsJson)
{
    /// <summary>The number of the data key in SQL, as two hexadecimal digits: 00 under a key of the row's owner, nothing where nothing lies, something else where it is not sealed.</summary>
    public string Number => IsJson
        ? $"""case jsonb_typeof("{Name}") when 'string' then substr(encode(decode(substr("{Name}" #>> array[]::text[], 1, 4), 'base64'), 'hex'), 1, 2) else 'open' end"""
        : $"""encode(substring("{Name}" from 1 for 1), 'hex')""";

    public string PlaceOf(IReadOnlyList<object> keys) => Place ?? $"{Table}.{Name}/{string.Join('/', keys.Select(key => key switch { Guid id => id.ToString("N"), byte[] hash => Convert.ToHexStringLower(hash), _ => Convert.ToString(key, CultureInfo.InvariantCulture) }))}";
}

public static class SealedColumns
{
    private const string Annotation = "Exam:Sealed";

    /// <summary>Its value is sealed by <see cref="Seals"/>, and sealed anew when the data key is another one. A jsonb column holds it as base64 in a JSON string.</summary>
    /// <param name="property">Of a table with a primary key.</param>
    /// <param name="place">What it is bound to; left out: <c>table.column/key</c>, the parts of the key joined by slashes, GUIDs without hyphens, bytes in lower-case hexadecimal.</param>
    public static PropertyBuilder<T> IsSealed<T>(this PropertyBuilder<T> property, string place = "")
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.HasAnnotation(Annotation, place);
    }

    internal static IReadOnlyList<SealedColumn> Of(IModel model) => [.. model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Where(p => p.FindAnnotation(Annotation) is not null).Select(property =>
    {
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!);
        return new SealedColumn(table.Name, property.GetColumnName(table)!, [.. entity.FindPrimaryKey()!.Properties.Select(key => key.GetColumnName(table)!)],
            (string)property[Annotation]! is { Length: > 0 } place ? place : null, property.GetColumnType() == "jsonb");
    }))];
}
