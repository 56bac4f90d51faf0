using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// Looks every second for people whose document is to be compared with the national registry. Replicas share the work by row locks; what one holds, the others skip. Who could not be asked about is asked about again, for ever.
/// </summary>
public sealed class CheckIdentities(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CheckIdentities> log) : BackgroundService
{
    private const int BatchSize = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // a check that a correction has made old is not worth asking about; those that were never asked about come first
    private const string Due = """
        select *, xmin from identity_checks c where next_at <= {0} and not exists (select 1 from identity_checks newer where newer.candidate_id = c.candidate_id and (newer.wanted_at, newer.id) > (c.wanted_at, c.id))
        order by tries > 0, next_at limit {1} for update skip locked
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
                    log.LogWarning(e, "Identities cannot be checked now; looking again in a second");
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <returns>How many were due.</returns>
    public async Task<int> Look(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, data, registry) = (scope.ServiceProvider.GetRequiredService<IdentityDb>(), scope.ServiceProvider.GetRequiredService<PersonalData>(), scope.ServiceProvider.GetRequiredService<IIdRegistry>());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.IdentityChecks.FromSqlRaw(Due, clock.GetUtcNow(), BatchSize).ToListAsync(cancellationToken);
        if (due.Count == 0) return 0;
        var ids = due.ConvertAll(check => check.CandidateId);
        var people = await db.Candidates.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancellationToken);
        var answers = await Task.WhenAll(due.Select(check => registry.CheckAsync(people[check.CandidateId].Identity(data), cancellationToken)));
        foreach (var (check, answer) in due.Zip(answers))
        {
            check.Take(answer, clock.GetUtcNow());
            if (check.State is IdentityCheckState.Passed or IdentityCheckState.Failed) db.Publish(check.CandidateId, new IdentityVerified(check.CandidateId, check.State is IdentityCheckState.Passed, check.At));
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }
}
