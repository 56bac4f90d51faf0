using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// Signing in with user name, document number, or name and document number. An account that does not exist answers, counts, locks and takes as long as one that does.
/// </summary>
public static class SignIn
{
    /// <param name="Who">User name or document number; they are told apart here (<see cref="Identities.UserName"/>).</param>
    /// <param name="DocumentType">Needed only where two documents of different types share a number.</param>
    public sealed record Credentials(string Password, string? UserName = null, string? DocumentNumber = null, DocumentType? DocumentType = null, string? Name = null, string? Who = null)
    {
        private const int LongestInput = 200;

        /// <summary>What was typed, if it is a user name.</summary>
        [JsonIgnore]
        public string? AsUserName => UserName is not null ? Identities.UserName.Tidy(UserName) : Who is not null && Identities.UserName.IsRight(Identities.UserName.Tidy(Who)) ? Identities.UserName.Tidy(Who) : null;

        [JsonIgnore]
        public string? AsNumber => DocumentNumber ?? Who;

        [JsonIgnore]
        public string Typed => AsUserName is { } userName ? $"user name {userName}" : $"document {Identities.DocumentNumber.HalfWidth(AsNumber!)}";

        public Faults Check()
        {
            var faults = new Faults();
            faults.Add(UserName is null && DocumentNumber is null && Who is null, "userName", "required", "Enter the user name or the document number.");
            faults.Add(UserName is not null && DocumentNumber is not null, "documentNumber", "one-of-two", "Enter either the user name or the document number.");
            faults.Add(Who is not null && (UserName ?? DocumentNumber) is not null, "who", "one-of-two", "Enter either this or the user name or document number.");
            faults.Add(Who is { } who && string.IsNullOrWhiteSpace(who), "who", "required", "Enter the user name or the document number.");
            faults.Add(AsNumber is null && (Name is not null || DocumentType is not null), "documentNumber", "required", "A name or document type goes with the document number.");
            faults.Add(Password.Length == 0, "password", "required", "Enter the password.");
            foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("userName", UserName), ("documentNumber", DocumentNumber), ("who", Who), ("name", Name), ("password", Password)])
                faults.Add(value?.Length > LongestInput, field, "too-long", $"At most {LongestInput} characters.");
            return faults;
        }
    }

    public static void MapSignIn(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/sessions", Enter)
        .AllowAnonymous().WithName("sign-in").WithTags("identity").WithSummary("Sign in with user name or document number and password.")
        .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(401).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Enter(Credentials credentials, IdentityDb db, PersonalData data, Passwords passwords, LockOut lockOut, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (credentials.Check() is { Any: true } faults) return faults.ToProblem();
        var (account, rightName) = await Find(credentials, db, data, ct);
        var typed = data.Hash("typed", credentials.Typed);
        var key = account?.LockKey(data) ?? typed;
        SignInResult result;
        DateTimeOffset? until;
        using (var turn = await passwords.Turn(ct)) // before the attempt is counted: being sent away in a rush is no wrong password
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            (var locked, until) = await lockOut.Count(key, clock.GetUtcNow(), ct);
            result = locked ? SignInResult.LockedOut
                : passwords.Check(account, credentials.Password) && rightName ? SignInResult.SignedIn
                : account is null ? SignInResult.UnknownAccount : SignInResult.WrongPassword;
        }
        db.SignIns.Add(new() { AccountId = account?.Id, TypedHash = typed, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = result });
        if (result != SignInResult.SignedIn)
        {
            await db.SaveChangesAsync(ct);
            return until is { } end ? LockOut.Locked(end, clock, http) : Problems.Of(401, "sign-in-failed", "User name or document number, name and password do not belong together.");
        }
        await lockOut.Forgive(key, ct);
        var signedIn = await tokens.Start(account!, ct);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, signedIn);
    }

    private static async Task<(Account? Account, bool RightName)> Find(Credentials credentials, IdentityDb db, PersonalData data, CancellationToken ct)
    {
        if (credentials.AsUserName is { } userName && await db.Accounts.SingleOrDefaultAsync(a => a.UserName == userName, ct) is { } named) return (named, true);
        if (credentials.AsNumber is not { } number) return (null, false);
        var hashes = DocumentNumber.Readings(number)
            .Where(reading => credentials.DocumentType is null || reading.Type == credentials.DocumentType)
            .Select(reading => Candidate.HashOf(data, reading.Type, reading.Key)).ToList();
        var found = await db.Candidates.AsNoTracking().Where(c => hashes.Contains(c.DocumentHash)).Take(2).ToListAsync(ct);
        if (found is not [var candidate]) return (null, false);
        var rightName = credentials.Name is null || PersonName.Key(candidate.Identity(data).Name) == PersonName.Key(credentials.Name);
        return (await db.Accounts.SingleAsync(a => a.Id == candidate.Id, ct), rightName);
    }
}
