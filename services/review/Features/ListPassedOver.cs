using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>Who did not release a failure in time, reported to the levels above (F12).</summary>
public static class ListPassedOver
{
    private const int PageSize = 50;

    /// <param name="Stage">The stage that failed.</param>
    /// <param name="Level">The level that was late, at <paramref name="AreaPath"/>.</param>
    /// <param name="PassedOverAt">When the platform told the candidate instead.</param>
    public sealed record PassedOver(Guid WorkId, Guid ApplicationId, int Version, string Programme, string Session, string Stage, string Level, string AreaPath,
        DateTimeOffset OpenedAt, DateTimeOffset? DueAt, DateTimeOffset PassedOverAt);

    public sealed record PassedOverPage(IReadOnlyList<PassedOver> PassedOver, string? Next);

    public static void MapListPassedOver(this IEndpointRouteBuilder app) => app.MapGet("/passed-over", List).WithName("list-passed-over")
        .WithSummary("Releases that levels below, within the officer's jurisdiction, did not make in time; newest first.");

    private static async Task<Results<Ok<PassedOverPage>, ProblemHttpResult>> List(Me me, ReviewDb db, CancellationToken ct, string? cursor = null)
    {
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before))
            return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
        var below = Levels.Below(me.Level);
        var rows = await db.Work.Where(w => w.VoidedFor == VoidCause.PassedOver && !w.Trial && below.Contains(w.Level) && w.AreaPath.StartsWith(me.AreaPath) && w.Id < before)
            .OrderByDescending(w => w.Id).Take(PageSize + 1)
            .Select(w => new PassedOver(w.Id, w.ApplicationId, w.Version, w.ProgrammeCode, w.SessionCode, w.Stage, w.Level, w.AreaPath, w.OpenedAt, w.DueAt,
                w.History.Where(t => t.Verb == WorkVerb.Void).Max(t => t.At))).ToListAsync(ct);
        return TypedResults.Ok(new PassedOverPage([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].WorkId.ToString("N") : null));
    }
}
