using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>Which officers opened the candidate's uploads (J5).</summary>
internal static class ListLooks
{
    private const int PageSize = 50;

    /// <param name="Level">The officer's level then; empty of a look from before it was kept.</param>
    /// <param name="Part">description or content.</param>
    public sealed record LookAtUpload(DateTimeOffset At, Guid OfficerId, string Level, string AreaPath, Guid DocumentId, DocumentKind Kind, Guid? ApplicationId, string Part);

    public static void MapListLooks(this IEndpointRouteBuilder app) => app.MapGet("/api/documents/looks", List).RequireAuthorization(TokenNames.Candidate)
        .WithName("list-document-looks").WithTags("document").WithSummary("Officers' looks at the candidate's own uploads before a moment, newest first, at most 50.");

    private static async Task<Ok<List<LookAtUpload>>> List(Me me, DocumentDb db, CancellationToken ct, DateTimeOffset? before = null)
    {
        var until = (before ?? DateTimeOffset.MaxValue).ToUniversalTime();
        return TypedResults.Ok(await (from look in db.Looks
                                      join document in db.Documents on look.DocumentId equals document.Id
                                      where document.CandidateId == me.Id && look.At < until
                                      orderby look.At descending
                                      select new LookAtUpload(look.At, look.OfficerId, look.Level, look.AreaPath, document.Id, document.Kind, look.ApplicationId, look.Part)).Take(PageSize).ToListAsync(ct));
    }
}
