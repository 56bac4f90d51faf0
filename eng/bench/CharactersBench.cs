using System.Diagnostics;
using ExamPlatform.Identities;
using ExamPlatform.Identities.Features;

namespace ExamPlatform.Bench;

/// <summary>How soon the lookup of rare characters answers, in the process and over HTTP, asked by one and by eight at once; how long the table takes to read and what it holds.</summary>
internal static class CharactersBench
{
    private const int Questions = 4_000, Together = 8;
    private const double TargetMilliseconds = 20;

    /// <returns>Whether p99 stays under 20 ms everywhere.</returns>
    public static async Task<bool> RunAsync(TextWriter told, CancellationToken ct)
    {
        var (before, started) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.GetTimestamp());
        var table = Characters.Table;
        var took = Stopwatch.GetElapsedTime(started);
        await told.WriteLineAsync($"{table.All.Count} characters read in {took.TotalMilliseconds:0} ms, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0:0.0} MiB");

        var random = new Random(1);
        var asked = Enumerable.Range(0, Questions).Select(_ => table.All[random.Next(table.All.Count)]).ToList();
        var ok = await Told(told, "radical + strokes, in the process", [.. asked.Select(hanzi => Timed(() => table.Find(hanzi.Radical, hanzi.Strokes, null, null, null, 60)))]);
        ok &= await Told(told, "reading, in the process", [.. asked.Where(hanzi => hanzi.Readings.Length > 0).Select(hanzi => Timed(() => table.Find(null, null, null, hanzi.Readings[0], null, 60)))]);
        ok &= await Told(told, "strokes alone, in the process", [.. asked.Select(hanzi => Timed(() => table.Find(null, hanzi.Strokes, null, null, null, 60)))]);

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapFindCharacters();
        await app.StartAsync(ct);
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
        List<string> addresses = [.. asked.Select((hanzi, n) => (n % 3, hanzi) switch
        {
            (0, _) => $"/api/characters?radical={hanzi.Radical}&strokes={hanzi.Strokes}",
            (1, { Readings: [var reading, ..] }) => $"/api/characters?reading={Uri.EscapeDataString(reading)}",
            _ => $"/api/characters?strokes={hanzi.Strokes}",
        })];
        await Ask(client, addresses.Take(50), ct); // warm
        ok &= await Told(told, "mixed, over HTTP", await Ask(client, addresses, ct));
        ok &= await Told(told, $"mixed, over HTTP, {Together} at once", [.. (await Task.WhenAll(addresses.Chunk(addresses.Count / Together).Select(part => Task.Run(() => Ask(client, part, ct), ct)))).SelectMany(t => t)]);
        await app.StopAsync(ct);
        return ok;
    }

    private static double Timed(Action action)
    {
        var since = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    private static async Task<List<double>> Ask(HttpClient client, IEnumerable<string> addresses, CancellationToken ct)
    {
        var times = new List<double>();
        foreach (var address in addresses)
        {
            var since = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(new Uri(address, UriKind.Relative), ct);
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }
        return times;
    }

    private static async Task<bool> Told(TextWriter told, string what, List<double> times)
    {
        times.Sort();
        double At(double share) => times[(int)((times.Count - 1) * share)];
        await told.WriteLineAsync($"{what,-40} {times.Count,5} questions: p50 {At(0.5),6:0.00} ms, p95 {At(0.95),6:0.00} ms, p99 {At(0.99),6:0.00} ms, max {times[^1],6:0.00} ms (p99 to stay under {TargetMilliseconds:0})");
        return At(0.99) < TargetMilliseconds;
    }
}
