using System.Diagnostics;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>
/// Carries bulk sends on, step by step: a page of those they are for, then batch after batch of notices. Each step is one transaction under the row's lock, so that replicas share the work, a killed
/// process leaves nothing half done, and nobody has two notices of one bulk send.
/// </summary>
internal sealed class CarryBulkSends(IServiceScopeFactory scopes, ILogger<CarryBulkSends> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                foreach (var id in await In(scope => scope.GetRequiredService<BulkSteps>().Open(stoppingToken))) await Carry(id, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Bulk sends cannot be looked at now; looking again in a second");
            }
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Carry(Guid id, CancellationToken ct)
    {
        try
        {
            while (await In(scope => scope.GetRequiredService<BulkSteps>().Take(id, ct))) { }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(e, "Bulk send {BulkSendId} cannot go on now; tried again in a second", id); // the others go on
        }
    }

    private async Task<T> In<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }
}

/// <summary>The steps that the platform itself takes.</summary>
public sealed class BulkSteps(NotificationDb db, Routes routes, Wording wording, NoticeTemplates templates, ApplicationAnswers.ApplicationAnswersClient applications, IdentityAnswers.IdentityAnswersClient identities, TimeProvider clock)
{
    /// <summary>How many notices are made at once, and how many deliveries may be due before more are made: the notices of single people do not wait behind a crowd.</summary>
    internal const int Batch = 100, MostDue = 200;

    public Task<List<Guid>> Open(CancellationToken ct) => db.BulkSends.Where(b => b.State == BulkState.Counting || b.State == BulkState.Sending).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(ct);

    /// <returns>Whether the next step can be taken at once.</returns>
    public async Task<bool> Take(Guid id, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var bulk = await db.BulkSends.FromSql($"select *, xmin from bulk_sends where id = {id} and state in ('Counting', 'Sending') for update skip locked").SingleOrDefaultAsync(ct);
        if (bulk is null) return false;
        var more = bulk.State is BulkState.Counting ? await Count(bulk, ct) : await Send(bulk, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return more;
    }

    private async Task<bool> Count(BulkSend bulk, CancellationToken ct)
    {
        var request = new ListAudienceRequest { ProgrammeCode = bulk.ProgrammeCode, SessionCode = bulk.SessionCode, AreaPath = bulk.AreaPath, After = bulk.After, States = { bulk.States } };
        var audience = await applications.ListAudienceAsync(request, cancellationToken: ct);
        await Keep(bulk, audience, ct);
        bulk.WentOn(audience.Next);
        if (audience.Next.Length > 0) return true;
        var all = db.BulkRecipients.Where(r => r.BulkSendId == bulk.Id);
        var (sms, parts) = await all.Where(r => r.Sms).OrderBy(r => r.CandidateId).Select(r => (Guid?)r.ApplicationId).FirstOrDefaultAsync(ct) is { } application ? await Sample(bulk, application, ct) : (null, 0);
        bulk.Count(await all.CountAsync(ct), await all.CountAsync(r => r.Sms, ct), await all.CountAsync(r => r.WeChat, ct), await all.CountAsync(r => !r.Sms && !r.WeChat, ct), sms, parts, clock.GetUtcNow());
        return false;
    }

    /// <summary>Whoever comes a second time stays as they came first: with the newest application.</summary>
    private async Task Keep(BulkSend bulk, Audience audience, CancellationToken ct)
    {
        var applicationOf = audience.Members.GroupBy(m => m.CandidateId).ToDictionary(of => Guid.Parse(of.Key), of => Guid.Parse(of.First().ApplicationId));
        var candidates = applicationOf.Keys.ToList();
        var reach = (await identities.ListReachAsync(new() { CandidateIds = { candidates.Select(id => id.ToString()) } }, cancellationToken: ct)).People.ToList();
        var preferences = await db.NoticePreferences.AsNoTracking().Where(p => candidates.Contains(p.CandidateId)).ToDictionaryAsync(p => p.CandidateId, ct);
        HashSet<DeliveryChannel> channels = bulk.Outside ? [.. routes.First(NoticeEvent.OfficeMessage)] : [];
        bool Reached(Guid candidate, DeliveryChannel channel, bool has) => has && channels.Contains(channel) && preferences.GetValueOrDefault(candidate)?.Wants(channel) != false;
        var people = reach.ConvertAll(r => Guid.Parse(r.CandidateId));
        var (apps, sms, weChat) = (people.ConvertAll(id => applicationOf[id]), reach.ConvertAll(r => Reached(Guid.Parse(r.CandidateId), DeliveryChannel.Sms, r.Mobile)), reach.ConvertAll(r => Reached(Guid.Parse(r.CandidateId), DeliveryChannel.WeChat, r.WeChat)));
        await db.Database.ExecuteSqlAsync($"""
            insert into bulk_recipients (bulk_send_id, candidate_id, application_id, sms, we_chat)
            select {bulk.Id}, * from unnest({people}, {apps}, {sms}, {weChat}) on conflict do nothing
            """, ct);
    }

    private async Task<(string Text, int Parts)> Sample(BulkSend bulk, Guid application, CancellationToken ct)
    {
        var worded = await wording.Of(Notice(bulk, Guid.Empty, application), ct);
        var sms = worded.Template.Sms!;
        return (templates.Words.SmsSignature + NoticeTemplates.Fill(sms.Text, worded.Values), NoticeTemplates.SmsParts(sms, templates.Words, worded.Values));
    }

    private async Task<bool> Send(BulkSend bulk, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await db.Deliveries.Where(d => (d.State == DeliveryState.Waiting || d.State == DeliveryState.Sending) && d.NextAttemptAt <= now).Take(MostDue + 1).CountAsync(ct) > MostDue) return false;
        var next = await db.BulkRecipients.Where(r => r.BulkSendId == bulk.Id && r.TakenAt == null).OrderBy(r => r.CandidateId).Take(Batch).ToListAsync(ct);
        foreach (var recipient in next)
        {
            routes.Begin(db, Notice(bulk, recipient.CandidateId, recipient.ApplicationId), bulk.Outside);
            recipient.Take(now);
        }
        if (next.Count == 0 && !await db.Deliveries.AnyAsync(d => (d.State == DeliveryState.Waiting || d.State == DeliveryState.Sending) && db.Notices.Any(n => n.Id == d.NoticeId && n.BulkSendId == bulk.Id), ct)) bulk.Finish(now);
        return next.Count == Batch;
    }

    private Notice Notice(BulkSend bulk, Guid candidate, Guid application) => new()
    {
        Id = Guid.CreateVersion7(),
        CandidateId = candidate,
        Event = NoticeEvent.OfficeMessage,
        Occurrence = $"{bulk.Id}/{candidate}",
        ApplicationId = application,
        BulkSendId = bulk.Id,
        At = clock.GetUtcNow(),
        TraceParent = Activity.Current?.Id,
    };
}
