using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// A person gets an account, once per document, and is signed in. No Idempotency-Key: it would keep tokens readable in the database, and the unique person is its own guard.
/// </summary>
public static class RegisterCandidate
{
    public sealed record Registered(Guid CandidateId, string AccessToken, string RefreshToken, int ExpiresIn);

    public static void MapRegisterCandidate(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/candidates", Register)
        .AllowAnonymous().WithName("register-candidate").WithTags("identity").WithSummary("Register with a document typed twice; answers signed in.")
        .Produces<Registered>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409).ProducesProblem(503);

    private static async Task<IResult> Register(Registration entry, IdentityDb db, PersonalData data, Passwords passwords, Tokens tokens,
        IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (right, faults) = entry.Check(settings.Value, Notice.Current.Version, DateOnly.FromDateTime(now.UtcDateTime.AddHours(8)));
        if (right is null) return faults.ToProblem();
        if (settings.Value.SmsCodeToRegister && await CheckMobile(entry, right.Mobile, db, data, now, ct) is { Any: true } unproven) return unproven.ToProblem();
        var account = new Account { Id = Guid.CreateVersion7(), Role = AccountRole.Candidate, CreatedAt = now };
        var candidate = Candidate.Register(account.Id, right, entry.NoticeVersion, data, now, identityType: entry.IdentityType);
        if (await db.Candidates.AnyAsync(c => c.DocumentType == candidate.DocumentType && c.DocumentHash == candidate.DocumentHash, ct)) return await AlreadyRegistered(db, ct);
        using (var turn = await passwords.Turn(ct))
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            account.PasswordHash = passwords.Hash(entry.Password);
        }
        db.AddRange(account, candidate, IdentityCheck.Want(account.Id, candidate.DocumentType, now), new SignInRecord { AccountId = account.Id, At = now, Address = SignInRecord.AddressOf(http), Result = SignInResult.Registered });
        db.Publish(account.Id, new CandidateRegistered(account.Id, now));
        var signedIn = await tokens.Start(account, ct);
        if (!await Save(db, ct)) return AlreadyRegistered();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created("/api/identity/me", new Registered(account.Id, signedIn.AccessToken, signedIn.RefreshToken, signedIn.ExpiresIn));
    }

    /// <summary>A wrong code is told at its field, and the try is kept.</summary>
    private static async Task<Faults> CheckMobile(Registration entry, string mobile, IdentityDb db, PersonalData data, DateTimeOffset now, CancellationToken ct)
    {
        var faults = new Faults();
        if (entry.SmsCode is not { } proof) return faults.Add(true, "smsCode", "required", "Ask for a code to this mobile and enter its digits.");
        var hash = Candidate.HashOfMobile(data, mobile);
        var code = await db.SmsCodes.SingleOrDefaultAsync(c => c.Id == proof.Id && c.Purpose == SmsCodePurpose.Register && c.MobileHash == hash, ct);
        if ((code is null ? SmsCode.Wrong : code.Use(proof.Code, data, now)) is not { } refusal) return faults;
        await db.SaveChangesAsync(ct);
        return faults.Add(true, "smsCode", refusal.Code, refusal.Detail);
    }

    /// <summary>The code that was used up on the way stays so: it is not for asking about many people.</summary>
    private static async Task<IResult> AlreadyRegistered(IdentityDb db, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        return AlreadyRegistered();
    }

    /// <returns>False when the same person was registered in the same moment.</returns>
    private static async Task<bool> Save(IdentityDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "candidates" })
        {
            return false;
        }
    }

    private static IResult AlreadyRegistered() => new Refusal("person-already-registered",
        "A person with this document is registered already: sign in with the document number. If you did not register, ask the exam office of your area.").ToProblem();
}
