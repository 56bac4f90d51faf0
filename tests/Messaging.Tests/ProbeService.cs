using System.Net.Http.Headers;
using ExamPlatform.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Messages.Tests;

/// <summary>One replica of the probe service: ServiceDefaults as the services use them, real PostgreSQL, real Kestrel, the in-memory bus.</summary>
public sealed class ProbeService : IAsyncDisposable
{
    public static SettableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));
    private readonly WebApplication app;

    private ProbeService(WebApplication app, BusRecord record) => (this.app, Record) = (app, record);

    public BusRecord Record { get; }
    /// <summary>Whether the bus library tells its makers how it is used.</summary>
    public bool TellsItsMakers => app.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled;

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    /// <summary>An empty database with the outbox's trigger.</summary>
    public static async Task<string> ADatabase()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var app = Build(database);
        await using (var scope = app.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<ProbeDb>().Database.EnsureCreatedAsync();
        await app.MigrateAsync<ProbeDb>();
        return database;
    }

    /// <summary>The step that runs before a service starts.</summary>
    public static async Task Migrate(string database)
    {
        await using var app = Build(database);
        await app.MigrateAsync<ProbeDb>();
    }

    public static async Task<ProbeService> Start(string database, Func<object, Task>? beforePublish = null)
    {
        var app = Build(database);
        var record = new BusRecord(beforePublish);
        var bus = app.Services.GetRequiredService<IBus>();
        bus.ConnectPublishObserver(record);
        bus.ConnectReceiveObserver(record);
        await app.StartAsync();
        return new(app, record);
    }

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient As(string role, Guid? id = null) => Client(TestTokens.Create(Clock.Now, id ?? Guid.NewGuid(), role));

    public async Task<T> Query<T>(Func<ProbeDb, Task<T>> query)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<ProbeDb>());
    }

    /// <summary>Asks the trail itself, as the sealer and an operator do.</summary>
    public async Task<T> Trail<T>(Func<AuditTrail, Task<T>> ask)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<AuditTrail>());
    }

    public Seals Seals => app.Services.GetRequiredService<Seals>();

    public Task<long> Reseal() => app.Services.GetRequiredService<Reseal>().Pass(default);

    /// <summary>Asks for, and throws away, the keys of owners.</summary>
    public async Task<T> Owners<T>(Func<OwnerKeys, Task<T>> ask)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<OwnerKeys>());
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(string database)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = typeof(ProbeService).Assembly.GetName().Name });
        builder.Configuration["ConnectionStrings:probedb"] = database;
        builder.Configuration["ConnectionStrings:messaging"] = "amqp://nobody:nothing@127.0.0.1:1/";
        builder.Configuration["Audit:Key"] = Convert.ToBase64String(new byte[32]);
        builder.Configuration["Sealing:Master"] = "probe";
        builder.Configuration["Sealing:Masters:probe"] = Convert.ToBase64String(new byte[32]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<ProbeDb>("probedb");
        builder.AddSeals();
        builder.AddServiceMessaging<ProbeDb>("probe");
        builder.Services.AddMassTransitTestHarness();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        TestTokens.Trust(builder.Services);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapProbe();
        app.MapMessageOperations<ProbeDb>("probe");
        app.MapDataKeys("probe");
        return app;
    }
}

/// <summary>One running probe service for a test class.</summary>
public sealed class ProbeFixture : IAsyncLifetime
{
    public ProbeService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await ProbeService.Start(await ProbeService.ADatabase());

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
