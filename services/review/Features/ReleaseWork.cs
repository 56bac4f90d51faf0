using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer puts claimed work back undecided.</summary>
public static class ReleaseWork
{
    public static void MapReleaseWork(this IEndpointRouteBuilder app) => app.MapDelete("/work/{id:guid}/claim", Release).WithName("release-work")
        .WithSummary("Put one's own claimed work back, so that others may take it at once.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Release(Guid id, Me me, ReviewDb db, TimeProvider clock, CancellationToken ct)
    {
        var work = await db.Work.Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == id, ct);
        if (work is null) return Problems.NotFound();
        if (work.Release(me.Id, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
