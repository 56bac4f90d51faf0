using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform.EndToEnd;

[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<RunningPlatform>
{
    public const string Name = "the whole platform";
}

/// <summary>The whole platform as the AppHost runs it, with real servers and data of its own. One for all tests: each makes its own candidates and leaves everything running.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly string[] Services = ["identity", "application", "document", "review", "payment", "notification", "gateway", "web", "sandbox"];

    private readonly string data = Directory.CreateTempSubdirectory("exam-end-to-end-").FullName;
    private DistributedApplication? app;
    private Platform? platform;

    public Platform Platform => platform ?? throw new InvalidOperationException("The platform is not running.");
    public Uri Gateway => App.GetEndpoint("gateway", "http");
    public Uri Web => App.GetEndpoint("web", "http");

    /// <summary>The folder of all that the platform keeps.</summary>
    public string Data => data;

    /// <summary>Where the document service keeps uploads.</summary>
    public string DocumentStore => Path.Combine(data, "documents");

    private DistributedApplication App => app ?? throw new InvalidOperationException("The platform is not running.");

    public async Task InitializeAsync()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(data, (UnixFileMode)0b111_001_001); // PostgreSQL runs as another user
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--EXAM_DATA={data}"], limit.Token);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("ExamPlatform.AppHost.Resources", LogLevel.None));
        app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        foreach (var service in Services) await app.ResourceNotifications.WaitForResourceHealthyAsync(service, limit.Token);
        platform = Watched(null);
        await platform.Ready();
    }

    /// <param name="watch">Called when a candidate's life has come further.</param>
    public Platform Watched(Func<CandidateLife, Task>? watch) =>
        new(Gateway, App.GetEndpoint("sandbox", "http"), File.ReadAllText(Path.Combine(data, "secrets", "people-password")), new WatchedAnswers()) { Watch = watch };

    public async Task DisposeAsync()
    {
        platform?.Dispose();
        if (app is not null) await app.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>A candidate who has filled in everything and not submitted yet.</summary>
    public async Task<HpLife> FilledIn(string area = HpLife.Area, string site = HpLife.Site) => await (await new HpLife(Platform).Register()).FillIn(area, site);

    public async Task<HpLife> Submitted(string area = HpLife.Area, string site = HpLife.Site)
    {
        var life = await FilledIn(area, site);
        await life.Submit();
        return life;
    }

    public async Task<HpLife> AwaitingPayment()
    {
        var life = await Submitted();
        await life.Confirm();
        await life.Review();
        return life;
    }

    public Task<Desk> Desk(string officer = $"site-{HpLife.Site}") => Demo.Lives.Desk.Of(Platform, officer);

    public async Task Stop(string resource)
    {
        await Command(resource, KnownResourceCommands.StopCommand);
        await App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates);
    }

    public async Task Start(string resource)
    {
        await Command(resource, KnownResourceCommands.StartCommand);
        using var limit = new CancellationTokenSource(StartLimit);
        await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill(string service)
    {
        var state = await App.ResourceNotifications.WaitForResourceAsync(service, e => e.Snapshot.State?.Text == KnownResourceStates.Running);
        var pid = Convert.ToInt32(state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
        Process.GetProcessById(pid).Kill();
        await App.ResourceNotifications.WaitForResourceAsync(service, KnownResourceStates.TerminalStates);
    }

    /// <summary>Shifts the clock of all services and of the outside world, runs, and sets it right again.</summary>
    public async Task At(TimeSpan shift, Func<Task> run)
    {
        var clock = Path.Combine(data, "clock");
        try
        {
            await Set(shift);
            await run();
        }
        finally
        {
            await Set(TimeSpan.Zero);
        }

        async Task Set(TimeSpan to)
        {
            await File.WriteAllTextAsync(clock + ".new", to.ToString("c", CultureInfo.InvariantCulture));
            File.Move(clock + ".new", clock, overwrite: true);
            await Eventually.Holds($"identity's clock to be {to} ahead", async () =>
                await Platform.SignIn("candidate") is { Token: { } token } && (Tokens.IssuedAt(token) - TimeProvider.System.GetUtcNow() - to).Duration() < TimeSpan.FromSeconds(10));
            await Platform.Ready();
        }
    }

    /// <summary>One value out of a service's database.</summary>
    public async Task<T> Query<T>(string service, string sql, params object[] parameters)
    {
        await using var source = NpgsqlDataSource.Create((await App.GetConnectionStringAsync($"{service}db"))!);
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many messages of a type a service has put into its outbox about something.</summary>
    public Task<long> Published(string service, string type, string text) => Query<long>(service, "select count(*) from outbox where type like $1 and body::text like $2", $"%.{type},%", $"%{text}%");

    private async Task Command(string resource, string command)
    {
        var done = await App.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(done.Success, $"{resource} {command}: {done.Message}");
    }
}
