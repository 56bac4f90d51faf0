using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

internal static class DeleteDocument
{
    public static void MapDeleteDocument(this IEndpointRouteBuilder app) => app.MapDelete("/api/documents/{id:guid}", Delete).RequireAuthorization(TokenNames.Candidate)
        .WithName("delete-document").WithTags("document").WithSummary("Takes back an upload that no submission holds.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, Me me, DocumentDb db, TimeProvider clock, CancellationToken ct)
    {
        var document = await db.Documents.SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == me.Id && d.DeletedAt == null, ct);
        if (document is null) return Problems.NotFound();
        if (document.Delete(me.Id, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
