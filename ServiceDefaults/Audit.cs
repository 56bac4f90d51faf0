using System.Buffers.Binary;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Configuration;
using Npgsql;
using NpgsqlTypes;

namespace ExamPlatform;

/// <summary>
/// What became of a row of an audited table, written by the database itself. Sealed within seconds: numbered, and chained to the entry before by a keyed hash (docs/adr/0026).
/// </summary>
public sealed class AuditEntry
{
    public long Position { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The table.</summary>
    public required string Source { get; init; }

    /// <summary>insert, update or delete.</summary>
    public required string Operation { get; init; }

    /// <summary>The row's primary key, its parts joined by a slash.</summary>
    public required string Key { get; init; }

    /// <summary>The whole row as it was then, as JSON; of a deleted one what it was before.</summary>
    public required string Row { get; init; }

    /// <summary>Its place in the chain, from 1 without a gap; null until sealed.</summary>
    public long? Number { get; init; }

    /// <summary>HMAC-SHA256 over the hash before and everything above; null until sealed.</summary>
    public byte[]? Hash { get; init; }
}

/// <summary>The key of the chain. Who has the database but not the key can neither change an entry nor make one.</summary>
public sealed class AuditKey(IConfiguration configuration)
{
    private readonly byte[] key = Convert.FromBase64String(configuration["Audit:Key"] is { Length: >= 43 } set ? set
        : throw new InvalidOperationException("Set Audit__Key to 32 random bytes in base64, and never change it: the AppHost generates it at first run."));

    internal byte[] Seal(byte[] before, long number, AuditLine line)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', line.At.UtcTicks, line.Source, line.Operation, line.Key, line.Row));
        var whole = new byte[before.Length + sizeof(long) + text.Length];
        before.CopyTo(whole, 0);
        BinaryPrimitives.WriteInt64BigEndian(whole.AsSpan(before.Length), number);
        text.CopyTo(whole, before.Length + sizeof(long));
        return HMACSHA256.HashData(key, whole);
    }
}

internal sealed record AuditLine(long Position, DateTimeOffset At, string Source, string Operation, string Key, string Row)
{
    public const string Columns = "position, at, source, operation, key, row::text";

    public static AuditLine Read(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5));
}

/// <summary>Numbers and hashes what was written, and tells whether anything was changed since.</summary>
public sealed class AuditTrail(ServiceDb db, AuditKey key)
{
    private const int BatchSize = 1000, MostFaults = 100;
    private const long LockNumber = 0x6175646974; // "audit"
    private static readonly byte[] Start = new byte[32];

    /// <param name="Kind">changed: an entry is not what was sealed. missing: numbers are left out. row-changed, row-gone, row-unknown: a row of the table is not what its last entry says. head: the head kept elsewhere is not in the chain.</param>
    public sealed record AuditFault(string Kind, string Source, string Key, long? Number);

    /// <param name="Hash">Of the newest sealed entry, in hex; empty while there is none.</param>
    /// <param name="Unsealed">Entries too young to be sealed.</param>
    /// <param name="Faults">At most 100; empty when all is as it was written.</param>
    public sealed record AuditReport(long Number, string Hash, long Unsealed, IReadOnlyList<AuditFault> Faults);

    /// <summary>Seals the oldest entries not sealed yet, unless another replica does it at this moment.</summary>
    /// <returns>Whether there may be more at once.</returns>
    public async Task<bool> Seal(CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (!(bool)(await Scalar(connection, $"select pg_try_advisory_xact_lock({LockNumber})", cancellationToken))!) return false;
        var lines = await Lines(connection, $"select {AuditLine.Columns} from audit where number is null order by position limit {BatchSize}", cancellationToken);
        if (lines.Count == 0) return false;
        var (number, hash) = await Head(connection, cancellationToken);
        List<(long Position, long Number, byte[] Hash)> seals = [];
        foreach (var line in lines)
        {
            hash = key.Seal(hash, ++number, line);
            seals.Add((line.Position, number, hash));
        }
        await using var update = new NpgsqlCommand("update audit a set number = s.number, hash = s.hash from unnest($1, $2, $3) s(position, number, hash) where a.position = s.position", connection)
        {
            Parameters = { new() { Value = seals.ConvertAll(s => s.Position) }, new() { Value = seals.ConvertAll(s => s.Number) }, new() { Value = seals.ConvertAll(s => s.Hash), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea } },
        };
        await update.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return lines.Count == BatchSize;
    }

    /// <summary>Reads the whole chain and compares it with itself and with the tables.</summary>
    /// <param name="kept">A head that was kept outside of the database: a chain cut at its end does not hold it.</param>
    public async Task<AuditReport> Verify((long Number, string Hash)? kept, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await Scalar(connection, "set local timezone to 'UTC'", cancellationToken);
        List<AuditFault> faults = [];
        var (number, hash) = await VerifyChain(connection, kept, faults, cancellationToken);
        foreach (var (table, keys) in db.AuditedTables()) await VerifyRows(connection, table, keys, faults, cancellationToken);
        var unsealed = (long)(await Scalar(connection, "select count(*) from audit where number is null", cancellationToken))!;
        return new(number, number == 0 ? "" : Convert.ToHexStringLower(hash), unsealed, [.. faults.Take(MostFaults)]);
    }

