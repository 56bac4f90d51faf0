using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

internal static class ListDocuments
{
    public sealed record DocumentList(IReadOnlyList<DocumentView> Items);

    public static void MapListDocuments(this IEndpointRouteBuilder app) => app.MapGet("/api/documents", List).RequireAuthorization(TokenNames.Candidate)
        .WithName("list-documents").WithTags("document").WithSummary("The candidate's own uploads, newest first; the quota bounds their number.");

    private static async Task<Ok<DocumentList>> List(Me me, DocumentDb db, CancellationToken ct)
    {
        var documents = await db.Documents.AsNoTracking().Include(d => d.Made).Where(d => d.CandidateId == me.Id && d.DeletedAt == null)
            .OrderByDescending(d => d.UploadedAt).ThenByDescending(d => d.Id).Take(500).ToListAsync(ct);
        return TypedResults.Ok(new DocumentList([.. documents.Select(DocumentView.Of)]));
    }
}
