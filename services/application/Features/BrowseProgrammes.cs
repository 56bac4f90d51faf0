using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Applications.Features;

/// <summary>What is offered, open without sign-in.</summary>
public static class BrowseProgrammes
{
    public sealed record ProgrammeLine(string Code, int Version, string Title, IReadOnlyList<SessionLine> Sessions);
    /// <param name="Trial">A practice (试报名) on data that are thrown away.</param>
    public sealed record SessionLine(string Code, string Title, IReadOnlyList<WindowLine> Windows, bool Trial);
    public sealed record WindowLine(WindowKind Window, DateTimeOffset From, DateTimeOffset Until, bool Open);
    public sealed record AreaLine(string Area, string Title, ConfirmationMode Confirmation, string Policy, PaymentLine? Payment, IReadOnlyList<WindowLine> Windows, IReadOnlyList<SiteLine> Sites);
    public sealed record PaymentLine(IReadOnlyList<string> Channels, long AmountInFen, IReadOnlyList<FeePart> Parts);
    public sealed record SiteLine(string Site, string Title);
    public sealed record SessionAreas(string Session, IReadOnlyList<AreaLine> Areas, bool Trial);

    public static void MapBrowseProgrammes(this IEndpointRouteBuilder app)
    {
        var programmes = app.MapGroup("/api/programmes").AllowAnonymous().WithTags("application");
        programmes.MapGet("", List).WithName("list-programmes").WithSummary("The exams on offer, with their sessions and windows.");
        programmes.MapGet("/schema", () => TypedResults.Text(ProgrammeSchema.Json, "application/schema+json")).WithName("get-programme-schema").WithSummary("The JSON Schema of a programme document, for editors.");
        programmes.MapGet("/{code}", Get).WithName("get-programme").WithSummary("The newest published document of one exam: form, documents, stages, sessions.");
        programmes.MapGet("/{code}/areas", Areas).WithName("list-programme-areas").WithSummary("The areas of each session with their policy, windows and sites.");
    }

    private static async Task<Ok<List<ProgrammeLine>>> List(Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok((await programmes.AllNewest(ct)).ConvertAll(p =>
            new ProgrammeLine(p.Code, p.Version, p.Title, [.. p.Sessions.Select(s => new SessionLine(s.Code, s.Title, [.. s.Windows.Select(w => Line(w, now))], s.Trial is not null))])));
    }

    private static async Task<Results<Ok<ExamProgramme>, ProblemHttpResult>> Get(string code, Programmes programmes, CancellationToken ct) =>
        await programmes.Newest(code, ct) is { } programme ? TypedResults.Ok(programme) : Problems.NotFound();

    private static async Task<Results<Ok<List<SessionAreas>>, ProblemHttpResult>> Areas(string code, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        if (await programmes.Newest(code, ct) is not { } programme) return Problems.NotFound();
        var now = clock.GetUtcNow();
        return TypedResults.Ok(programme.Sessions.Select(s => new SessionAreas(s.Code, [.. s.Areas.Select(a => Line(programme, s, a, now))], s.Trial is not null)).ToList());
    }

    private static AreaLine Line(ExamProgramme programme, ExamSession session, ExamArea area, DateTimeOffset now)
    {
        var policy = programme.PolicyOf(session, area.Area)!;
        var parts = policy.Payment?.Fee.Parts(programme, programme.Subjects) ?? [];
        return new(area.Area, AreaTree.Find(area.Area)!.Name, policy.Confirmation, policy.Title, policy.Payment is { } payment ? new(payment.ChannelsOf(session.Trial is not null), parts.Sum(p => p.AmountInFen), parts) : null,
            [.. session.Windows.Select(w => Line(session.Window(area.Area, w.Kind), now))], [.. AreaTree.SitesOf(area.Area).Select(s => new SiteLine(s.Code, s.Name))]);
    }

    private static WindowLine Line(Window window, DateTimeOffset now) => new(window.Kind, window.From, window.Until, window.IsOpen(now));
}
