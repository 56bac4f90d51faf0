using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <param name="UploadedBy">The officer who brought it at the counter; null where the candidate did.</param>
/// <param name="Photo">What was seen where this is a photo that was made here.</param>
/// <param name="RejectedFor">wrong-type, truncated, too-many-pixels or infected; null unless rejected.</param>
internal sealed record DocumentView(Guid Id, DocumentKind Kind, DocumentState State, string? ContentType, long Bytes, string Sha256, int? Width, int? Height, ScanState Scan,
    string? RejectedFor, bool Submitted, DateTimeOffset UploadedAt, Guid? UploadedBy, MadeView? Photo)
{
    public static DocumentView Of(Document d) =>
        new(d.Id, d.Kind, d.State, d.ContentType, d.Bytes, d.Sha256, d.Width, d.Height, d.Scan, d.RejectedFor, d.Submitted, d.UploadedAt, d.UploadedBy, d.Made is { } made ? MadeView.Of(made) : null);
}

/// <param name="MadeFrom">The upload it was made of.</param>
/// <param name="Cut">What was kept of it, to start the next change from.</param>
/// <param name="BecauseOfSight">The candidate asks that a person decides.</param>
internal sealed record MadeView(Guid MadeFrom, Guid Application, Photos.Cut Cut, int Turn, IReadOnlyList<PhotoFinding> Findings, bool BecauseOfSight, DateTimeOffset? ConfirmedAt)
{
    public static MadeView Of(MadePhoto made) => new(made.MadeFrom, made.ApplicationId, new(made.Cut[0], made.Cut[1], made.Cut[2], made.Cut[3]), made.Turn, [.. made.Findings.Select(PhotoFinding.Of)], made.BecauseOfSight, made.ConfirmedAt);
}

internal static class ReadDocument
{
    public static void MapReadDocument(this IEndpointRouteBuilder app) => app.MapGet("/api/documents/{id:guid}", Read)
        .WithName("read-document").WithTags("document").WithSummary("Describes one upload; an officer's look is recorded.");

    private static async Task<Results<Ok<DocumentView>, ProblemHttpResult>> Read(Guid id, Me me, DocumentDb db, HttpResponse response, TimeProvider clock, CancellationToken ct)
    {
        if (await db.DocumentOpenTo(me, id, "description", clock.GetUtcNow(), ct) is not { } document) return Problems.NotFound();
        await db.SaveChangesAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(DocumentView.Of(document));
    }

    /// <summary>
    /// The upload if it is the candidate's own, if a submission that holds it lies in the officer's jurisdiction, or if the officer brought it. An officer's look becomes a row with the
    /// next save: save before anything is shown.
    /// </summary>
    public static async Task<Document?> DocumentOpenTo(this DocumentDb db, Me me, Guid id, string part, DateTimeOffset now, CancellationToken ct)
    {
        if (me.Role == TokenNames.Candidate) return await db.Documents.AsNoTracking().Include(d => d.Made).SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == me.Id && d.DeletedAt == null, ct);
        if (me.Role != TokenNames.Officer) return null;
        var holdings = await db.Holdings.AsNoTracking().Where(h => h.DocumentId == id).OrderByDescending(h => h.Version).ToListAsync(ct);
        var holding = holdings.Find(h => me.Covers(h.AreaPath));
        var document = await db.Documents.AsNoTracking().Include(d => d.Made).SingleOrDefaultAsync(d => d.Id == id, ct);
        if (document is null || (holding is null && !document.IsOpenToBringer(me.Id))) return null;
        db.Looks.Add(new() { DocumentId = id, OfficerId = me.Id, Level = me.Level, AreaPath = me.AreaPath, ApplicationId = holding?.ApplicationId, Part = part, At = now });
        return document;
    }
}
