using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Features;

/// <summary>Every hour removes what nobody speaks for any more: uploads deleted a while ago or never finished, consents that no registration named, and files whose row never came (the process died between the two).</summary>
internal sealed class SweepDocuments(IServiceScopeFactory scopes, IFileStore store, IOptions<DocumentOptions> options, TimeProvider clock, ILogger<SweepDocuments> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // no upload takes as long as this between its first byte and its row
    private static readonly TimeSpan LongestUpload = TimeSpan.FromDays(1);

    // a person at the counter is registered within minutes; a message that hands the scan over may wait for days
    private static readonly TimeSpan LongestUnnamed = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "The sweep of the file store failed; it is repeated in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task Sweep(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentDb>();
        var purgeBefore = clock.GetUtcNow() - options.Value.PurgeAfter;
        await db.Documents.Where(d => d.DeletedAt < purgeBefore && !d.Submitted).ExecuteDeleteAsync(ct);
        var unnamedSince = clock.GetUtcNow() - LongestUnnamed;
        await db.Documents.Where(d => d.Kind == DocumentKind.Consent && d.CandidateId == d.UploadedBy && d.UploadedAt < unnamedSince).ExecuteDeleteAsync(ct);
        await db.UnfinishedUploads.Where(u => u.ExpiresAt <= clock.GetUtcNow()).ExecuteDeleteAsync(ct);
        // the files bear the machine's time, not the platform's shifted one
        foreach (var ids in (await store.SweepAsync(TimeProvider.System.GetUtcNow() - LongestUpload, ct)).Chunk(500))
        {
            var known = await db.Documents.Where(d => ids.Contains(d.Id)).Select(d => d.Id).ToListAsync(ct);
            var parts = await db.UploadParts.Where(p => ids.Contains(p.FileId)).Select(p => p.FileId).ToListAsync(ct);
            foreach (var id in ids.Except(known).Except(parts)) await store.DeleteAsync(id, ct);
        }
    }
}
