using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace ExamPlatform.Applications.Features;

/// <summary>National officers publish an exam: the body is the document itself. It is offered by every replica within seconds.</summary>
public static class PublishProgramme
{
    public const int BodyLimit = 1024 * 1024;

    /// <param name="New">False when this version was published before, with the same content.</param>
    public sealed record Reply(string Code, int Version, string Title, bool New);

    public static void MapPublishProgramme(this IEndpointRouteBuilder app)
    {
        var programmes = app.MapGroup("/api/programmes").RequireAuthorization(TokenNames.Officer).WithTags("application");
        programmes.MapPost("", Handle).ForgetsWhatIsNewest().WithIdempotencyKey<ApplicationDb>().WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
            .Accepts<ExamProgramme>("application/json").Produces<Reply>(StatusCodes.Status201Created).Produces<Reply>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(413)
            .WithName("publish-programme").WithSummary("Publishes a version of an exam (national officers). Everything that is broken is told by its path; who would be stranded is told with their number.");
        programmes.MapPost("/check", Check).WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
            .Accepts<ExamProgramme>("application/json").Produces<Reply>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(413)
            .WithName("check-programme").WithSummary("Answers as publishing would, and changes nothing.");
    }

    /// <summary>Outermost, so that it runs when the change is committed and before the answer leaves: whoever reads here next sees it.</summary>
    internal static RouteHandlerBuilder ForgetsWhatIsNewest(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var answer = await next(context);
        context.HttpContext.RequestServices.GetRequiredService<ProgrammeCache>().Forget();
        return answer;
    });

    internal static IResult? Refused(Me me) => me.Level == "national" ? null : Problems.Of(403, "not-allowed", "Only officers of the national level publish and retire exams.");

    internal static IResult WouldStrand(IReadOnlyList<Stranded> stranded)
    {
        var refusal = Strandings.Refusal(stranded);
        return Problems.Of(409, refusal.Code, refusal.Detail, new Dictionary<string, object?> { ["applications"] = stranded.Sum(s => s.Applications), ["stranded"] = stranded });
    }

    private static async Task<IResult> Handle([FromBody] JsonElement document, Me me, ApplicationDb db, TimeProvider clock, ILogger<Publication> log, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        var publication = await Publication.Of(db, document.GetRawText(), me.Id, clock.GetUtcNow(), ct);
        if (publication is { New: true, Programme: { } programme }) log.LogInformation("Officer {OfficerId} published {Programme} version {Version}", me.Id, programme.Code, programme.Version);
        return Answer(publication, created: true);
    }

    private static async Task<IResult> Check([FromBody] JsonElement document, Me me, ApplicationDb db, TimeProvider clock, CancellationToken ct) =>
        Refused(me) ?? Answer(await Publication.Of(db, document.GetRawText(), me.Id, clock.GetUtcNow(), ct, write: false), created: false);

    private static IResult Answer(Publication publication, bool created)
    {
        if (publication.Programme is not { } programme) return Problems.Invalid(publication.Faults);
        if (publication.Stranded is { } stranded) return WouldStrand(stranded);
        if (publication.Refusal is { } refusal) return refusal.ToProblem();
        var reply = new Reply(programme.Code, programme.Version, programme.Title, publication.New);
        return created && publication.New ? TypedResults.Created($"/api/programmes/{programme.Code}", reply) : TypedResults.Ok(reply);
    }
}
