using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications.Features;

/// <summary>
/// Looks every second for deadlines that have passed or come near. Replicas share the work by row locks; what one holds, the others skip. While the platform is down for candidates nothing passes:
/// how long that lasts, and which window it extends, is known when it is over.
/// </summary>
public sealed class KeepDeadlines(IServiceScopeFactory scopes, TimeProvider clock, IOptions<BeatOptions> beat, ILogger<KeepDeadlines> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PushBack = TimeSpan.FromMinutes(1);

    private const string Due = """
        select *, xmin from applications where (lapses_at <= {0} or remind_at <= {0}) and ({3}::uuid is null or id = {3}) and exists (select from beats where at > clock_timestamp() - {2})
        order by least(lapses_at, remind_at) limit {1} for update skip locked
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(LookEvery);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await Look(stoppingToken) == BatchSize) { }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning(e, "Deadlines cannot be kept now; looking again in a second");
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <returns>How many applications had something due.</returns>
    public async Task<int> Look(CancellationToken cancellationToken)
    {
        try
        {
            return await Keep(null, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(e, "Deadlines cannot be kept together; keeping them one by one");
            return await KeepOneByOne(cancellationToken);
        }
    }

    /// <summary>One that cannot be kept must not hold up the others: it is pushed back and told to operators.</summary>
    private async Task<int> KeepOneByOne(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<ApplicationDb>(), clock.GetUtcNow());
        var due = await db.Applications.Where(a => a.LapsesAt <= now || a.RemindAt <= now).OrderBy(a => a.LapsesAt).Take(BatchSize).Select(a => a.Id).ToListAsync(cancellationToken);
        foreach (var id in due)
            try
            {
                await Keep(id, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogError(e, "The deadline of application {ApplicationId} cannot be kept; trying again in {PushBack}", id, PushBack);
                await db.Applications.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.LapsesAt, a => a.LapsesAt <= now ? now + PushBack : a.LapsesAt)
                    .SetProperty(a => a.RemindAt, a => a.RemindAt <= now ? now + PushBack : a.RemindAt), cancellationToken);
            }
        return due.Count;
    }

    private async Task<int> Keep(Guid? only, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ApplicationDb>();
        var programmes = scope.ServiceProvider.GetRequiredService<Programmes>();
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.Applications.FromSqlRaw(Due, now, BatchSize, beat.Value.LeastGap, only!).ToListAsync(cancellationToken);
        if (due.Count > 0) await programmes.Look(cancellationToken); // a window may have been extended this very second
        foreach (var application in due)
        {
            var programme = await programmes.Of(application, cancellationToken);
            application.Remind(now);
            if (application.LapsesAt > now || application.LapsesAt is null) continue;
            if (application.MissDeadline(programme, now) is { } refusal) log.LogError("Application {ApplicationId} is due and cannot lapse: {Code}", application.Id, refusal.Code);
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }
}
