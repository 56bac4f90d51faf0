using System.Diagnostics;
using System.Security.Claims;
using ExamPlatform.Reviews;
using ExamPlatform.Reviews.Features;
using Npgsql;

namespace ExamPlatform.Bench;

/// <summary>What officers of every level wait for their work list, by every combination of its filters, on first and deep pages, and for their counts.</summary>
internal static class WorkListBench
{
    private const double TargetMilliseconds = 200;
    private static readonly string[] States = ["open", "claimed", "mine", "passed", "failed", "sentBack", "voided"];
    private static readonly string[] Levels = ["national", "area", "site", "point"];

    private sealed record Officer(string Level, string AreaPath, string Within, IReadOnlyList<string> Cursors);

    private sealed record Measured(string Level, string What, string Address, double Milliseconds);

    /// <returns>Whether the target was met: p95 under 200 ms in each case.</returns>
    public static async Task<bool> RunAsync(LocalServers servers, TextWriter told, CancellationToken ct)
    {
        await using var app = Build(servers);
        await app.MigrateAsync<ReviewDb>();
        var source = app.Services.GetRequiredService<NpgsqlDataSource>();
        await told.WriteLineAsync($"Making {WorkListData.Applications:N0} applications …");
        await WorkListData.FillAsync(source, ct);
        await told.WriteLineAsync((await WorkListData.Strings(source, """
            select format('%s rows of work, %s %% decided, %s places; table %s, indexes %s', to_char(count(*), 'FM9,999,999'), round(avg((state not in ('Open', 'Claimed'))::int) * 100),
              count(distinct substring(area_path from '^[^/]+/[^/]+/')), pg_size_pretty(pg_table_size('work')), pg_size_pretty(pg_indexes_size('work'))) from work
            """, ct)).Single());
        await app.StartAsync(ct);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var measured = new List<Measured>();
        foreach (var officer in await Officers(source, ct)) await Measure(http, officer, measured, ct);
        await app.StopAsync(ct);
        return await Tell(measured, told, ct);
    }

    /// <summary>The service's own endpoints; who asks stands in a header instead of a token.</summary>
    private static WebApplication Build(LocalServers servers)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration["ConnectionStrings:reviewdb"] = servers.Postgres;
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System).ConfigureHttpJsonOptions(options => options.SerializerOptions.UsePlatformRules());
        builder.AddServiceDatabase<ReviewDb>("reviewdb");
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Use((context, next) =>
        {
            var officer = context.Request.Headers["X-Officer"].ToString().Split('|');
            context.User = new(new ClaimsIdentity([new("sub", officer[0]), new(TokenNames.Role, TokenNames.Officer), new(TokenNames.Level, officer[1]), new(TokenNames.AreaPath, officer[2])]));
            return next(context);
        });
        app.MapListWork();
        app.MapCountWork();
        app.MapCountDays();
        return app;
    }

    /// <summary>Of each level the officer with the most work, and four others; with cursors deep in their work.</summary>
    private static async Task<IReadOnlyList<Officer>> Officers(NpgsqlDataSource source, CancellationToken ct)
    {
        var rows = await WorkListData.Strings(source, """
            select level || '|' || jurisdiction || '|' || within || '|' || replace(array_to_string(cursors, ','), '-', '') from (
              select level, jurisdiction, mode() within group (order by area_path) as within, percentile_disc(array[0.5, 0.8, 0.97]) within group (order by id) as cursors,
                row_number() over (partition by level order by count(*) desc) as largest, row_number() over (partition by level order by md5(jurisdiction)) as chosen
              from work group by level, jurisdiction) ranked
            where largest = 1 or chosen <= 4
            """, ct);
        return [.. rows.Select(row => row.Split('|')).Select(row => new Officer(row[0], row[1], row[2], row[3].Split(',')))];
    }

    private static async Task Measure(HttpClient http, Officer officer, List<Measured> measured, CancellationToken ct)
    {
        var random = new Random(42);
        http.DefaultRequestHeaders.Remove("X-Officer");
        http.DefaultRequestHeaders.Add("X-Officer", $"{Guid.NewGuid()}|{officer.Level}|{officer.AreaPath}");
        foreach (var state in States)
            foreach (var cursor in officer.Cursors.Prepend(null))
                for (var filters = 0; filters < 64; filters++)
                {
                    var address = $"/work?state={state}{Filters(filters, officer, random)}{(cursor is null ? "" : $"&cursor={cursor}")}";
                    measured.Add(new(officer.Level, $"{state,-8} {(cursor is null ? "first page" : "deep pages")}", address, await Time(http, address, ct)));
                }
        foreach (var (what, address) in new[] { ("counts", "/work/counts"), ("days", "/work/days?days=31&until=2027-02-20") })
            for (var i = 0; i < 20; i++) measured.Add(new(officer.Level, what, address, await Time(http, address, ct)));
    }

    /// <summary>One combination of the six filters beside the state. Values are drawn each for itself: where they exclude each other everything must be gone through.</summary>
    private static string Filters(int which, Officer officer, Random random)
    {
        (string Name, string[] Values)[] filters =
        [
            ("stage", ["confirmation", "site-review", "area-review", "second-review", "qualification"]), ("programme", ["HP", "NU", "BM", "ML", "FJ"]), ("session", ["2026", "2027"]),
            ("kind", ["acceptance", "confirmation", "review", "release", "appeal"]), ("areaPath", [officer.Within, officer.Within[..Math.Min(officer.AreaPath.Length + "650000/".Length, officer.Within.Length)]]),
            ("dueBefore", ["2026-06-01", "2027-06-01"]),
        ];
        return string.Concat(filters.Where((_, i) => (which >> i & 1) == 1).Select(f => $"&{f.Name}={f.Values[random.Next(f.Values.Length)]}"));
    }

    private static async Task<double> Time(HttpClient http, string address, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative), ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        var taken = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return answer.IsSuccessStatusCode ? taken : throw new InvalidOperationException($"{address}: {(int)answer.StatusCode} {body}");
    }

    private static async Task<bool> Tell(List<Measured> measured, TextWriter told, CancellationToken ct)
    {
        await told.WriteLineAsync($"load average at the end: {(await File.ReadAllTextAsync("/proc/loadavg", ct)).Split(' ')[0]} on {Environment.ProcessorCount} cores");
        var met = true;
        foreach (var level in Levels)
        {
            foreach (var one in measured.Where(m => m.Level == level).GroupBy(m => m.What))
            {
                met &= At(one, 0.95) < TargetMilliseconds;
                await told.WriteLineAsync($"{level,-8} {one.Key,-20} {one.Count(),5}×  p50 {At(one, 0.5),6:0.0} ms, p95 {At(one, 0.95),6:0.0} ms, p99 {At(one, 0.99),6:0.0} ms");
            }
            var slowest = measured.Where(m => m.Level == level).MaxBy(m => m.Milliseconds)!;
            await told.WriteLineAsync($"{level,-8} slowest of all: {slowest.Milliseconds:0.0} ms, {slowest.Address}");
        }
        await told.WriteLineAsync($"p95 of each case under {TargetMilliseconds:0} ms: {(met ? "yes" : "NO")}");
        return met;
    }

    private static double At(IEnumerable<Measured> values, double share) => values.Select(m => m.Milliseconds).Order().ElementAt((int)Math.Floor((values.Count() - 1) * share));
}
