using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer ticks off a paper that came by post, or takes a mistaken tick back. Who may: a site or a level above it, where the application is handled now.</summary>
public static class TickPaper
{
    public sealed record TickRequest(bool Arrived);

    public static void MapTickPaper(this IEndpointRouteBuilder app) => app.MapPut("/applications/{applicationId:guid}/papers/{paper}", Tick).WithName("tick-paper")
        .WithSummary("Say whether a paper that the candidate has to send by post has arrived; saying the same again changes nothing.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Tick(Guid applicationId, string paper, TickRequest request, Me me, ReviewDb db,
        ApplicationAnswers.ApplicationAnswersClient applications, TimeProvider clock, CancellationToken ct)
    {
        var work = await db.Work.AsNoTracking().Where(w => w.ApplicationId == applicationId).OrderByDescending(w => w.Round).FirstOrDefaultAsync(ct);
        if (work is null || !me.Covers(work.AreaPath) || !Levels.IsAtOrAbove(me.Level, Levels.Site)) return Problems.NotFound();
        // no stage: neither reasons nor registers are wanted
        if ((await applications.SubmissionOf(work, ct, stage: ""))?.Papers.Any(p => p.Code == paper) is not true) return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // of two at the same moment the second waits, and finds the first's tick
        await db.KnownApplications.FromSql($"select k.*, k.xmin from known_applications k where application_id = {applicationId} for update").SingleAsync(ct);
        var arrived = await db.PaperTicks.Where(t => t.ApplicationId == applicationId && t.Paper == paper).OrderByDescending(t => t.Id).Select(t => t.Arrived).FirstOrDefaultAsync(ct);
        if (arrived == request.Arrived) return TypedResults.NoContent();
        var tick = new PaperTick { ApplicationId = applicationId, Paper = paper, Arrived = request.Arrived, OfficerId = me.Id, At = clock.GetUtcNow() };
        db.PaperTicks.Add(tick);
        db.Publish(applicationId, new PaperTicked(applicationId, paper, tick.Arrived, tick.OfficerId, tick.At));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