    private async Task<(long Number, byte[] Hash)> VerifyChain(NpgsqlConnection connection, (long Number, string Hash)? kept, List<AuditFault> faults, CancellationToken cancellationToken)
    {
        var (number, before, keptIsThere) = (0L, Start, kept is null);
        await using var command = new NpgsqlCommand($"select {AuditLine.Columns}, number, hash from audit where number is not null order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (faults.Count < MostFaults && await reader.ReadAsync(cancellationToken))
        {
            var (line, here, hash) = (AuditLine.Read(reader), reader.GetInt64(6), reader.GetFieldValue<byte[]>(7));
            if (here != number + 1) faults.Add(new("missing", line.Source, line.Key, number + 1));
            else if (!CryptographicOperations.FixedTimeEquals(key.Seal(before, here, line), hash)) faults.Add(new("changed", line.Source, line.Key, here));
            keptIsThere |= kept is { } head && head.Number == here && head.Hash.Equals(Convert.ToHexString(hash), StringComparison.OrdinalIgnoreCase);
            (number, before) = (here, hash);
        }
        if (!keptIsThere) faults.Add(new("head", "", "", kept!.Value.Number));
        return (number, before);
    }

    /// <summary>What the table holds against the last entry of each row; columns that came later are not compared.</summary>
    private static async Task VerifyRows(NpgsqlConnection connection, string table, IReadOnlyList<string> keys, List<AuditFault> faults, CancellationToken cancellationToken)
    {
        if (faults.Count >= MostFaults) return;
        await using var command = new NpgsqlCommand($"""
            with last as (select distinct on (key) key, operation, row from audit where source = '{table}' order by key, position desc),
                 here as (select {string.Join(" || '/' || ", keys.Select(column => $"(to_jsonb(t) ->> '{column}')"))} as key, to_jsonb(t) as row from "{table}" t)
            select case when here.key is null then 'row-gone' when last.key is null or last.operation = 'delete' then 'row-unknown' else 'row-changed' end, coalesce(here.key, last.key)
            from last full join here on here.key = last.key
            where case when here.key is null then last.operation <> 'delete' when last.key is null or last.operation = 'delete' then true else not here.row @> last.row end
            limit {MostFaults}
            """, connection)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) faults.Add(new(reader.GetString(0), table, reader.GetString(1), null));
    }

    private static async Task<(long Number, byte[] Hash)> Head(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select number, hash from audit where number is not null order by number desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, Start);
    }

    private static async Task<List<AuditLine>> Lines(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditLine> lines = [];
        while (await reader.ReadAsync(cancellationToken)) lines.Add(AuditLine.Read(reader));
        return lines;
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

/// <summary>How the trail gets into a database, and how it is asked.</summary>
public static class AuditSetup
{
    /// <summary>The audited tables of a service with the columns of their primary keys.</summary>
    internal static IEnumerable<(string Table, IReadOnlyList<string> Keys)> AuditedTables(this ServiceDb db) => db.Audited.Select(type =>
    {
        var entity = db.Model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is no table of this service.");
        var table = entity.GetTableName()!;
        return (table, (IReadOnlyList<string>)[.. entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName(StoreObjectIdentifier.Table(table))!)]);
    });

    /// <summary>Lets the database write the trail by itself; what an audited table already holds is taken over.</summary>
    internal static async Task KeepAudit(this ServiceDb db)
    {
        await db.Database.ExecuteSqlRawAsync("""
            create or replace function audit_row() returns trigger language plpgsql set timezone to 'UTC' as $$
            declare was jsonb := case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
            begin
              insert into audit (source, operation, key, row) select tg_table_name, lower(tg_op), string_agg(was ->> name, '/' order by n), was from unnest(tg_argv) with ordinality as part(name, n);
              return null;
            end $$;
            create or replace function audit_is_sealed_once() returns trigger language plpgsql as $$
            begin
              if tg_op = 'UPDATE' and old.number is null and (old.position, old.at, old.source, old.operation, old.key, old.row) = (new.position, new.at, new.source, new.operation, new.key, new.row) then return new; end if;
              raise exception 'audit is append-only';
            end $$;
            create or replace trigger sealed_once before update or delete on audit for each row execute function audit_is_sealed_once();
            create or replace trigger never_emptied before truncate on audit for each statement execute function audit_is_sealed_once();
            """);
        foreach (var (table, keys) in db.AuditedTables())
        {
            var columns = string.Join(", ", keys.Select(column => $"'{column}'"));
#pragma warning disable EF1002 // names of the model, not of anybody's input
            await db.Database.ExecuteSqlRawAsync($"""
                set timezone to 'UTC';
                insert into audit (source, operation, key, row) select '{table}', 'insert', {string.Join(" || '/' || ", keys.Select(column => $"(to_jsonb(t) ->> '{column}')"))}, to_jsonb(t) from "{table}" t
                  where not exists (select 1 from pg_trigger where tgname = 'audit' and tgrelid = '"{table}"'::regclass);
                create or replace trigger audit after insert or update or delete on "{table}" for each row execute function audit_row({columns});
                """);
#pragma warning restore EF1002
        }
    }

    /// <summary>Maps <c>GET /api/operations/{service}/audit</c> for operators.</summary>
    internal static void MapAudit(this IEndpointRouteBuilder app, string service) => app.MapGet($"/api/operations/{service}/audit", Verify)
        .RequireAuthorization(TokenNames.Operator).WithTags("operations").WithName($"verify-{service}-audit")
        .WithSummary("Reads the service's whole audit trail and tells whether anything was changed; with number and hash, also whether that earlier head is still in it.");

    private static async Task<Results<Ok<AuditTrail.AuditReport>, ProblemHttpResult>> Verify(AuditTrail trail, CancellationToken ct, long? number = null, string? hash = null) =>
        number is null != hash is null
            ? new Faults().Add(true, "hash", "required", "A head is a number and a hash: send both or neither.").ToProblem()
            : TypedResults.Ok(await trail.Verify(number is { } head ? (head, hash!) : null, ct));
}
