using System.Text.Json.Serialization;

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

        [JsonIgnore]
        public TypedWho Typed => Who is not null ? TypedWho.Of(Who) : new(UserName is null ? null : Identities.UserName.Tidy(UserName), DocumentNumber);

        public Faults Check()
        {
            var faults = new Faults();
            faults.Add(UserName is null && DocumentNumber is null && Who is null, "userName", "required", "Enter the user name or the document number.");
            faults.Add(UserName is not null && DocumentNumber is not null, "documentNumber", "one-of-two", "Enter either the user name or the document number.");
            faults.Add(Who is not null && (UserName ?? DocumentNumber) is not null, "who", "one-of-two", "Enter either this or the user name or document number.");
            faults.Add(Who is { } who && string.IsNullOrWhiteSpace(who), "who", "required", "Enter the user name or the document number.");
            faults.Add(DocumentNumber is null && Who is null && (Name is not null || DocumentType is not null), "documentNumber", "required", "A name or document type goes with the document number.");
            faults.Add(Password.Length == 0, "password", "required", "Enter the password.");
            foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)[("userName", UserName), ("documentNumber", DocumentNumber), ("who", Who), ("name", Name), ("password", Password)])
                faults.Add(value?.Length > LongestInput, field, "too-long", $"At most {LongestInput} characters.");
            return faults;
        }
    }

    public static void MapSignIn(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/sessions", Enter)
        .AllowAnonymous().WithName("sign-in").WithTags("identity").WithSummary("Sign in with user name or document number and password.")
        .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(401).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Enter(Credentials credentials, IdentityDb db, PersonalData data, FindAccount find, Passwords passwords, LockOut lockOut, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (credentials.Check() is { Any: true } faults) return faults.ToProblem();
        var (account, candidate) = await find.Of(credentials.Typed, credentials.DocumentType, ct);
        var typed = data.Hash("typed", credentials.Typed.Key);
        var key = account?.LockKey(data) ?? typed;
        SignInResult result;
        DateTimeOffset? until;
        using (var turn = await passwords.Turn(ct)) // before the attempt is counted: being sent away in a rush is no wrong password
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            (var locked, until) = await lockOut.Count(key, clock.GetUtcNow(), ct);
            result = locked ? SignInResult.LockedOut
                : passwords.Check(account, credentials.Password) && Fits(candidate, credentials.Name, data) ? SignInResult.SignedIn
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

    /// <summary>A name goes with a number only.</summary>
    private static bool Fits(Candidate? candidate, string? name, PersonalData data) =>
        candidate is null || name is null || PersonName.Key(candidate.Identity(data).Name) == PersonName.Key(name);
}
