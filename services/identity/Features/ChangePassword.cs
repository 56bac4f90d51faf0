using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>Whoever is signed in replaces their password by naming the old one, which is counted as in signing in. All other sessions end; access tokens run out by their time.</summary>
public static class ChangePassword
{
    public sealed record PasswordChange(string OldPassword, string NewPassword)
    {
        private const int LongestInput = 200;

        public Faults Check(PasswordRule passwords)
        {
            ArgumentNullException.ThrowIfNull(passwords);
            var faults = new Faults();
            faults.Add(OldPassword.Length == 0, "oldPassword", "required", "Enter the present password.");
            faults.Add(OldPassword.Length > LongestInput, "oldPassword", "too-long", $"At most {LongestInput} characters.");
            passwords.Check(NewPassword, faults, "newPassword");
            faults.Add(OldPassword.Length > 0 && OldPassword == NewPassword, "newPassword", "password-unchanged", "Choose another password than the present one.");
            return faults;
        }
    }

    public static void MapChangePassword(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/me/password", Change)
        .WithName("change-password").WithTags("identity").WithSummary("Replace one's own password; all other sessions end.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Change(PasswordChange change, Me me, IdentityDb db, PersonalData data, Passwords passwords, LockOut lockOut, ReplacePassword replace,
        IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (change.Check(settings.Value.PasswordRule) is { Any: true } faults) return faults.ToProblem();
        if (await db.Accounts.SingleOrDefaultAsync(a => a.Id == me.Id, ct) is not { } account) return Problems.NotFound();
        var key = account.LockKey(data);
        string hash;
        using (var turn = await passwords.Turn(ct))
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            var (locked, until) = await lockOut.Count(key, clock.GetUtcNow(), ct);
            if (locked || !passwords.Check(account, change.OldPassword)) return await Refuse(account, locked, until, db, clock, http, ct);
            hash = passwords.Hash(change.NewPassword);
        }
        await lockOut.Forgive(key, ct);
        await replace.Of(account, hash, SessionEnd.PasswordChanged, Tokens.SessionOf(http.User), ct);
        db.SignIns.Add(new() { AccountId = me.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = SignInResult.PasswordChanged });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Refuse(Account account, bool locked, DateTimeOffset? until, IdentityDb db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        db.SignIns.Add(new() { AccountId = account.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = locked ? SignInResult.LockedOut : SignInResult.WrongPassword });
        await db.SaveChangesAsync(ct);
        return until is { } end ? LockOut.Locked(end, clock, http) : new Faults().Add(true, "oldPassword", "wrong-password", "This is not the present password.").ToProblem();
    }
}
