using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>What stands before and after a piece of work in the list it was opened from, so that one need not go back there each time.</summary>
public static class FindNeighbours
{
    public sealed record Neighbours(Guid? Previous, Guid? Next);

    public static void MapFindNeighbours(this IEndpointRouteBuilder app) => app.MapGet("/work/{id:guid}/neighbours", Find).WithName("find-neighbours")
        .WithSummary("The work before and after this one in the list with these filters; null at its ends.");

    private static async Task<Results<Ok<Neighbours>, ProblemHttpResult>> Find(Guid id, [AsParameters] WorkFilters filters, Me me, ReviewDb db, TimeProvider clock, CancellationToken ct)
    {
        if (filters.Check(me) is { Any: true } faults) return faults.ToProblem();
        var own = db.Work.AsNoTracking().Where(Work.Of(me));
        if (!await own.AnyAsync(w => w.Id == id, ct)) return Problems.NotFound();
        var list = (filters with { Cursor = null }).Narrow(own, me, clock.GetUtcNow());
        return TypedResults.Ok(new Neighbours(await list.Where(w => w.Id < id).OrderByDescending(w => w.Id).Select(w => (Guid?)w.Id).FirstOrDefaultAsync(ct),
            await list.Where(w => w.Id > id).OrderBy(w => w.Id).Select(w => (Guid?)w.Id).FirstOrDefaultAsync(ct)));
    }
}
