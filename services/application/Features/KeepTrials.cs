using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>Throws practice applications away once their session is over for long enough, or an officer has asked for it. Replicas share the work by row locks, batch by batch.</summary>
public sealed class KeepTrials(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeepTrials> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(LookEvery);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    foreach (var (programme, session, until) in await Due(stoppingToken))
                        while (await DiscardBatch(programme, session, until, stoppingToken) == BatchSize) { }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning(e, "Practice cannot be thrown away now; looking again in {Seconds} s", LookEvery.TotalSeconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <summary>The practice sessions that hold something to be thrown away, and until when it was started.</summary>
    private async Task<List<(string Programme, string Session, DateTimeOffset Until)>> Due(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, programmes) = (scope.ServiceProvider.GetRequiredService<ApplicationDb>(), scope.ServiceProvider.GetRequiredService<Programmes>());
        var (now, due) = (clock.GetUtcNow(), new List<(string, string, DateTimeOffset)>());
        var practised = await db.Applications.Where(a => a.Trial).GroupBy(a => new { a.ProgrammeCode, a.SessionCode }).Select(g => new { g.Key, Version = g.Max(a => a.ProgrammeVersion) }).ToListAsync(ct);
        foreach (var (key, version) in practised.Select(p => (p.Key, p.Version)))
        {
            var session = (await programmes.Newest(key.ProgrammeCode, ct))?.Session(key.SessionCode) ?? (await programmes.Get(key.ProgrammeCode, version, ct)).Session(key.SessionCode);
            var asked = await db.TrialDiscards.Where(d => d.ProgrammeCode == key.ProgrammeCode && d.SessionCode == key.SessionCode).MaxAsync(d => (DateTimeOffset?)d.AskedAt, ct);
            if ((session?.Trial is { } rule && session.IsOver(now.AddDays(-rule.DiscardAfterDays)) ? now : asked) is { } until) due.Add((key.ProgrammeCode, key.SessionCode, until));
        }
        return due;
    }

    /// <returns>How many were thrown away.</returns>
    private async Task<int> DiscardBatch(string programme, string session, DateTimeOffset until, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ApplicationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var batch = await db.Applications.FromSql($"""
            select *, xmin from applications where trial and programme_code = {programme} and session_code = {session} and created_at <= {until} order by id limit {BatchSize} for update skip locked
            """).AsNoTracking().ToListAsync(ct);
        if (batch.Count == 0) return 0;
        await Discard(db, batch, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        log.LogInformation("{Count} practice applications of {Programme} {Session} are thrown away", batch.Count, programme, session);
        return batch.Count;
    }

    /// <summary>Deletes all that there is of them, and tells. The database lets go of nothing whose application is not a practice.</summary>
    public static async Task Discard(ApplicationDb db, IReadOnlyList<Application> applications, DateTimeOffset now, CancellationToken ct)
    {
        if (applications.Count == 0) return;
        Guid[] ids = [.. applications.Select(a => a.Id)], candidates = [.. applications.Select(a => a.CandidateId).Distinct()];
        var uploads = await db.UploadsOnlyOf(ids, candidates, ct);
        await db.GiveBackPlaces([.. applications.Where(a => a.Place is not null).Select(a => new HeldPlace(a.ProgrammeCode, a.SessionCode, a.Place!))], ct);
        await db.PrintedForms.Where(f => ids.Contains(f.ApplicationId)).ExecuteDeleteAsync(ct);
        await db.Submissions.Where(s => ids.Contains(s.ApplicationId)).ExecuteDeleteAsync(ct);
        await db.History.Where(h => ids.Contains(h.ApplicationId)).ExecuteDeleteAsync(ct);
        await db.Applications.Where(a => ids.Contains(a.Id)).ExecuteDeleteAsync(ct);
        var answers = ids.Select(id => $"/api/applications/{id}%").ToArray();
        await db.KeptAnswers.Where(k => candidates.Contains(k.ActorId) && answers.Any(pattern => EF.Functions.Like(k.Location!, pattern))).ExecuteDeleteAsync(ct);
        db.Publish(ids[0], new TrialDiscarded(ids, uploads, now));
        await db.SaveChangesAsync(ct);
    }
}
