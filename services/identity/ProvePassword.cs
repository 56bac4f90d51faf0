using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

/// <summary>Whoever is signed in names the password once more before what an open screen alone must not do. Counted and recorded as in signing in.</summary>
public sealed class ProvePassword(IdentityDb db, PersonalData data, Passwords passwords, LockOut lockOut, TimeProvider clock)
{
    private const int LongestInput = 200;

    public static Faults Check(string password, Faults faults, string field = "password")
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(faults);
        return faults.Add(password.Length == 0, field, "required", "Enter the present password.").Add(password.Length > LongestInput, field, "too-long", $"At most {LongestInput} characters.");
    }

    /// <param name="toHash">What is to be kept as a slow hash once the password is right: hashed in the same turn.</param>
    /// <returns>A refusal to be answered, or the account, tracked, and the hash.</returns>
    public async Task<(IResult? Refused, Account Account, string Hash)> Of(Guid id, string password, HttpContext http, CancellationToken cancellationToken, string field = "password", string? toHash = null)
    {
        if (await db.Accounts.SingleOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } account) return (Problems.NotFound(), new(), "");
        var key = account.LockKey(data);
        using var turn = await passwords.Turn(cancellationToken);
        if (!turn.IsAcquired) return (Passwords.Busy(http), account, "");
        var (locked, until) = await lockOut.Count(key, clock.GetUtcNow(), cancellationToken);
        if (locked || !passwords.Check(account, password))
        {
            db.SignIns.Add(new() { AccountId = id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = locked ? SignInResult.LockedOut : SignInResult.WrongPassword });
            await db.SaveChangesAsync(cancellationToken);
            return (until is { } end ? LockOut.Locked(end, clock, http) : new Faults().Add(true, field, "wrong-password", "This is not the present password.").ToProblem(), account, "");
        }
        var hash = toHash is null ? "" : passwords.Hash(toHash);
        await lockOut.Forgive(key, cancellationToken);
        return (null, account, hash);
    }
}
