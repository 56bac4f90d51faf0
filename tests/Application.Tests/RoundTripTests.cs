using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

/// <summary>The last hour of a window is the rush: sending in costs at most eight round trips, BEGIN, COMMIT and savepoints counted.</summary>
public sealed class RoundTripTests(CountedService counted) : IClassFixture<CountedService>
{
    private const int Most = 8;
    private readonly ApplicationFixture service = counted;

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task Sending_in_an_application_of_HP(string? key)
    {
        var person = await (await (await service.APerson()).Start()).Fill();

        await AtMost(person, key);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task Sending_in_for_the_third_of_the_wanted_places_and_moving_to_another(string? key)
    {
        var exam = await service.Publish(Exams.WithPlaces($"TRIPS{key}", a: 0, b: 0, c: 1));
        var person = await service.Applicant(exam.Code).Wanting("A", "B", "C");
        await AtMost(person, key);

        await service.Publish(exam.Next(s => s with { Plans = [.. s.Plans!.Select(p => p with { Quota = 1 })] }));
        await person.ReviewFailed("first");
        await person.Look(); // the new version is read once by each replica
        await AtMost(person, key is null ? null : "again");
        Assert.Equal([("A", 1, 1), ("B", 1, 0), ("C", 1, 0)], await service.Places(exam.Code));
    }

    /// <summary>Counts the worst case: what is newest has to be asked, too.</summary>
    private async Task AtMost(Person person, string? key)
    {
        service.Services.GetRequiredService<ProgrammeCache>().Forget();
        Assert.Equal(HttpStatusCode.Created, (await person.TrySubmit(key)).StatusCode);

        var trips = counted.Trips.Of($"{person.Address}/submissions");
        Assert.True(trips.Count is > 3 and <= Most, string.Join(Environment.NewLine, trips));
        counted.Trips.Clear();
    }
}

/// <summary>The service with its round trips counted.</summary>
public sealed class CountedService : ApplicationFixture
{
    public RoundTrips Trips { get; } = new();

    protected override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        services.AddHttpContextAccessor();
        services.AddSingleton(Trips);
        services.ConfigureDbContext<ApplicationDb>((provider, options) =>
        {
            Trips.Http = provider.GetRequiredService<IHttpContextAccessor>();
            options.AddInterceptors(Trips);
        });
    }
}

/// <summary>What goes to the database within a request: each command (a batch is one), and what begins, ends and marks transactions.</summary>
public sealed class RoundTrips : DbCommandInterceptor, IDbTransactionInterceptor
{
    private readonly ConcurrentQueue<(string Path, string What)> seen = new();

    public IHttpContextAccessor? Http { get; set; }

    public IReadOnlyList<string> Of(string path) => [.. seen.Where(s => s.Path == path).Select(s => s.What)];

    public void Clear() => seen.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => Saw(command.CommandText, result);
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => Saw(command.CommandText, result);
    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => Saw(command.CommandText, result);

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) => Saw("begin", result);
    public ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => Saw("commit", result);
    public ValueTask<InterceptionResult> CreatingSavepointAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => Saw("savepoint", result);
    public ValueTask<InterceptionResult> ReleasingSavepointAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => Saw("release", result);

    private ValueTask<T> Saw<T>(string what, T result)
    {
        if (Http?.HttpContext is { } http) seen.Enqueue((http.Request.Path, what));
        return ValueTask.FromResult(result);
    }
}
