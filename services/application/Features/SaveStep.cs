using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class SaveStep
{
    /// <param name="Answers">By field. All of the step's answers: what is left out, null or empty is taken as not given.</param>
    public sealed record Request(IReadOnlyDictionary<string, string?> Answers);

    /// <param name="Answers">By field. What is left out stays as it is; null or empty is taken back.</param>
    public sealed record Answered(IReadOnlyDictionary<string, string?> Answers);

    public static void MapSaveStep(this IEndpointRouteBuilder app)
    {
        var step = app.MapGroup("/api/applications/{id:guid}/steps/{step}").RequireAuthorization(TokenNames.Candidate).WithTags("application");
        step.MapPut("", Handle).Produces<ViewApplications.ApplicationView>()
            .WithName("save-application-step").WithSummary("Saves one step of the form (If-Match). Values of the wrong kind are refused; what is still missing is told with the step.");
        step.MapPatch("", Autosave).Produces<ViewApplications.ApplicationView>()
            .WithName("autosave-application-step").WithSummary("Saves single answers of a step while it is being filled in (If-Match). The step's other answers stay.");
    }

    private static Task<IResult> Handle(Guid id, string step, Request request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        Save(id, step, request.Answers, keep: false, me, http, db, programmes, clock, ct);

    private static Task<IResult> Autosave(Guid id, string step, Answered request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct) =>
        Save(id, step, request.Answers, keep: true, me, http, db, programmes, clock, ct);

    private static async Task<IResult> Save(Guid id, string step, IReadOnlyDictionary<string, string?> answers, bool keep, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        if (programme.Section(step) is not { } section) return Problems.NotFound();
        if (http.Request.CheckIfMatch(application.Edition) is { } conflict) return conflict;
        var faults = new Faults();
        var given = faults.Given(section, answers, Application.Today(now), "answers");
        if (faults.Any) return faults.ToProblem();
        if (keep) given = application.AnswersOf(section).Where(a => !answers.ContainsKey(a.Key)).Concat(given).ToDictionary();
        var profile = await db.Profiles.SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct);
        var groups = profile?.Groups ?? ProfileGroups.Empty;
        if (application.SaveStep(section, given, programme, groups, now) is { } refusal) return refusal.ToProblem();
        if (!keep && !application.Trial) groups = KeepInProfile(section, given, profile, me.Id, db, now); // what is still being typed stays out of the profile, and so does a practice
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(application.Edition);
        return TypedResults.Ok(ViewApplications.View(application, programme, groups, now));
    }

    /// <summary>What a field would have been filled with from the profile, had it been there, is there the next time (E2).</summary>
    private static ProfileGroups KeepInProfile(FormSection section, Dictionary<string, string> given, Profile? profile, Guid candidateId, ApplicationDb db, DateTimeOffset now)
    {
        var answers = section.Fields.Where(f => f.Prefill is not null && given.ContainsKey(f.Code)).GroupBy(f => f.Prefill!.Value).ToDictionary(same => same.Key, same => same.First().Show(given[same.First().Code], ProfileGroups.Empty));
        var before = profile?.Groups ?? ProfileGroups.Empty;
        var after = before.FilledWith(answers, Application.Today(now));
        if (after == before) return before;
        if (profile is null) db.Profiles.Add(profile = new() { CandidateId = candidateId });
        (profile.Groups, profile.ChangedAt) = (after, now);
        return after;
    }

    /// <summary>What is answered, tidied. Values of the wrong kind, and fields that the section does not have, are faults.</summary>
    internal static Dictionary<string, string> Given(this Faults faults, FormSection section, IReadOnlyDictionary<string, string?> answers, DateOnly today, string at)
    {
        var given = answers.Where(a => !string.IsNullOrWhiteSpace(a.Value)).ToDictionary(a => a.Key, a => a.Value!.Trim());
        foreach (var code in answers.Keys)
            if (section.Field(code) is not { } field) faults.Add(true, $"{at}/{code}", "unknown-field", "This step has no such field.");
            else if (given.TryGetValue(code, out var value) && field.Check(value, today) is { } wrong) faults.Add(true, $"{at}/{code}", wrong.Code, wrong.Detail);
        return given;
    }
}
