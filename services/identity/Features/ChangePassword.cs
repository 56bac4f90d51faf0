using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>Whoever is signed in replaces their password by naming the old one, which is counted as in signing in. All other sessions end; access tokens run out by their time.</summary>
public static class ChangePassword
{
    public sealed record PasswordChange(string OldPassword, string NewPassword)
    {
        public Faults Check(PasswordRule passwords)
        {
            ArgumentNullException.ThrowIfNull(passwords);
            var faults = ProvePassword.Check(OldPassword, new(), "oldPassword");
            passwords.Check(NewPassword, faults, "newPassword");
            faults.Add(OldPassword.Length > 0 && OldPassword == NewPassword, "newPassword", "password-unchanged", "Choose another password than the present one.");
            return faults;
        }
    }

    public static void MapChangePassword(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/me/password", Change)
        .WithName("change-password").WithTags("identity").WithSummary("Replace one's own password; all other sessions end.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Change(PasswordChange change, Me me, IdentityDb db, ProvePassword prove, ReplacePassword replace,
        IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (change.Check(settings.Value.PasswordRule) is { Any: true } faults) return faults.ToProblem();
        var (refused, account, hash) = await prove.Of(me.Id, change.OldPassword, http, ct, "oldPassword", change.NewPassword);
        if (refused is not null) return refused;
        await replace.Of(account, hash, SessionEnd.PasswordChanged, Tokens.SessionOf(http.User), ct);
        db.SignIns.Add(new() { AccountId = me.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = SignInResult.PasswordChanged });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
