using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace ExamPlatform.Applications;

public sealed record RegisterLine(string Code, string Name);

/// <summary>Schools and work units (C3). Who reads while a register is replaced sees the old one.</summary>
public static class Registers
{
    /// <summary>By initials, then by the beginning of the name, then inside it; of each the shortest first. What is inside too many names to be of use is not all put in order.</summary>
    public const string Find = """
        with found as (
            (select code, name, length, 1 as place from register_entries where kind = @kind and initials like @initials order by length, code limit @take)
            union all
            (select code, name, length, 2 from register_entries where kind = @kind and key like @beginning order by length, code limit @take)
            union all
            (select code, name, length, 3
                from (select code, name, length from register_entries where kind = @kind and pieces @> @pieces and strpos(key, @key) > 1 limit 2000) as inside
                order by length, code limit @take))
        select code, name from (select distinct on (code) * from found order by code, place) as each order by place, length, code limit @take
        """;

    public static NpgsqlParameter[] Asked(RegisterKind kind, string key, int take) =>
    [
        new("kind", kind.ToString()), new("take", take), new("key", key), new("pieces", RegisterEntry.PiecesToFind(key)),
        new("initials", key.ToLowerInvariant() + "%"), new("beginning", key + "%"), // the key has no character that LIKE would read otherwise
    ];

    public static Task<List<RegisterLine>> Search(this ApplicationDb db, RegisterKind kind, string key, int take, CancellationToken ct) =>
        db.Database.SqlQueryRaw<RegisterLine>(Find, [.. Asked(kind, key, take)]).ToListAsync(ct);

    /// <summary>Puts the rows in the place of the whole register, in one transaction.</summary>
    public static async Task Replace(this ApplicationDb db, RegisterKind kind, IReadOnlyList<RegisterRow> rows, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("lock table register_entries in share row exclusive mode", ct); // one import after the other
        await db.RegisterEntries.Where(e => e.Kind == kind).ExecuteDeleteAsync(ct);
        await Copy((NpgsqlConnection)db.Database.GetDbConnection(), kind, rows, ct);
        // no search has to go through what the index has not put in order yet, and the planner knows at once which pieces are rare
        await db.Database.ExecuteSqlRawAsync("select gin_clean_pending_list('ix_register_entries_pieces'); analyze register_entries", ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task Copy(NpgsqlConnection connection, RegisterKind kind, IReadOnlyList<RegisterRow> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy register_entries (kind, code, name, initials, key, length, pieces) from stdin (format binary)", ct);
        copy.Timeout = TimeSpan.FromMinutes(2);
        foreach (var row in rows)
        {
            var key = RegisterEntry.Fold(row.Name);
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(kind.ToString(), NpgsqlDbType.Text, ct);
            foreach (var text in (string[])[row.Code, row.Name, row.Initials, key]) await copy.WriteAsync(text, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(RegisterEntry.LengthOf(key), NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(RegisterEntry.PiecesOf(key), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
        }
        await copy.CompleteAsync(ct);
    }
}

/// <summary>Puts the start sets that come with the service (<c>registers/*.csv</c>) into registers that are empty, in the migration step.</summary>
public sealed class RegisterSeed : ISeed<ApplicationDb>
{
    public async Task SeedAsync(ApplicationDb db, CancellationToken cancellationToken)
    {
        foreach (var kind in Enum.GetValues<RegisterKind>())
        {
            if (await db.RegisterEntries.AnyAsync(e => e.Kind == kind, cancellationToken)) continue;
            await using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "registers", $"{kind.ToString().ToLowerInvariant()}.csv"));
            var (rows, faults) = await RegisterFile.Read(file, System.Text.Encoding.UTF8, cancellationToken);
            if (faults.Count > 0) throw new InvalidOperationException($"{Path.GetFileName(file.Name)}: {string.Join(Environment.NewLine, faults.Select(f => $"{f.Pointer}: {f.Detail}"))}");
            await db.Replace(kind, rows, cancellationToken);
        }
    }
}
