using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class ChooseArea
{
    /// <param name="Area">Province, GB/T 2260.</param>
    /// <param name="Site">A city of it.</param>
    public sealed record Request(string Area, string Site);

    public static void MapChooseArea(this IEndpointRouteBuilder app) => app.MapPut("/api/applications/{id:guid}/area", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application").Produces<ViewApplications.ApplicationView>()
        .WithName("choose-application-area").WithSummary("Chooses area and site (If-Match). Another area clears what this application holds, and nothing else.");

    private static async Task<IResult> Handle(Guid id, Request request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await programmes.Fence(application.ProgrammeCode, ct); // nobody moves into an area that is being dropped
        var programme = await programmes.Of(application, ct);
        if (http.Request.CheckIfMatch(application.Edition) is { } conflict) return conflict;
        if (programme.Preferences is not null) return new Refusal("preferences-instead", "This exam takes preferences; the area is the training base's.").ToProblem();
        var faults = new Faults().Area(programme, programme.Session(application.SessionCode)!, request.Area, request.Site);
        if (faults.Any) return faults.ToProblem();
        var profile = await db.GroupsOf(me.Id, ct);
        if (application.ChooseArea(request.Area, request.Site, programme, profile, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        http.Response.SetETag(application.Edition);
        return TypedResults.Ok(ViewApplications.View(application, programme, profile, now));
    }

    /// <summary>An area that does not take part, or a site that is none of it.</summary>
    internal static Faults Area(this Faults faults, ExamProgramme programme, ExamSession session, string area, string site)
    {
        var takesPart = programme.PolicyOf(session, area) is not null;
        return faults.Add(!takesPart, "area", "unknown-area", "Choose one of the session's areas; see GET /api/programmes/{code}/areas.")
            .Add(takesPart && !AreaTree.IsSiteOf(site, area), "site", "unknown-site", "Choose one of the area's sites.");
    }
}
