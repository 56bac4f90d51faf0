using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>A refresh token is exchanged for the next pair of tokens; each is good once, and a second use ends the session.</summary>
public static class RefreshSession
{
    public sealed record Refresh(string RefreshToken);

    public static void MapRefreshSession(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/sessions/refresh", Exchange)
        .AllowAnonymous().WithName("refresh-session").WithTags("identity").WithSummary("Exchange the refresh token for the next pair of tokens.")
        .Produces<SignedIn>().ProducesProblem(400).ProducesProblem(401);

    private static async Task<IResult> Exchange(Refresh refresh, IdentityDb db, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (hash, now) = (RefreshToken.HashOf(refresh.RefreshToken), clock.GetUtcNow());
        for (var attempt = 0; ; attempt++)
        {
            var token = await db.RefreshTokens.SingleOrDefaultAsync(t => t.Hash == hash, ct);
            if (token is null) return Problems.Of(401, "refresh-token-invalid", "This is no refresh token of this platform; sign in again.");
            var session = await db.Sessions.SingleAsync(s => s.Id == token.SessionId, ct);
            if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == session.AccountId, ct) is not { } account) return Problems.Of(401, "session-ended", "This account has been deleted.");
            var refusal = token.Use(session, account, now);
            if (refusal?.Code == "refresh-token-reused" && session.EndedAt == now)
                db.SignIns.Add(new() { AccountId = session.AccountId, At = now, Address = SignInRecord.AddressOf(http), Result = SignInResult.TokenReused });
            var next = refusal is null ? await tokens.Continue(account, session, ct) : null;
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException) when (attempt < 5)
            {
                db.ChangeTracker.Clear(); // two used it in the same moment: look again, one of them is second
                continue;
            }
            http.Response.Headers.CacheControl = "no-store";
            return refusal is null ? TypedResults.Ok(next) : Problems.Of(401, refusal.Code, refusal.Detail);
        }
    }
}
