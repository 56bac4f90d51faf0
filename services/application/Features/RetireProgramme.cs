using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>Takes an exam out of the offer, and shows who published and retired what.</summary>
public static class RetireProgramme
{
    /// <param name="PublishedBy">The officer; null for what came with the platform.</param>
    /// <param name="RetiredAt">Null while it is on offer, or was followed by a newer version.</param>
    public sealed record VersionLine(int Version, string Title, DateTimeOffset PublishedAt, Guid? PublishedBy, DateTimeOffset? RetiredAt, Guid? RetiredBy);

    public static void MapRetireProgramme(this IEndpointRouteBuilder app)
    {
        var programme = app.MapGroup("/api/programmes/{code}").RequireAuthorization(TokenNames.Officer).WithTags("application");
        programme.MapPost("/retirement", Handle).ForgetsWhatIsNewest().WithIdempotencyKey<ApplicationDb>().Produces(StatusCodes.Status204NoContent).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
            .WithName("retire-programme").WithSummary("Takes an exam out of the offer (national officers): it stays readable, nothing new is started. Refused while applications are alive. A newer version offers it again.");
        programme.MapGet("/versions", Versions).Produces<List<VersionLine>>().ProducesProblem(404)
            .WithName("list-programme-versions").WithSummary("Every published version, newest first: who published it and when, who retired it.");
    }

    private static async Task<IResult> Handle(string code, Me me, ApplicationDb db, TimeProvider clock, ILogger<RetiredProgramme> log, CancellationToken ct)
    {
        if (PublishProgramme.Refused(me) is { } refused) return refused;
        var (found, stranded) = await Publication.Retire(db, code, me.Id, clock.GetUtcNow(), ct);
        if (!found) return Problems.NotFound();
        if (stranded.Count > 0) return PublishProgramme.WouldStrand(stranded);
        log.LogInformation("Officer {OfficerId} retired {Programme}", me.Id, code);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Versions(string code, ApplicationDb db, Programmes programmes, CancellationToken ct)
    {
        var retired = await db.RetiredProgrammes.AsNoTracking().Where(r => r.Code == code).ToDictionaryAsync(r => r.Version, ct);
        var lines = new List<VersionLine>();
        foreach (var row in await db.Programmes.Where(p => p.Code == code).OrderByDescending(p => p.Version).Select(p => new { p.Version, p.PublishedAt, p.PublishedBy }).ToListAsync(ct))
        {
            var retirement = retired.GetValueOrDefault(row.Version);
            lines.Add(new(row.Version, (await programmes.Get(code, row.Version, ct)).Title, row.PublishedAt, row.PublishedBy, retirement?.RetiredAt, retirement?.RetiredBy));
        }
        return lines.Count == 0 ? Problems.NotFound() : TypedResults.Ok(lines);
    }
}
