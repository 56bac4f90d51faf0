using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

internal static class ConfirmPhoto
{
    /// <param name="BecauseOfSight">It cannot be better because of the candidate's sight: a person decides instead of a refusal here.</param>
    public sealed record Request(Guid Application, bool BecauseOfSight = false);

    public static void MapConfirmPhoto(this IEndpointRouteBuilder app) => app.MapPost("/api/documents/{id:guid}/confirmation", Confirm).RequireAuthorization(TokenNames.Candidate)
        .WithName("confirm-photo").WithTags("document").WithSummary("The candidate confirms a made photo as theirs for this application; it is then named with the application's documents.");

    private static async Task<Results<Ok<DocumentView>, ProblemHttpResult>> Confirm(Guid id, Request request, Me me, DocumentDb db, TimeProvider clock, CancellationToken ct)
    {
        var photo = await db.Documents.Include(d => d.Made).SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == me.Id && d.DeletedAt == null, ct);
        if (photo is null) return Problems.NotFound();
        if (photo.ConfirmPhoto(request.Application, request.BecauseOfSight, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(DocumentView.Of(photo));
    }
}
