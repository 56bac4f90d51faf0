using System.Diagnostics;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Finds out whose replies have come in and tells the platform, one by one. Replicas share the work by row locks.</summary>
internal sealed class TakeReplies(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TakeReplies> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("ExamPlatform");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                while (await TakeNext(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Replies cannot be taken up now; looking again in a second");
            }
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> TakeNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var next = await db.SmsReplies.FromSql($"""
            select *, xmin from sms_replies where taken_at is null and next_attempt_at <= {clock.GetUtcNow()} order by next_attempt_at limit 1 for update skip locked
            """).ToListAsync(ct);
        if (next is not [var reply]) return false;
        ActivityContext.TryParse(reply.TraceParent, null, out var parent);
        using var span = Source.StartActivity("sms reply", ActivityKind.Internal, parent);
        await Take(reply, db, scope.ServiceProvider, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task Take(SmsReply reply, NotificationDb db, IServiceProvider services, CancellationToken ct)
    {
        try
        {
            var content = services.GetRequiredService<ReplySeal>().Open(reply.Id, reply.Sealed);
            var found = await services.GetRequiredService<IdentityAnswers.IdentityAnswersClient>().FindByMobileAsync(new() { Mobile = content.Mobile }, cancellationToken: ct);
            var (word, candidates) = (SmsReply.WordOf(content.Content), found.CandidateIds.Select(Guid.Parse).ToList());
            if (word.Length > 0)
                foreach (var candidate in candidates) db.Publish(candidate, new CandidateReplied(reply.Id, candidate, word, reply.SentAt));
            reply.Take(candidates.Count, clock.GetUtcNow());
            log.LogInformation("Reply {ReplyId} is of {Count} candidates", reply.Id, candidates.Count);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            reply.Postpone(clock.GetUtcNow());
            log.LogWarning("Reply {ReplyId} waits (attempt {Attempt}): {Kind} {Status}", reply.Id, reply.Attempts, e.GetType().Name, (e as RpcException)?.StatusCode);
        }
    }
}
