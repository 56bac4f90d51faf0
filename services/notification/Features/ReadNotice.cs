using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

internal static class ReadNotice
{
    public static void MapReadNotice(this IEndpointRouteBuilder app) => app.MapPost("/api/notices/{id:guid}/read", Read).RequireAuthorization(TokenNames.Candidate)
        .WithName("read-notice").WithTags("notification").WithSummary("Marks a notice as read; again changes nothing.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Read(Guid id, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        var notice = await db.Notices.SingleOrDefaultAsync(n => n.Id == id && n.CandidateId == me.Id && n.Title != null, ct);
        if (notice is null) return Problems.NotFound();
        notice.Read(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
