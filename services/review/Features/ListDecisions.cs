using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>What the officer decided, newest first.</summary>
public static class ListDecisions
{
    private const int PageSize = 50;

    public sealed record DecisionRow(Guid Id, Guid WorkId, Guid ApplicationId, string Stage, int Version, int Round, Outcome Outcome, IReadOnlyList<string> Reasons, string Remark, DateTimeOffset At);

    public sealed record DecisionPage(IReadOnlyList<DecisionRow> Decisions, string? Next);

    public static void MapListDecisions(this IEndpointRouteBuilder app) => app.MapGet("/decisions", List).WithName("list-decisions")
        .WithSummary("The officer's own decisions, newest first.");

    private static async Task<Results<Ok<DecisionPage>, ProblemHttpResult>> List(Me me, ReviewDb db, OwnerKeys owners, CancellationToken ct, string? cursor = null)
    {
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before))
            return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
        var rows = await db.Decisions.AsNoTracking().Where(d => d.OfficerId == me.Id && d.Id < before).OrderByDescending(d => d.Id).Take(PageSize + 1).ToListAsync(ct);
        var keys = await owners.Find([.. rows.Select(d => d.ApplicationId).Distinct()], ct);
        return TypedResults.Ok(new DecisionPage([.. rows.Take(PageSize).Select(d => new DecisionRow(d.Id, d.WorkId, d.ApplicationId, d.Stage, d.Version, d.Round, d.Outcome, d.Reasons, d.Said(keys), d.At))], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString("N") : null));
    }
}
