using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>A national officer has what was practised so far thrown away before its time. It is kept who asked; <see cref="KeepTrials"/> does it.</summary>
public static class DiscardTrial
{
    /// <param name="Applications">How many are being thrown away.</param>
    public sealed record Reply(int Applications);

    public static void MapDiscardTrial(this IEndpointRouteBuilder app) => app.MapDelete("/api/programmes/{code}/sessions/{session}/applications", Handle)
        .RequireAuthorization(TokenNames.Officer).WithTags("application").Produces<Reply>(StatusCodes.Status202Accepted).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
        .WithName("discard-trial").WithSummary("Throws away all applications of a practice session that were started until now (national officers); within seconds, everywhere. A real session is refused.");

    private static async Task<IResult> Handle(string code, string session, Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<TrialDiscard> log, CancellationToken ct)
    {
        if (me.Level != "national") return Problems.Of(403, "not-allowed", "Only officers of the national level throw practice away.");
        if ((await programmes.Newest(code, ct))?.Session(session) is not { } found) return Problems.NotFound();
        if (found.Trial is null) return new Refusal("not-a-trial", "This session is real; its applications are kept.").ToProblem();
        var now = clock.GetUtcNow();
        db.TrialDiscards.Add(new() { ProgrammeCode = code, SessionCode = session, AskedAt = now, AskedBy = me.Id });
        await db.SaveChangesAsync(ct);
        log.LogInformation("Officer {OfficerId} has the practice of {Programme} {Session} thrown away", me.Id, code, session);
        return TypedResults.Accepted((string?)null, new Reply(await db.Applications.CountAsync(a => a.Trial && a.ProgrammeCode == code && a.SessionCode == session && a.CreatedAt <= now, ct)));
    }
}
