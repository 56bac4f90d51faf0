using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>Where one is signed in, and an end to what one does not know.</summary>
public static class KeepSessions
{
    /// <param name="Address">Whence it began; empty for sessions of before this was kept, likewise <paramref name="Agent"/>, as the browser calls itself.</param>
    /// <param name="Current">This one.</param>
    public sealed record Open(Guid Id, DateTimeOffset StartedAt, DateTimeOffset EndsAt, string Address, string Agent, bool Current);

    public static void MapKeepSessions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/sessions", List).WithName("list-sessions").WithTags("identity").WithSummary("Where one is signed in, newest first.");
        app.MapDelete("/api/identity/me/sessions/{id:guid}", End).WithName("end-session").WithTags("identity").WithSummary("End one of one's own sessions.").ProducesProblem(404);
    }

    private static async Task<Ok<List<Open>>> List(Me me, IdentityDb db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (now, current) = (clock.GetUtcNow(), Tokens.SessionOf(http.User));
        return TypedResults.Ok(await (from s in db.Sessions
                                      join a in db.Accounts on s.AccountId equals a.Id
                                      where s.AccountId == me.Id && s.EndedAt == null && s.EndsAt > now && s.PasswordChanges == a.PasswordChanges
                                      orderby s.StartedAt descending
                                      select new Open(s.Id, s.StartedAt, s.EndsAt, s.Address, s.Agent, s.Id == current)).Take(200).ToListAsync(ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> End(Guid id, Me me, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Sessions.SingleOrDefaultAsync(s => s.Id == id && s.AccountId == me.Id, ct) is not { } session) return Problems.NotFound();
        session.End(SessionEnd.EndedElsewhere, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
