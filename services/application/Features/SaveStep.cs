using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class SaveStep
{
    /// <param name="Answers">By field. All of the step's answers: what is left out, null or empty is taken as not given.</param>
    public sealed record Request(IReadOnlyDictionary<string, string?> Answers);

    public static void MapSaveStep(this IEndpointRouteBuilder app) => app.MapPut("/api/applications/{id:guid}/steps/{step}", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application").Produces<ViewApplications.ApplicationView>()
        .WithName("save-application-step").WithSummary("Saves one step of the form (If-Match). Values of the wrong kind are refused; what is still missing is told with the step.");

    private static async Task<IResult> Handle(Guid id, string step, Request request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        if (programme.Section(step) is not { } section) return Problems.NotFound();
        if (http.Request.CheckIfMatch(application.Version) is { } conflict) return conflict;
        var given = request.Answers.Where(a => !string.IsNullOrWhiteSpace(a.Value)).ToDictionary(a => a.Key, a => a.Value!.Trim());
        var faults = new Faults();
        foreach (var code in request.Answers.Keys.Except(given.Keys)) faults.Add(section.Field(code) is null, $"answers/{code}", "unknown-field", "This step has no such field.");
        faults.Answers(section, given, Application.Today(now), "answers");
        if (faults.Any) return faults.ToProblem();
        var profile = await db.GroupsOf(me.Id, ct);
        if (application.SaveStep(section, given, programme, profile, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(application.Version);
        return TypedResults.Ok(ViewApplications.View(application, programme, profile, now));
    }

    /// <summary>Values of the wrong kind, and fields that the section does not have.</summary>
    internal static void Answers(this Faults faults, FormSection section, IReadOnlyDictionary<string, string> given, DateOnly today, string at)
    {
        foreach (var (code, value) in given)
            if (section.Field(code) is not { } field) faults.Add(true, $"{at}/{code}", "unknown-field", "This step has no such field.");
            else if (field.Check(value, today) is { } wrong) faults.Add(true, $"{at}/{code}", wrong.Code, wrong.Detail);
    }
}
