using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>What is offered, open without sign-in.</summary>
public static class BrowseProgrammes
{
    public sealed record ProgrammeLine(string Code, int Version, string Title, IReadOnlyList<SessionLine> Sessions);
    /// <param name="Trial">A practice (试报名) on data that are thrown away.</param>
    public sealed record SessionLine(string Code, string Title, IReadOnlyList<WindowLine> Windows, IReadOnlyList<BatchLine> Batches, bool Trial);
    public sealed record WindowLine(WindowKind Window, DateTimeOffset From, DateTimeOffset Until, bool Open, ExtensionLine? Extension);
    public sealed record BatchLine(string Batch, string Title, DateTimeOffset From, DateTimeOffset Until, bool Open, ExtensionLine? Extension);

    /// <param name="Scheduled">When it would have ended.</param>
    /// <param name="Why">In words for everybody.</param>
    public sealed record ExtensionLine(DateTimeOffset Scheduled, string Why, IReadOnlyList<OutageLine> Outages);
    public sealed record OutageLine(DateTimeOffset From, DateTimeOffset Until);
    public sealed record AreaLine(string Area, string Title, ConfirmationMode Confirmation, string Policy, PaymentLine? Payment, IReadOnlyList<WindowLine> Windows, IReadOnlyList<SiteLine> Sites);
    public sealed record PaymentLine(IReadOnlyList<string> Channels, long AmountInFen, IReadOnlyList<FeePart> Parts);
    public sealed record SiteLine(string Site, string Title);
    public sealed record SessionAreas(string Session, IReadOnlyList<AreaLine> Areas, bool Trial);

    public static void MapBrowseProgrammes(this IEndpointRouteBuilder app)
    {
        var programmes = app.MapGroup("/api/programmes").AllowAnonymous().WithTags("application");
        programmes.MapGet("", List).WithName("list-programmes").WithSummary("The exams on offer, with their sessions and windows.");
        programmes.MapGet("/schema", () => TypedResults.Text(ProgrammeSchema.Json, "application/schema+json")).WithName("get-programme-schema").WithSummary("The JSON Schema of a programme document, for editors.");
        programmes.MapGet("/outages", Outages).WithName("list-outages").WithSummary("When the platform was down, the latest first.");
        programmes.MapGet("/{code}", Get).WithName("get-programme").WithSummary("The newest document of one exam as it was published: form, documents, stages, sessions as scheduled. When windows end today is told by the lists.");
        programmes.MapGet("/{code}/areas", Areas).WithName("list-programme-areas").WithSummary("The areas of each session with their policy, windows and sites.");
    }

    private static async Task<Ok<List<ProgrammeLine>>> List(Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok((await programmes.AllNewest(ct)).ConvertAll(p => Line(p, now)));
    }

    internal static ProgrammeLine Line(ExamProgramme p, DateTimeOffset now) => new(p.Code, p.Version, p.Title, [.. p.Sessions.Select(s => new SessionLine(s.Code, s.Title, [.. s.Windows.Select(w => Line(w, now))],
        [.. (s.Batches ?? []).Select(b => new BatchLine(b.Code, b.Title, b.From, b.Until, s.OpenBatch(now) == b, Line(b.Extension, b.Until)))], s.Trial is not null))]);

    private static async Task<Results<Ok<ExamProgramme>, ProblemHttpResult>> Get(string code, Programmes programmes, CancellationToken ct) =>
        await programmes.Published(code, ct) is { } programme ? TypedResults.Ok(programme) : Problems.NotFound();

    private static async Task<Results<Ok<List<SessionAreas>>, ProblemHttpResult>> Areas(string code, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        if (await programmes.Newest(code, ct) is not { } programme) return Problems.NotFound();
        return TypedResults.Ok(AreasOf(programme, clock.GetUtcNow()));
    }

    internal static List<SessionAreas> AreasOf(ExamProgramme programme, DateTimeOffset now) => [.. programme.Sessions.Select(s => new SessionAreas(s.Code, [.. s.Areas.Select(a => Line(programme, s, a, now))], s.Trial is not null))];

    private static AreaLine Line(ExamProgramme programme, ExamSession session, ExamArea area, DateTimeOffset now)
    {
        var policy = programme.PolicyOf(session, area.Area)!;
        var parts = policy.Payment?.Fee.Parts(programme, programme.Subjects) ?? [];
        return new(area.Area, AreaTree.Find(area.Area)!.Name, policy.Confirmation, policy.Title, policy.Payment is { } payment ? new(payment.ChannelsOf(session.Trial is not null), parts.Sum(p => p.AmountInFen), parts) : null,
            [.. session.Windows.Select(w => Line(session.Window(area.Area, w.Kind), now))], [.. AreaTree.SitesOf(area.Area).Select(s => new SiteLine(s.Code, s.Name))]);
    }

    private static async Task<Ok<List<OutageLine>>> Outages(ApplicationDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.Outages.AsNoTracking().OrderByDescending(o => o.Id).Take(100).Select(o => new OutageLine(o.From, o.Until)).ToListAsync(ct));

    private static WindowLine Line(Window window, DateTimeOffset now) => new(window.Kind, window.From, window.Until, window.IsOpen(now), Line(window.Extension, window.Until));

    private static ExtensionLine? Line(Extension? extension, DateTimeOffset until) => extension is null ? null : new(extension.Scheduled,
        StatusWords.Of("extended", string.Join("、", extension.For.Select(o => StatusWords.Of("extended-outage", InChina(o.From), InChina(o.Until)))), InChina(extension.Scheduled), InChina(until)),
        [.. extension.For.Select(o => new OutageLine(o.From, o.Until))]);

    private static string InChina(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy年M月d日HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
