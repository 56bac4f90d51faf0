using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// Signing in with user name, document number, or name and document number. An account that does not exist answers, counts, locks and takes as long as one that does.
/// </summary>
public static class SignIn
{
    /// <param name="Who">User name or document number; they are told apart here (<see cref="Identities.UserName"/>).</param>
    /// <param name="Work">After wrong passwords: the work that was asked for (docs/challenge.md).</param>
    /// <param name="SmsCode">Or, where there is no script, a code of purpose signIn.</param>
    /// <param name="SecondFactor">Of officers who have set it up: the app's present code, or a recovery code.</param>
    /// <param name="DocumentType">Needed only where two documents of different types share a number.</param>
    public sealed record Credentials(string Password, string? UserName = null, string? DocumentNumber = null, DocumentType? DocumentType = null, string? Name = null, string? Who = null,
        WorkProof? Work = null, SmsProof? SmsCode = null, string? SecondFactor = null)
    {
        private const int LongestInput = 200;

        [JsonIgnore]
        public TypedWho Typed => Who is not null ? TypedWho.Of(Who) : new(UserName is null ? null : Identities.UserName.Tidy(UserName), DocumentNumber);

        /// <summary>As it was sent: what work is bound to.</summary>
        [JsonIgnore]
        public string Account => (Who ?? UserName ?? DocumentNumber!).Trim();

        public Faults Check()
        {
            var faults = new Faults();
            faults.Add(UserName is null && DocumentNumber is null && Who is null, "userName", "required", "Enter the user name or the document number.");
            faults.Add(UserName is not null && DocumentNumber is not null, "documentNumber", "one-of-two", "Enter either the user name or the document number.");
            faults.Add(Who is not null && (UserName ?? DocumentNumber) is not null, "who", "one-of-two", "Enter either this or the user name or document number.");
            faults.Add(Who is { } who && string.IsNullOrWhiteSpace(who), "who", "required", "Enter the user name or the document number.");
            faults.Add(DocumentNumber is null && Who is null && (Name is not null || DocumentType is not null), "documentNumber", "required", "A name or document type goes with the document number.");
            faults.Add(Password.Length == 0, "password", "required", "Enter the password.");
            foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("userName", UserName), ("documentNumber", DocumentNumber), ("who", Who), ("name", Name), ("password", Password), ("secondFactor", SecondFactor)])
                faults.Add(value?.Length > LongestInput, field, "too-long", $"At most {LongestInput} characters.");
            return faults;
        }
    }

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/identity/sessions", Enter)
            .AllowAnonymous().WithName("sign-in").WithTags("identity").WithSummary("Sign in with user name or document number and password.")
            .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(401).ProducesProblem(423).ProducesProblem(428).ProducesProblem(503);
        app.MapGet("/api/identity/sign-in/challenge", (Challenges challenges) => TypedResults.Ok(challenges.Give()))
            .AllowAnonymous().WithName("give-challenge").WithTags("identity").WithSummary("Work to be done before signing in after wrong passwords (docs/challenge.md).");
    }

    private static async Task<IResult> Enter(Credentials credentials, IdentityDb db, PersonalData data, FindAccount find, Passwords passwords, LockOut lockOut, Challenges challenges, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (credentials.Check() is { Any: true } faults) return faults.ToProblem();
        var (account, candidate) = await find.Of(credentials.Typed, credentials.DocumentType, ct);
        var typed = data.Hash("typed", credentials.Typed.Key);
        var key = account?.LockKey(data) ?? typed;
        var address = SignInRecord.AddressOf(http);
        if (await challenges.AreWanted(key, address, ct) && !await Proves(credentials, account, challenges, db, data, clock.GetUtcNow(), ct)) return Ask(challenges.Give());
        SignInResult result;
        DateTimeOffset? until;
        using (var turn = await passwords.Turn(ct)) // before the attempt is counted: being sent away in a rush is no wrong password
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            (var locked, until) = await lockOut.Count(key, clock.GetUtcNow(), ct);
            result = locked ? SignInResult.LockedOut
                : passwords.Check(account, credentials.Password) && Fits(candidate, credentials.Name, data) ? SignInResult.SignedIn
                : account is null ? SignInResult.UnknownAccount : SignInResult.WrongPassword;
            if (result is SignInResult.SignedIn && account!.FirstPasswordUntil <= clock.GetUtcNow()) result = SignInResult.FirstPasswordOver;
            if (result is SignInResult.SignedIn) result = await CheckSecondFactor(account!, credentials.SecondFactor, db, data, clock.GetUtcNow(), ct);
            if (result is SignInResult.SignedIn && passwords.IsWeak(account!.PasswordHash)) await Strengthen(account, passwords.Hash(credentials.Password), db, ct);
        }
        db.SignIns.Add(new() { AccountId = account?.Id, TypedHash = typed, At = clock.GetUtcNow(), Address = address, Result = result });
        if (result != SignInResult.SignedIn)
        {
            await db.SaveChangesAsync(ct);
            await challenges.Failed(address, ct);
            if (until is { } end) return LockOut.Locked(end, clock, http);
            if (result is SignInResult.SecondFactorWanted) return Problems.Of(401, "second-factor-required", "Enter the present code of the authenticator app too, or a recovery code.");
            if (result is SignInResult.FirstPasswordOver) return Problems.Of(401, "first-password-over", "This first password was not used in seven days; ask for a new one.");
            if (result is SignInResult.PasskeyWanted) return Problems.Of(401, "passkey-required", "This officer signs in by passkey.");
            return result is SignInResult.WrongSecondFactor ? Problems.Of(401, "second-factor-wrong", "This is not the app's present code, or it was used; enter the next one.") : Problems.Of(401, "sign-in-failed", "User name or document number, name and password do not belong together.");
        }
        await lockOut.Forgive(key, ct);
        var signedIn = await tokens.Start(account!, ct);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, signedIn);
    }

    /// <summary>Looked at once the password is right, and counted like it.</summary>
    private static async Task<SignInResult> CheckSecondFactor(Account account, string? typed, IdentityDb db, PersonalData data, DateTimeOffset now, CancellationToken ct)
    {
        if (account.Role is not AccountRole.Officer) return SignInResult.SignedIn;
        if (await db.SecondFactors.SingleOrDefaultAsync(f => f.AccountId == account.Id && f.ConfirmedAt != null, ct) is not { } factor)
            return await db.Passkeys.AnyAsync(p => p.AccountId == account.Id, ct) ? SignInResult.PasskeyWanted : SignInResult.SignedIn;
        if (string.IsNullOrWhiteSpace(typed)) return SignInResult.SecondFactorWanted;
        return factor.Use(typed, data, now) ? SignInResult.SignedIn : SignInResult.WrongSecondFactor;
    }

    /// <summary>The work, or the digits that went to the account's mobile. A try of the digits counts whatever comes of it.</summary>
    private static async Task<bool> Proves(Credentials credentials, Account? account, Challenges challenges, IdentityDb db, PersonalData data, DateTimeOffset now, CancellationToken ct)
    {
        if (credentials.Work is { } work) return await challenges.Accept(work, credentials.Account, ct);
        if (credentials.SmsCode is not { } proof || await db.SmsCodes.SingleOrDefaultAsync(c => c.Id == proof.Id && c.Purpose == SmsCodePurpose.SignIn, ct) is not { } code) return false;
        var right = code.Use(proof.Code, data, now) is null && code.AccountId == account?.Id;
        await db.SaveChangesAsync(ct);
        return right;
    }

    private static IResult Ask(WorkOrder order) => Problems.Of(StatusCodes.Status428PreconditionRequired, "challenge-required", "After wrong passwords signing in takes a proof of work, or a code sent to the mobile; the password was not looked at.",
        new Dictionary<string, object?> { ["challenge"] = order.Challenge, ["bits"] = order.Bits, ["expiresAt"] = order.ExpiresAt });

    /// <summary>Only over the hash that was checked: a password that is being replaced stays replaced.</summary>
    private static Task Strengthen(Account account, string hash, IdentityDb db, CancellationToken ct) =>
        db.Accounts.Where(a => a.Id == account.Id && a.PasswordHash == account.PasswordHash).ExecuteUpdateAsync(a => a.SetProperty(x => x.PasswordHash, hash), ct);

    /// <summary>A name goes with a number only.</summary>
    private static bool Fits(Candidate? candidate, string? name, PersonalData data) =>
        candidate is null || name is null || PersonName.Key(candidate.Identity(data).Name) == PersonName.Key(name);
}
