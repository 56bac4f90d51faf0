using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>Bases and specialities in the order they are wanted (志愿填报), and what the plans still have (招录计划).</summary>
public static class ChoosePreferences
{
    /// <param name="Preferences">In the order they are wanted; replaces all named before.</param>
    public sealed record Request(IReadOnlyList<Preference> Preferences);

    /// <param name="Free">Places nobody holds at this moment.</param>
    public sealed record PlanLine(string Session, string Batch, string Base, string BaseTitle, string Speciality, int Quota, int Free);

    public static void MapChoosePreferences(this IEndpointRouteBuilder app)
    {
        app.MapPut("/api/applications/{id:guid}/preferences", Handle).RequireAuthorization(TokenNames.Candidate).WithTags("application").Produces<ViewApplications.ApplicationView>()
            .WithName("choose-application-preferences").WithSummary("Names the wanted bases and specialities (If-Match). The first that has a place is taken at submission.");
        app.MapGet("/api/programmes/{code}/plans", Plans).AllowAnonymous().WithTags("application").Produces<List<PlanLine>>()
            .WithName("list-programme-plans").WithSummary("The recruiting plans with the places that are free at this moment.");
    }

    private static async Task<IResult> Handle(Guid id, Request request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        if (programme.Preferences is not { } rule) return new Refusal("no-preferences", "This exam takes no preferences; choose an area.").ToProblem();
        if (http.Request.CheckIfMatch(application.Edition) is { } conflict) return conflict;
        if (Check(request.Preferences, rule, programme.Session(application.SessionCode)!) is { Any: true } faults) return faults.ToProblem();
        var profile = await db.GroupsOf(me.Id, ct);
        if (application.Prefer(request.Preferences, programme, profile, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(application.Edition);
        return TypedResults.Ok(ViewApplications.View(application, programme, profile, now));
    }

    private static Faults Check(IReadOnlyList<Preference> wanted, PreferenceRule rule, ExamSession session)
    {
        var faults = new Faults().Add(wanted.Count > rule.Most, "preferences", "too-many", $"At most {rule.Most}.");
        for (var i = 0; i < wanted.Count; i++)
            faults.Add(session.Plans!.All(p => p.Base != wanted[i].Base || p.Speciality != wanted[i].Speciality), $"preferences/{i}", "not-in-plan", "No plan has this base and speciality; see GET /api/programmes/{code}/plans.")
                .Add(wanted.Take(i).Contains(wanted[i]), $"preferences/{i}", "named-twice", "Name each base and speciality once.");
        return faults;
    }

    private static async Task<IResult> Plans(string code, Programmes programmes, ApplicationDb db, CancellationToken ct)
    {
        if (await programmes.Newest(code, ct) is not { } programme) return Problems.NotFound();
        var places = await db.PlanPlaces.AsNoTracking().Where(p => p.ProgrammeCode == code).OrderBy(p => p.SessionCode).ThenBy(p => p.Batch).ThenBy(p => p.Base).ThenBy(p => p.Speciality).ToListAsync(ct);
        return TypedResults.Ok(places.Select(p => (Places: p, Base: programme.Session(p.SessionCode)?.Base(p.Base))).Where(p => p.Base is not null)
            .Select(p => new PlanLine(p.Places.SessionCode, p.Places.Batch, p.Places.Base, p.Base!.Title, p.Places.Speciality, p.Places.Quota, p.Places.Quota - p.Places.Taken)).ToList());
    }
}
