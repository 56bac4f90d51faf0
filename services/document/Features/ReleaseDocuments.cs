using System.Diagnostics;
using ExamPlatform.Documents.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Features;

/// <summary>Wakes this replica's releaser when an upload has arrived here; the others find by looking what this one leaves.</summary>
internal sealed class ReleaseSignal : IDisposable
{
    private readonly SemaphoreSlim arrived = new(0);

    public void Wake() => arrived.Release();
    public Task Wait(TimeSpan longest, CancellationToken ct) => arrived.WaitAsync(longest, ct);
    public void Dispose() => arrived.Dispose();
}

/// <summary>Takes uploads out of quarantine one by one: looks at the content, has it scanned, decides. Replicas share the work by row locks.</summary>
internal sealed class ReleaseDocuments(IServiceScopeFactory scopes, IFileStore store, IVirusScanner scanner, IOptions<DocumentOptions> options, ReleaseSignal signal, TimeProvider clock, ILogger<ReleaseDocuments> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("ExamPlatform");
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ReleaseNext(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "The quarantine cannot be looked through now; looking again in {Seconds} s", LookEvery.TotalSeconds);
            }
            await signal.Wait(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ReleaseNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var next = await db.Documents.FromSql($"""
            select *, xmin from documents where state = 'Quarantined' and deleted_at is null and next_attempt_at <= {clock.GetUtcNow()}
            order by next_attempt_at limit 1 for update skip locked
            """).ToListAsync(ct);
        if (next is not [var document]) return false;
        ActivityContext.TryParse(document.TraceParent, null, out var parent);
        using var span = Source.StartActivity("document release", ActivityKind.Internal, parent);
        await Decide(document, db, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task Decide(Document document, DocumentDb db, CancellationToken ct)
    {
        try
        {
            var content = await Inspect(document, ct);
            if (content is { Reason: null, ContentType: Inspection.Jpeg or Inspection.Png }) await BlankTraces(document, content.ContentType, ct);
            var scan = content.Reason is null ? await Scan(document, ct) : ScanState.NotScanned;
            var (now, kind) = (clock.GetUtcNow(), AnswerDocuments.Word(document.Kind));
            if ((content.Reason ?? (scan is ScanState.Infected ? "infected" : null)) is { } reason)
            {
                if (document.Reject(reason, scan, now) is null) db.Publish(document.Id, new DocumentRejected(document.Id, document.CandidateId, kind, reason, now));
            }
            else if (document.Release(content, scan, now) is null) db.Publish(document.Id, new DocumentReady(document.Id, document.CandidateId, kind, now));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Net.Sockets.SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            document.Postpone(clock.GetUtcNow());
            log.LogWarning(e, "Upload {DocumentId} stays in quarantine (attempt {Attempt})", document.Id, document.ReleaseAttempts);
        }
    }

    private async Task<Inspection> Inspect(Document document, CancellationToken ct)
    {
        await using var content = await store.OpenAsync(document.Id, ct);
        return Inspection.Of(content, document.DeclaredType, options.Value.MaxPixels);
    }

    /// <summary>Before anybody may read it. If the commit fails after this, the next attempt finds the blanked file and takes its hash.</summary>
    private async Task BlankTraces(Document document, string contentType, CancellationToken ct)
    {
        var bytes = new byte[document.Bytes];
        await using (var content = await store.OpenAsync(document.Id, ct)) await content.ReadExactlyAsync(bytes, ct);
        if (Traces.Blank(bytes, contentType))
        {
            using var blanked = new MemoryStream(bytes);
            await store.ReplaceAsync(document.Id, blanked, ct);
        }
        document.Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
    }

    private async Task<ScanState> Scan(Document document, CancellationToken ct)
    {
        await using var content = await store.OpenAsync(document.Id, ct);
        return await scanner.ScanAsync(content, ct);
    }
}
