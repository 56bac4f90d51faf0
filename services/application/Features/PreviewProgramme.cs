using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace ExamPlatform.Applications.Features;

/// <summary>A document that nobody has published is shown as a candidate would see it: evaluated by the rules that evaluate published ones, for answers that are sent along. Nothing is kept.</summary>
public static class PreviewProgramme
{
    /// <param name="Session">Null: the first.</param>
    /// <param name="Area">Null while none is chosen.</param>
    /// <param name="Answers">By step and field, as an application has them.</param>
    public sealed record Request(JsonElement Document, string? Session = null, string? Area = null, Dictionary<string, Dictionary<string, string>>? Answers = null);

    /// <param name="Form">As <c>GET /api/applications/{id}/form</c> would answer.</param>
    /// <param name="Steps">The list of tasks.</param>
    /// <param name="Plans">What places could be wanted, where places are chosen.</param>
    public sealed record Reply(BrowseProgrammes.ProgrammeLine Exam, IReadOnlyList<BrowseProgrammes.SessionAreas> Areas, string Session, string? Area, AskForm.FormView Form,
        IReadOnlyList<ViewApplications.StepView> Steps, IReadOnlyList<ChoosePreferences.PlanLine> Plans);

    public static void MapPreviewProgramme(this IEndpointRouteBuilder app) => app.MapPost("/api/programmes/preview", Handle)
        .RequireAuthorization(TokenNames.Officer).WithTags("application").WithMetadata(new RequestSizeLimitAttribute(PublishProgramme.BodyLimit))
        .Produces<Reply>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(413)
        .WithName("preview-programme").WithSummary("A document as a candidate with these answers would see it (national officers): windows, areas, tasks and form. Nothing is kept.");

    private static IResult Handle(Request request, Me me, TimeProvider clock)
    {
        if (PublishProgramme.Refused(me) is { } refused) return refused;
        var (programme, faults) = ProgrammeReader.Read(request.Document.GetRawText());
        if (programme is null) return Problems.Invalid(faults);
        var session = request.Session is null ? programme.Sessions[0] : programme.Session(request.Session);
        var wrong = new Faults().Add(session is null, "session", "unknown-session", "The document has no such session.")
            .Add(session is not null && request.Area is not null && session.Areas.All(a => a.Area != request.Area), "area", "unknown-area", "This session has no such area.");
        if (wrong.Any) return wrong.ToProblem();
        var (now, area) = (clock.GetUtcNow(), request.Area);
        var filling = new Filling(programme, Answers(programme, request, now), area, programme.PolicyOf(session!, area), ProfileGroups.Empty, null, new Dictionary<string, Guid>(), [], "residentId", Application.Today(now));
        return TypedResults.Ok(new Reply(BrowseProgrammes.Line(programme, now), BrowseProgrammes.AreasOf(programme, now), session!.Code, area,
            AskForm.View(filling, session, area is null ? null : AreaTree.Find(area)!.Name, _ => true, now), ViewApplications.Steps(filling),
            [.. (session.Plans ?? []).Select(p => new ChoosePreferences.PlanLine(session.Code, p.Batch, p.Base, session.Base(p.Base)!.Title, p.Speciality, p.Quota, p.Quota))]));
    }

    /// <summary>Of fields that the form has, and only what could be saved.</summary>
    private static Dictionary<string, string> Answers(ExamProgramme programme, Request request, DateTimeOffset now) =>
        (request.Answers ?? []).SelectMany(step => step.Value.Select(answer => (Path: $"{step.Key}/{answer.Key}", answer.Value)))
            .Where(a => a.Value.Length > 0 && programme.Field(a.Path) is { } field && field.Check(a.Value, Application.Today(now)) is null).ToDictionary(a => a.Path, a => a.Value);
}
