using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class WithdrawApplication
{
    public static void MapWithdrawApplication(this IEndpointRouteBuilder app) => app.MapPost("/api/applications/{id:guid}/withdrawal", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application")
        .WithName("withdraw-application").WithSummary("Takes the submission back to be edited and sent in again, as far as the exam allows it. Nothing that was filled in is lost.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        if (application.Withdraw(await programmes.Of(application, ct), clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
