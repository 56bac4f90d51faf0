using System.Diagnostics;
using MassTransit;

namespace ExamPlatform.Bench;

/// <summary>How soon after its commit a message is confirmed by the broker and taken in by a consumer, idle and under a burst.</summary>
internal static class OutboxBench
{
    private const int WarmUp = 50, Singles = 300, Aggregates = 200, PerAggregate = 10;
    private const double TargetMilliseconds = 50;

    /// <returns>Whether the target was met: publish p50 under 50 ms after commit on an idle machine.</returns>
    public static async Task<bool> RunAsync(LocalServers servers, TextWriter told, CancellationToken ct)
    {
        await using var app = Build(servers);
        await using (var scope = app.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<BenchDb>().Database.EnsureCreatedAsync(ct);
        await app.MigrateAsync<BenchDb>();
        var times = new Times();
        var bus = app.Services.GetRequiredService<IBusControl>();
        bus.ConnectPublishObserver(times);
        bus.ConnectReceiveObserver(times);
        await app.StartAsync(ct);
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, ct);
        for (var i = 0; i < WarmUp; i++) await One(app, times, i, ct);

        var idle = new List<(double Sent, double Taken)>();
        for (var i = 0; i < Singles; i++) idle.Add(await One(app, times, i, ct));
        var (burst, seconds) = await Burst(app, times, ct);
        await app.StopAsync(ct);

        var p50 = At(idle.Select(t => t.Sent), 0.5);
        await told.WriteLineAsync($"load average at the end: {(await File.ReadAllTextAsync("/proc/loadavg", ct)).Split(' ')[0]} on {Environment.ProcessorCount} cores");
        await told.WriteLineAsync($"idle,  commit → confirmed by the broker: {Line(idle.Select(t => t.Sent))}  (p50 to stay under {TargetMilliseconds:0} ms)");
        await told.WriteLineAsync($"idle,  commit → taken in by a consumer:  {Line(idle.Select(t => t.Taken))}");
        await told.WriteLineAsync($"burst, commit → taken in by a consumer:  {Line(burst)}");
        await told.WriteLineAsync($"burst: {burst.Count} messages of {Aggregates} aggregates in {seconds:0.0} s: {burst.Count / seconds:0} per second, commit to commit");
        return p50 < TargetMilliseconds;
    }

    private static WebApplication Build(LocalServers servers)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration["ConnectionStrings:benchdb"] = servers.Postgres;
        builder.Configuration["ConnectionStrings:messaging"] = servers.Rabbit;
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<BenchDb>("benchdb");
        builder.AddServiceMessaging<BenchDb>("bench");
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    /// <summary>One message on a machine that does nothing else; milliseconds since its commit.</summary>
    private static async Task<(double Sent, double Taken)> One(WebApplication app, Times times, int number, CancellationToken ct)
    {
        var ping = new Pinged(Guid.NewGuid(), number);
        var committed = await Commit(app, [ping], ct);
        while (!times.Taken.ContainsKey(ping)) await Task.Delay(1, ct);
        await Task.Delay(20, ct); // until the dispatcher sleeps again
        return (Milliseconds(committed, times.Sent[ping]), Milliseconds(committed, times.Taken[ping]));
    }

    /// <summary>Saves as fast as it goes, one save per aggregate and round, and waits until all are taken in.</summary>
    private static async Task<(List<double> Taken, double Seconds)> Burst(WebApplication app, Times times, CancellationToken ct)
    {
        var (committed, aggregates, started) = (new Dictionary<Pinged, long>(), Enumerable.Range(0, Aggregates).Select(_ => Guid.NewGuid()).ToList(), Stopwatch.GetTimestamp());
        for (var number = 0; number < PerAggregate; number++)
            foreach (var aggregate in aggregates)
            {
                var ping = new Pinged(aggregate, number);
                committed[ping] = await Commit(app, [ping], ct);
            }
        while (!committed.Keys.All(times.Taken.ContainsKey)) await Task.Delay(5, ct);
        return ([.. committed.Select(c => Milliseconds(c.Value, times.Taken[c.Key]))], Stopwatch.GetElapsedTime(started, committed.Keys.Max(p => times.Taken[p])).TotalSeconds);
    }

    private static async Task<long> Commit(WebApplication app, Pinged[] pings, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BenchDb>();
        foreach (var ping in pings) db.Publish(ping.Aggregate, ping);
        await db.SaveChangesAsync(ct);
        return Stopwatch.GetTimestamp();
    }

    // a message can be out before SaveChanges has returned here
    private static double Milliseconds(long from, long to) => Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalMilliseconds);

    private static string Line(IEnumerable<double> values) => $"p50 {At(values, 0.5),7:0.0} ms, p99 {At(values, 0.99),7:0.0} ms, max {values.Max(),7:0.0} ms";

    private static double At(IEnumerable<double> values, double share) => values.Order().ElementAt((int)Math.Floor((values.Count() - 1) * share));
}
