using Npgsql;

namespace ExamPlatform.Bench;

/// <summary>A million applications with all the work they have made, over the provinces and cities of areas.csv, as in the middle of a season.</summary>
internal static class WorkListData
{
    public const int Applications = 1_000_000;

    /// <summary>Work opens oldest first: ids, times and places on disk go together, as in a table that grew.</summary>
    private const string Fill = """
        create temp table step (programme text, ordinal int, stage text, kind text, level text);
        insert into step values
          ('HP', 1, 'confirmation', 'Confirmation', 'site'), ('HP', 2, 'site-review', 'Review', 'site'), ('HP', 3, 'area-review', 'Review', 'area'),
          ('NU', 1, 'confirmation', 'Confirmation', 'point'), ('NU', 2, 'site-review', 'Review', 'site'), ('NU', 3, 'area-review', 'Review', 'area'),
          ('BM', 1, 'acceptance', 'Acceptance', 'site'), ('BM', 2, 'first-review', 'Review', 'site'), ('BM', 3, 'second-review', 'Review', 'area'),
          ('BM', 4, 'second-review', 'Release', 'site'), ('BM', 5, 'second-review', 'Appeal', 'national'),
          ('ML', 1, 'qualification', 'Review', 'point'), ('ML', 2, 'area-review', 'Review', 'area'), ('ML', 3, 'national-review', 'Review', 'national'),
          ('FJ', 1, 'base-review', 'Review', 'site'), ('FJ', 2, 'area-review', 'Review', 'area');
        select setseed(0.42);
        create temp table application as
          select gen_random_uuid() as id, gen_random_uuid() as candidate, (array['HP', 'HP', 'NU', 'NU', 'BM', 'ML', 'ML', 'FJ'])[1 + floor(random() * 8)::int] as programme,
            case when random() < 0.4 then '2026' else '2027' end as session, floor(random() * (select count(*) from place))::int as place, 1 + floor(random() * 4)::int as reached,
            random() as late from generate_series(1, 1000000);
        insert into work (id, application_id, candidate_id, version, round, programme_code, programme_version, session_code, stage, kind, level, area_path, due_at, opened_at, state, claimed_by, claimed_until, voided_for, decided_at, decided_by)
        select (lpad(to_hex((extract(epoch from opened) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
          id, candidate, 1, ordinal, programme, 1, session, stage, kind, level, path, due, opened, state,
          case when state = 'Claimed' then candidate end, case when state = 'Claimed' then now() + (random() - 0.3) * interval '10 minutes' end, case when state = 'Voided' then 'Withdrawn' end,
          case when state in ('Passed', 'Failed', 'SentBack') then opened + interval '1 day' end, case when state in ('Passed', 'Failed', 'SentBack') then md5((place % 20)::text)::uuid end
        from (
          select a.*, s.*, p.path, (session || '-01-10')::timestamptz + (late * 40 + ordinal * 4 + random() * 3) * interval '1 day' as opened, (session || '-04-01')::timestamptz as due,
            case when ordinal < reached then 'Passed'
              when session = '2026' then (array['Passed', 'Passed', 'Passed', 'Passed', 'Passed', 'Failed', 'Voided'])[1 + floor(random() * 7)::int]
              else (array['Open', 'Open', 'Open', 'Open', 'Open', 'Open', 'Open', 'Open', 'Open', 'Claimed', 'Passed', 'Failed', 'Voided', 'SentBack'])[1 + floor(random() * 14)::int] end as state
          from application a join step s on s.programme = a.programme and s.ordinal <= a.reached join place p on p.n = a.place
        ) as opened_work(id, candidate, programme, session, place, reached, late, programme2, ordinal, stage, kind, level, path, opened, due, state)
        order by opened;
        """;

    public static async Task FillAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await Execute(connection, "create temp table place (n int primary key, path text)", ct);
        await using (var copy = await connection.BeginBinaryImportAsync("copy place (n, path) from stdin (format binary)", ct))
        {
            foreach (var (path, n) in Places().Select((path, n) => (path, n))) await copy.WriteRowAsync(ct, n, path);
            await copy.CompleteAsync(ct);
        }
        var indexes = await Strings(connection, "select indexdef from pg_indexes where tablename = 'work' and indexname like 'ix%'", ct);
        await Execute(connection, $"drop index {string.Join(", ", await Strings(connection, "select indexname from pg_indexes where tablename = 'work' and indexname like 'ix%'", ct))}", ct);
        await Execute(connection, $"set synchronous_commit = off; set work_mem = '256MB'; {Fill}", ct);
        foreach (var index in indexes) await Execute(connection, index, ct);
        await Execute(connection, "vacuum analyze work", ct);
        // claims and decisions of the hours before the next vacuum
        await Execute(connection, "create temp table busy as select id from work where state = 'Open' order by random() limit 10000", ct);
        await Execute(connection, "update work set state = 'Claimed', claimed_by = candidate_id, claimed_until = now() + interval '5 minutes' where id in (select id from busy)", ct);
        await Execute(connection, "update work set state = 'Passed', decided_at = now(), decided_by = claimed_by, claimed_by = null, claimed_until = null where id in (select id from busy)", ct);
    }

    public static Task<List<string>> Strings(NpgsqlDataSource source, string sql, CancellationToken ct) => Read(source.CreateCommand(sql), ct);

    /// <summary>Paths of points in cities in provinces, as often as their share: large provinces first, as the file has them, and in each the capital first.</summary>
    private static IEnumerable<string> Places()
    {
        var areas = File.ReadAllLines("services/application/areas.csv").Skip(1).Select(line => line.Split(',')).ToLookup(area => area[2], area => area[0]);
        return areas[""].SelectMany((province, i) => areas[province].SelectMany((city, j) =>
            Enumerable.Repeat($"{province}/{city}/", (int)(24_000.0 / (i + 5) / (j + 2) / areas[province].Select((_, k) => 1.0 / (k + 2)).Sum()))
                .Select((path, k) => $"{path}{city[..4]}{1 + k % 3:00}/")));
    }

    private static async Task<List<string>> Strings(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await Read(command, ct);
    }

    private static async Task<List<string>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add(reader.GetString(0));
        return found;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
