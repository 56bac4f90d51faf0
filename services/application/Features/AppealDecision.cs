using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class AppealDecision
{
    public static void MapAppealDecision(this IEndpointRouteBuilder app) => app.MapPost("/api/applications/{id:guid}/appeal", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application")
        .WithName("appeal-decision").WithSummary("Takes a failure for good to the level above, once, where the exam allows it.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        if (await db.LiveId(me.Id, application.ProgrammeCode, application.SessionCode, ct) is { } live && live != id)
            return new Refusal("another-application", "You have started another application for this session since; give that one up first.").ToProblem();
        if (application.Appeal(await programmes.Of(application, ct), clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
