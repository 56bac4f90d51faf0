using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>
/// Tells everybody who has something to do in a window that an outage has extended, once per outage, and the payment service about fees. The applications themselves are not touched: their deadlines
/// follow when they are read (docs/adr/0013). How far it came is the outage's, so that replicas take turns and a crash repeats nothing.
/// </summary>
public sealed class TellOfOutages(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TellOfOutages> log) : BackgroundService
{
    private const int BatchSize = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await Look(stoppingToken)) { }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning(e, "Outages cannot be told of now; trying again");
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <returns>Whether there was somebody to tell.</returns>
    public async Task<bool> Look(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, programmes) = (scope.ServiceProvider.GetRequiredService<ApplicationDb>(), scope.ServiceProvider.GetRequiredService<Programmes>());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Outages.FromSql($"select * from outages where told_at is null order by id limit 1 for update skip locked").ToListAsync(cancellationToken) is not [var outage]) return false;
        var codes = await programmes.ExtendedFor(outage.Id, cancellationToken);
        var people = await db.Applications.AsNoTracking().Where(a => codes.Contains(a.ProgrammeCode) && a.AwaitedTask != null && a.CreatedAt < outage.Until && a.Id > outage.ToldUpTo)
            .OrderBy(a => a.Id).Take(BatchSize).ToListAsync(cancellationToken);
        foreach (var application in people) Tell(application, await programmes.Of(application, cancellationToken), outage, db);
        outage.Told(people.LastOrDefault()?.Id, people.Count < BatchSize ? clock.GetUtcNow() : null);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private void Tell(Application application, ExamProgramme programme, Outage outage, ApplicationDb db)
    {
        if (application.EndsWith(programme)?.Extension?.For.Any(o => o.Id == outage.Id) != true) return;
        var (due, now) = (application.DeadlineAt!.Value, clock.GetUtcNow());
        db.Publish(application.Id, new WindowExtended(application.Id, application.CandidateId, application.AwaitedTask!.Value.ToString().ToLowerInvariant(), due, now, application.Trial));
        if (application.AwaitedTask is DeadlineTask.Pay) db.Publish(application.Id, new FeeDueMoved(application.Id, application.CandidateId, application.FeeId!.Value, due, now));
    }
}
