using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>Ends the session of the access token: its refresh tokens are good for nothing from now on. The access token itself runs out by its time.</summary>
public static class SignOut
{
    public static void MapSignOut(this IEndpointRouteBuilder app) => app.MapDelete("/api/identity/sessions/current", Leave)
        .WithName("sign-out").WithTags("identity").WithSummary("End the session.");

    private static async Task<NoContent> Leave(Me me, IdentityDb db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var sessionId = Tokens.SessionOf(http.User);
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == sessionId && s.AccountId == me.Id && s.EndedAt == null, ct);
        if (session is null) return TypedResults.NoContent();
        session.End(SessionEnd.SignedOut, clock.GetUtcNow());
        db.SignIns.Add(new() { AccountId = me.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = SignInResult.SignedOut });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
