using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class GiveUpApplication
{
    public static void MapGiveUpApplication(this IEndpointRouteBuilder app) => app.MapPost("/api/applications/{id:guid}/abandonment", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application")
        .WithName("give-up-application").WithSummary("Gives the application up for good. While registration is open another one can be started.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        if (application.GiveUp(await programmes.Of(application, ct), clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
