using System.Net.Http.Headers;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Testing;

/// <summary>
/// One service in the test's process: its real Program over a database of its own on a real PostgreSQL, a clock the test sets, the in-memory bus. Use as a class
/// fixture; derive to set options (<see cref="Settings"/>) and to put fakes in the place of other services (<see cref="Replace"/>).
/// </summary>
/// <typeparam name="TProgram">Any public type of the service's assembly.</typeparam>
/// <typeparam name="TDb">The service's database.</typeparam>
public class ServiceFixture<TProgram, TDb> : WebApplicationFactory<TProgram> where TProgram : class where TDb : ServiceDb
{
    public SettableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

    /// <summary>The connection name of the service's database.</summary>
    protected virtual string Database => typeof(TDb).Name.ToLowerInvariant();

    /// <summary>Whether tokens of <see cref="TestTokens"/> are trusted; identity tests turn it off.</summary>
    protected virtual bool TrustsTestTokens => true;

    /// <summary>Configuration of the service, beside its database.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>Puts fakes in the place of other services.</summary>
    protected virtual void Replace(IServiceCollection services) { }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseEnvironment(Environments.Development);
        builder.UseSetting($"ConnectionStrings:{Database}", PostgresServer.CreateDatabaseAsync().GetAwaiter().GetResult());
        builder.UseSetting("ConnectionStrings:messaging", "amqp://nobody:nothing@127.0.0.1:1/");
        builder.UseSetting("Platform:Key", "the-key-of-the-test-process");
        builder.UseSetting("Audit:Key", Convert.ToBase64String(new byte[32]));
        builder.UseSetting("Sealing:Master", "test");
        builder.UseSetting("Sealing:Masters:test", Convert.ToBase64String(new byte[32]));
        foreach (var peer in (string[])["identity", "application", "document", "review", "payment", "notification"]) builder.UseSetting($"services:{peer}:grpc:0", "http://127.0.0.1:1");
        foreach (var (key, value) in Settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.AddMassTransitTestHarness();
            if (TrustsTestTokens) TestTokens.Trust(services);
            Replace(services);
        });
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var host = builder.Build();
        host.MigrateAsync<TDb>().GetAwaiter().GetResult();
        host.Start();
        return host;
    }

    public HttpClient Anonymous() => CreateClient(new() { AllowAutoRedirect = false });
    public HttpClient Candidate(Guid id) => With(TestTokens.Create(Clock.Now, id, TokenNames.Candidate));
    public HttpClient Officer(string level, string areaPath, Guid? id = null) => With(TestTokens.Create(Clock.Now, id ?? Guid.NewGuid(), TokenNames.Officer, level, areaPath));
    public HttpClient Operator() => With(TestTokens.Create(Clock.Now, Guid.NewGuid(), TokenNames.Operator));

    public HttpClient With(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Publishes a message as another service would and waits until a consumer has taken it in (or it was parked, which fails).</summary>
    public async Task Deliver<T>(T message, Guid? messageId = null) where T : class
    {
        var id = messageId ?? Guid.NewGuid();
        await Services.GetRequiredService<IBus>().Publish(message, context => context.MessageId = id);
        await Until.Async(() => Query(async db => await db.Inbox.AnyAsync(e => e.MessageId == id) || await db.Parked.AnyAsync(m => m.MessageId == id)), what: $"{typeof(T).Name} is taken in");
        if (await Query(db => db.Parked.FirstOrDefaultAsync(m => m.MessageId == id)) is { } parked) throw new InvalidOperationException($"{typeof(T).Name} was parked: {parked.Error}");
    }

    /// <summary>Looks into the service's database.</summary>
    public async Task<T> Query<T>(Func<TDb, Task<T>> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>The messages of one kind that an aggregate put into the outbox, oldest first.</summary>
    public Task<List<T>> Published<T>(Guid aggregateId) => Query(async db =>
        (await db.Outbox.AsNoTracking().Where(m => m.AggregateId == aggregateId).OrderBy(m => m.Position).ToListAsync())
            .Where(m => m.Type.StartsWith(typeof(T).FullName + ",", StringComparison.Ordinal))
            .Select(m => System.Text.Json.JsonSerializer.Deserialize<T>(m.Body, Messaging.Json)!).ToList());
}
