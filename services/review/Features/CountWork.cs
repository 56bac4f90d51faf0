using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>How much work of the officer's own level and jurisdiction stands where.</summary>
public static class CountWork
{
    /// <param name="State">As the work list has it: open also when a claim has run out.</param>
    public sealed record WorkCount(string Programme, string Session, string Stage, WorkKind Kind, WorkState State, int Count);

    /// <param name="RunOut">Claims of them that have run out: that work is open.</param>
    public sealed record Counted(WorkCount Kept, WorkCount RunOut);

    public sealed record WorkCounts(IReadOnlyList<WorkCount> Counts);

    public static void MapCountWork(this IEndpointRouteBuilder app) => app.MapGet("/work/counts", Count).WithName("count-work")
        .WithSummary("Work of the officer's own level and jurisdiction, counted per stage and state; practice is not counted.");

    private static async Task<Ok<WorkCounts>> Count(Me me, ReviewDb db, TimeProvider clock, CancellationToken ct)
    {
        var counted = await PerStageAndState(db.Work.Where(Work.Of(me)).Where(w => !w.Trial), clock.GetUtcNow()).ToListAsync(ct);
        var counts = counted.SelectMany(c => new[] { c.Kept, c.RunOut }).Where(c => c.Count > 0).GroupBy(c => c with { Count = 0 }, c => c.Count).Select(g => g.Key with { Count = g.Sum() });
        return TypedResults.Ok(new WorkCounts([.. counts.OrderBy(c => c.Programme).ThenBy(c => c.Session).ThenBy(c => c.Stage).ThenBy(c => c.Kind).ThenBy(c => c.State)]));
    }

    /// <summary>Grouped by bare columns, in the order of their index; claims that have run out are counted beside.</summary>
    public static IQueryable<Counted> PerStageAndState(IQueryable<Work> work, DateTimeOffset now) => work
        .GroupBy(w => new { w.ProgrammeCode, w.SessionCode, w.Stage, w.Kind, w.State })
        .Select(g => new { g.Key, All = g.Count(), RunOut = g.Count(w => w.State == WorkState.Claimed && w.ClaimedUntil <= now) })
        .Select(c => new Counted(
            new WorkCount(c.Key.ProgrammeCode, c.Key.SessionCode, c.Key.Stage, c.Key.Kind, c.Key.State, c.All - c.RunOut),
            new WorkCount(c.Key.ProgrammeCode, c.Key.SessionCode, c.Key.Stage, c.Key.Kind, WorkState.Open, c.RunOut)));
}
