using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications.Features;

/// <summary>Section <c>Application:Retention</c>: between which hours in China the work is done. Equal hours: at any time.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Application:Retention";
    public TimeOnly From { get; init; } = new(1, 0);
    public TimeOnly Until { get; init; } = new(5, 0);

    public bool IsNight(DateTimeOffset now) => From == Until || TimeOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime).IsBetween(From, Until);
}

/// <summary>
/// Every night takes the person out of the applications whose exam no longer needs their data. Replicas share the work by row locks, batch by batch; what a batch has done is done, so that whoever dies leaves
/// the rest for the next.
/// </summary>
public sealed class KeepRetention(IServiceScopeFactory scopes, TimeProvider clock, IOptions<RetentionOptions> options, ILogger<KeepRetention> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private sealed record Group(string Programme, int Version, string Session);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(LookEvery);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (options.Value.IsNight(clock.GetUtcNow())) await Look(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "What is over cannot be cleared now; looking again in {Seconds} s", LookEvery.TotalSeconds);
            }
        }
    }

    public async Task Look(CancellationToken cancellationToken)
    {
        foreach (var (group, changedUntil) in await Due(cancellationToken))
        {
            var (last, cleared) = ((Guid?)Guid.Empty, 0);
            while (last is { } after)
            {
                (last, var count) = await Batch(group, changedUntil, after, cancellationToken);
                cleared += count;
            }
            if (cleared > 0) log.LogInformation("{Count} applications of {Programme} {Session} are cleared: their exam needs their data no longer", cleared, group.Programme, group.Session);
        }
    }

    /// <summary>The sessions that ended long enough ago, and until when an application may have changed last.</summary>
    private async Task<List<(Group, DateTimeOffset)>> Due(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, programmes, now) = (scope.ServiceProvider.GetRequiredService<ApplicationDb>(), scope.ServiceProvider.GetRequiredService<Programmes>(), clock.GetUtcNow());
        var groups = await db.Applications.Where(a => !a.Trial && a.ClearedAt == null).Select(a => new Group(a.ProgrammeCode, a.ProgrammeVersion, a.SessionCode)).Distinct().ToListAsync(ct);
        List<(Group, DateTimeOffset)> due = [];
        foreach (var group in groups)
        {
            var (own, newest) = (await programmes.Get(group.Programme, group.Version, ct), await programmes.Newest(group.Programme, ct));
            var session = newest?.Session(group.Session) ?? own.Session(group.Session);
            if ((own.Retention ?? newest?.Retention) is { } rule && session?.IsOver(now.AddDays(-rule.Days)) == true) due.Add((group, now.AddDays(-rule.Days)));
        }
        return due;
    }

    private async Task<(Guid? Last, int Cleared)> Batch(Group group, DateTimeOffset changedUntil, Guid after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, programmes, now) = (scope.ServiceProvider.GetRequiredService<ApplicationDb>(), scope.ServiceProvider.GetRequiredService<Programmes>(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var batch = await db.Applications.FromSql($"""
            select *, xmin from applications where programme_code = {group.Programme} and programme_version = {group.Version} and session_code = {group.Session} and not trial and cleared_at is null
            and changed_at <= {changedUntil} and standing in ('Draft', 'Registered', 'Rejected', 'Abandoned') and id > {after} order by id limit {BatchSize} for update skip locked
            """).ToListAsync(ct);
        if (batch.Count == 0) return (null, 0);
        List<Application> over = [];
        foreach (var application in batch)
            if (!application.IsUnderWay && application.KeptUntil(await programmes.Of(application, ct)) <= now) over.Add(application); // in an area of its own it may last longer
        await db.Clear(over, now, ct);
        await transaction.CommitAsync(ct);
        return (batch[^1].Id, over.Count);
    }
}
