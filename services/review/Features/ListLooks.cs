using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>Which officers opened the candidate's submissions, and for which stage (J5).</summary>
public static class ListLooks
{
    private const int PageSize = 50;

    /// <param name="Level">Of the stage: the officer is of this level and this place.</param>
    public sealed record LookAtSubmission(DateTimeOffset At, Guid OfficerId, string Level, string AreaPath, Guid ApplicationId, int Version, string Programme, string Session, string Stage);

    public static void MapListLooks(this IEndpointRouteBuilder app) => app.MapGet("/api/reviews/looks", List).RequireAuthorization(TokenNames.Candidate).WithTags("review")
        .WithName("list-submission-looks").WithSummary("Officers' looks at the candidate's own submissions before a moment, newest first, at most 50.");

    private static async Task<Ok<List<LookAtSubmission>>> List(Me me, ReviewDb db, CancellationToken ct, DateTimeOffset? before = null)
    {
        var until = (before ?? DateTimeOffset.MaxValue).ToUniversalTime();
        return TypedResults.Ok(await (from look in db.Looks
                                      join work in db.Work on look.WorkId equals work.Id
                                      where look.CandidateId == me.Id && look.At < until
                                      orderby look.At descending
                                      select new LookAtSubmission(look.At, look.OfficerId, work.Level, work.AreaPath, look.ApplicationId, look.Version, work.ProgrammeCode, work.SessionCode, work.Stage)).Take(PageSize).ToListAsync(ct));
    }
}
