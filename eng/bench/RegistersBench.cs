using System.Diagnostics;
using ExamPlatform.Applications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ExamPlatform.Bench;

/// <summary>How soon the search over a register of 100,000 names answers, asked by one person and by eight at once, and which indexes it uses.</summary>
internal static class RegistersBench
{
    private const int Rows = 100_000, Questions = 3_000, Together = 8;
    private const double TargetMilliseconds = 100;

    /// <returns>Whether the target was met: p99 under 100 ms, and no search goes through the whole table.</returns>
    public static async Task<bool> RunAsync(string postgres, TextWriter told, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(postgres);
        var options = new DbContextOptionsBuilder<ApplicationDb>().UseNpgsql(source).Options;
        var seals = new Seals(source, new ConfigurationBuilder().Build(), NullLogger<Seals>.Instance); // registers hold nothing that is sealed
        ApplicationDb Open() => new(options, seals);
        await using var db = Open();
        await db.Database.MigrateAsync(ct);
        await new RegisterSeed().SeedAsync(db, ct);
        var names = new GeneratedNames(await db.RegisterEntries.AsNoTracking().ToListAsync(ct));
        var rows = names.Take(Rows);

        var started = Stopwatch.GetTimestamp();
        await db.Replace(RegisterKind.Units, rows, ct);
        await told.WriteLineAsync($"{rows.Count} rows put in the place of the register in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        await using (var second = Open())
        {
            started = Stopwatch.GetTimestamp();
            await second.Replace(RegisterKind.Units, rows, ct);
            await told.WriteLineAsync($"again, over {rows.Count} old ones, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }

        var kinds = names.Questions(rows, Questions);
        foreach (var (_, questions) in kinds) await Ask(Open, questions.Take(20), ct); // warm
        var ok = true;
        foreach (var (kind, questions) in kinds) ok &= await Told(told, $"{kind}, one after the other", await Ask(Open, questions, ct));
        var all = kinds.SelectMany(k => k.Questions).Order().ToList(); // mixed
        ok &= await Told(told, $"all, {Together} at once", [.. (await Task.WhenAll(all.Chunk(all.Count / Together).Select(part => Task.Run(() => Ask(Open, part, ct), ct)))).SelectMany(t => t)]);
        foreach (var (kind, questions) in kinds) ok &= await Explain(source, kind, questions[0], told, ct);
        return ok;
    }

    private static async Task<List<double>> Ask(Func<ApplicationDb> open, IEnumerable<string> questions, CancellationToken ct)
    {
        var times = new List<double>();
        foreach (var question in questions)
        {
            var started = Stopwatch.GetTimestamp();
            await using var db = open();
            if ((await db.Search(RegisterKind.Units, RegisterEntry.Fold(question), 20, ct)).Count == 0) throw new InvalidOperationException($"{question} is not found.");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times;
    }

    private static async Task<bool> Told(TextWriter told, string what, List<double> times)
    {
        times.Sort();
        double At(double share) => times[(int)((times.Count - 1) * share)];
        await told.WriteLineAsync($"{what,-45} {times.Count,5} questions: p50 {At(0.5),6:0.0} ms, p95 {At(0.95),6:0.0} ms, p99 {At(0.99),6:0.0} ms, max {times[^1],6:0.0} ms (p99 to stay under {TargetMilliseconds:0})");
        return At(0.99) < TargetMilliseconds;
    }

    private static async Task<bool> Explain(NpgsqlDataSource source, string kind, string question, TextWriter told, CancellationToken ct)
    {
        await using var explain = source.CreateCommand("explain " + Registers.Find);
        explain.Parameters.AddRange(Registers.Asked(RegisterKind.Units, RegisterEntry.Fold(question), 20));
        var scans = new List<string>();
        await using var plan = await explain.ExecuteReaderAsync(ct);
        while (await plan.ReadAsync(ct))
            if (plan.GetString(0).Contains("Scan", StringComparison.Ordinal)) scans.Add(plan.GetString(0).Trim(' ', '-', '>').Split("  (")[0]);
        await told.WriteLineAsync($"explain {kind} '{question}': {string.Join("; ", scans.Where(s => s.Contains("register_entries", StringComparison.Ordinal)))}");
        return !scans.Any(s => s.StartsWith("Seq Scan on register_entries", StringComparison.Ordinal));
    }
}
