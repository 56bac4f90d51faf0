using System.Collections.Concurrent;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

/// <summary>Carries out what candidates asked for, once it cannot be taken back any more and no exam holds it. Replicas share the work by row locks; what one has begun another ends.</summary>
public sealed class CarryOutDeletions(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CarryOutDeletions> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10), AskAgain = TimeSpan.FromHours(1);

    /// <summary>What is held stays so for months: it is asked about hourly. Forgotten with the process, which costs one question.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> heldUntil = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(LookEvery);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Accounts cannot be deleted now; looking again in {Seconds} s", LookEvery.TotalSeconds);
            }
        }
    }

    /// <summary>Looks at all that is due, batch by batch: what is held stays and must not hide what comes behind it.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        for (Guid? last = Guid.Empty; last is not null;) last = await Batch(last.Value, cancellationToken);
    }

    /// <returns>The last one looked at; null when there are no more.</returns>
    private async Task<Guid?> Batch(Guid after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, applications, now) = (scope.ServiceProvider.GetRequiredService<IdentityDb>(), scope.ServiceProvider.GetRequiredService<ApplicationAnswers.ApplicationAnswersClient>(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.AccountDeletions.FromSql($"""
            select *, xmin from account_deletions where carried_out_at is null and not_before <= {now} and (closed_at is null or closed_at <= {now - Tokens.AccessTokenLife}) and account_id > {after}
            order by account_id limit {BatchSize} for update skip locked
            """).ToListAsync(ct);
        if (due.Count == 0) return null;
        var open = due.Where(d => d.ClosedAt is null && now >= heldUntil.GetValueOrDefault(d.AccountId)).Select(d => d.AccountId).ToList();
        var held = open.Count == 0 ? [] : (await applications.ListHoldsAsync(new() { CandidateIds = { open.Select(id => id.ToString()) } }, cancellationToken: ct)).Holds.Select(hold => Guid.Parse(hold.CandidateId)).ToHashSet();
        var forgotten = 0;
        foreach (var id in held) heldUntil[id] = now + AskAgain;
        foreach (var deletion in due)
        {
            if (open.Contains(deletion.AccountId)) await Close(deletion, held.Contains(deletion.AccountId), db, now, ct);
            else if (deletion.ClosedAt is not null) forgotten += await Forget(deletion, db, scope.ServiceProvider, now, ct);
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (forgotten > 0) log.LogInformation("{Count} accounts are deleted as their owners asked", forgotten);
        return due[^1].AccountId;
    }

    private static async Task Close(AccountDeletion deletion, bool held, IdentityDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (deletion.Close(await db.Accounts.SingleAsync(a => a.Id == deletion.AccountId, ct), held, now) is not null) return; // looked at again
        await db.Sessions.Where(s => s.AccountId == deletion.AccountId).ExecuteDeleteAsync(ct); // their tokens go with them
        await db.DeviceSignIns.Where(d => d.AccountId == deletion.AccountId).ExecuteDeleteAsync(ct);
        await db.Passkeys.Where(p => p.AccountId == deletion.AccountId).ExecuteDeleteAsync(ct);
        var followers = await db.Bindings.Where(b => b.AccountId == deletion.AccountId && b.FollowerHash != null).Select(b => b.FollowerHash!).ToListAsync(ct);
        var people = await db.Bindings.Where(b => b.AccountId == deletion.AccountId).Select(b => b.PersonHash).ToListAsync(ct);
        await db.Followers.Where(f => followers.Contains(f.Hash) || people.Contains(f.PersonHash!)).ExecuteDeleteAsync(ct);
        await db.Bindings.Where(b => b.AccountId == deletion.AccountId).ExecuteDeleteAsync(ct);
        await db.BindingRequests.Where(r => r.AccountId == deletion.AccountId).ExecuteDeleteAsync(ct);
    }

    /// <summary>What stays are rows of ids and times that others must answer for: looks, consents, corrections, sign-ins (docs/adr/0031).</summary>
    private static async Task<int> Forget(AccountDeletion deletion, IdentityDb db, IServiceProvider services, DateTimeOffset now, CancellationToken ct)
    {
        var id = deletion.AccountId;
        var (candidate, account) = (await db.Candidates.SingleAsync(c => c.Id == id, ct), await db.Accounts.IgnoreQueryFilters().SingleAsync(a => a.Id == id, ct));
        var (mobile, lockKey) = (candidate.MobileHash, account.LockKey(services.GetRequiredService<PersonalData>()));
        if (deletion.CarryOut(candidate, now) is not null) return 0;
        await db.Sessions.Where(s => s.AccountId == id).ExecuteDeleteAsync(ct); // begun in the moment it was closed
        await db.SmsCodes.Where(c => c.AccountId == id || (c.AccountId == null && c.MobileHash == mobile && c.ExpiresAt <= now)).ExecuteDeleteAsync(ct);
        await db.SecurityAnswers.Where(a => a.AccountId == id).ExecuteDeleteAsync(ct);
        await db.DisplayChoices.Where(d => d.AccountId == id).ExecuteDeleteAsync(ct);
        await db.FailedSignIns.Where(f => f.Key == lockKey).ExecuteDeleteAsync(ct);
        await db.FormerMobiles.Where(f => f.CandidateId == id).ExecuteDeleteAsync(ct);
        await db.FaceChecks.Where(f => f.AccountId == id).ExecuteDeleteAsync(ct);
        await db.KnownPlaces.Where(p => p.CandidateId == id).ExecuteDeleteAsync(ct);
        await db.KeptAnswers.Where(a => a.ActorId == id).ExecuteDeleteAsync(ct);
        await services.GetRequiredService<OwnerKeys>().Shred([id], ct); // what was corrected of them, and why a password was reset, says nothing any more, in the audit trail too
        db.Publish(id, new AccountDeleted(id, now));
        return 1;
    }
}
