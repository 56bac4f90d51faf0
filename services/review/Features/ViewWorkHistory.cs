using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>Everything that was done to one piece of work, oldest first.</summary>
public static class ViewWorkHistory
{
    /// <param name="OfficerId">Null when the platform did it.</param>
    /// <param name="Version">The submission it was about.</param>
    /// <param name="Cause">Why it became void.</param>
    public sealed record Step(DateTimeOffset At, Guid? OfficerId, WorkState From, WorkVerb Verb, WorkState To, int Version, VoidCause? Cause);

    public sealed record WorkHistory(Guid WorkId, Guid ApplicationId, string Stage, WorkKind Kind, int Round, DateTimeOffset OpenedAt, IReadOnlyList<Step> Steps);

    public static void MapViewWorkHistory(this IEndpointRouteBuilder app) => app.MapGet("/work/{id:guid}/history", View).WithName("view-work-history")
        .WithSummary("Every step of one piece of work: who, when, from, to, on which version.");

    private static async Task<Results<Ok<WorkHistory>, ProblemHttpResult>> View(Guid id, Me me, ReviewDb db, CancellationToken ct)
    {
        var history = await db.Work.Where(Work.Of(me)).Where(w => w.Id == id)
            .Select(w => new WorkHistory(w.Id, w.ApplicationId, w.Stage, w.Kind, w.Round, w.OpenedAt,
                w.History.OrderBy(t => t.Id).Select(t => new Step(t.At, t.ActorId, t.From, t.Verb, t.To, t.Version, t.Cause)).ToList())).SingleOrDefaultAsync(ct);
        return history is null ? Problems.NotFound() : TypedResults.Ok(history);
    }
}
