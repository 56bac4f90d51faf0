using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// A candidate who has lost the password sets a new one, by a code sent to their mobile, the answer to their question, a face verification, or the code that an officer had sent. Every session ends and the owner is told. Whatever was wrong, and whether
/// there is such an account at all, the answer is one.
/// </summary>
public static class RecoverAccount
{
    /// <param name="Who">User name or document number.</param>
    /// <param name="SmsCode">One way: a code of purpose recover.</param>
    /// <param name="Answer">Another: with its question.</param>
    /// <param name="ResetCode">The third: the digits of the SMS that an officer had sent.</param>
    /// <param name="Face">The fourth, where it is offered: a face verification that was begun here and passed there.</param>
    public sealed record Recovery(string Who, string NewPassword, SmsProof? SmsCode = null, SecurityQuestion? Question = null, string? Answer = null, string? ResetCode = null, FaceProof? Face = null)
    {
        private const int LongestInput = 200;

        public Faults Check(PasswordRule passwords)
        {
            ArgumentNullException.ThrowIfNull(passwords);
            var faults = new Faults();
            faults.Add(string.IsNullOrWhiteSpace(Who), "who", "required", "Enter the user name or the document number.");
            faults.Add(Who.Length > LongestInput, "who", "too-long", $"At most {LongestInput} characters.");
            faults.Add(new object?[] { SmsCode, Answer, ResetCode, Face }.Count(way => way is not null) != 1, "smsCode", "one-of-four", "Send a code, an answer, a reset code, or a face verification.");
            faults.Add(Answer is not null && Question is null, "question", "required", "Choose the question that was set.");
            faults.Add(Answer is "", "answer", "required", "Enter the answer.");
            faults.Add(Answer?.Length > LongestInput, "answer", "too-long", $"At most {LongestInput} characters.");
            passwords.Check(NewPassword, faults, "newPassword");
            return faults;
        }
    }

    public static void MapRecoverAccount(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/recoveries", Recover)
        .AllowAnonymous().WithName("recover-account").WithTags("identity").WithSummary("Set a new password by a code sent to one's mobile, or by one's security question.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409).ProducesProblem(429).ProducesProblem(503);

    private static async Task<IResult> Recover(Recovery recovery, IdentityDb db, PersonalData data, IFaceProvider provider, FindAccount find, Limits limits, Passwords passwords, LockOut lockOut, ReplacePassword replace,
        IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (recovery.Check(settings.Value.PasswordRule) is { Any: true } faults) return faults.ToProblem();
        var who = TypedWho.Of(recovery.Who);
        var (found, _) = await find.Of(who, null, ct);
        var account = found?.Role is AccountRole.Candidate ? found : null;
        var (face, result) = recovery.Face is null ? (null, FaceResult.Failed) : await Face(recovery.Face, db, provider, clock.GetUtcNow(), ct);
        if (face is not null && result is FaceResult.Unreachable) return BeginFaceCheck.Unreachable();
        if (face is not null && result is FaceResult.Pending) return await Pending(face, db, clock.GetUtcNow(), ct);
        string? hash;
        using (var turn = await passwords.Turn(ct)) // before the attempt is counted
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            var until = await limits.Take("recovery hour", who.Key, 5, TimeSpan.FromHours(1), ct) ?? await limits.Take("recovery day", who.Key, 10, TimeSpan.FromDays(1), ct);
            if (until is { } end) return Limits.TooMany("too-many-recoveries", "Too many attempts at this account.", end, clock, http);
            hash = await Proves(recovery, account, face, result, db, data, passwords, clock.GetUtcNow(), ct) ? passwords.Hash(recovery.NewPassword) : null;
        }
        db.SignIns.Add(new() { AccountId = account?.Id, TypedHash = data.Hash("typed", who.Key), At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = hash is null ? SignInResult.RecoveryFailed : SignInResult.Recovered });
        if (hash is not null)
        {
            await replace.Of(account!, hash, SessionEnd.Recovered, null, ct);
            await lockOut.Forgive(account!.LockKey(data), ct);
        }
        await db.SaveChangesAsync(ct);
        return hash is not null ? TypedResults.NoContent() : new Refusal("recovery-failed", "What was entered does not belong together; compare it and try again, or ask for a new code.").ToProblem();
    }

    /// <summary>The provider is asked only by who began it, and as long as it is good; what it says is about the face, and tells nothing of an account.</summary>
    private static async Task<(FaceCheck? Check, FaceResult Result)> Face(FaceProof proof, IdentityDb db, IFaceProvider provider, DateTimeOffset now, CancellationToken ct) =>
        await db.FaceChecks.SingleOrDefaultAsync(c => c.Id == proof.Id, ct) is { } check && check.IsOf(proof) && !check.IsOver(now) ? (check, await provider.ResultAsync(check.ProviderId, ct)) : (null, FaceResult.Failed);

    /// <summary>Counts as a try, too.</summary>
    private static async Task<IResult> Pending(FaceCheck face, IdentityDb db, DateTimeOffset now, CancellationToken ct)
    {
        face.Use(FaceResult.Pending, Guid.Empty, now);
        await db.SaveChangesAsync(ct);
        return new Refusal("face-verification-pending", "The face verification is not finished: finish it on its page, then set the new password here.").ToProblem();
    }

    /// <summary>Costs a hash in either way, and a try of the code whatever comes of it.</summary>
    private static async Task<bool> Proves(Recovery recovery, Account? account, FaceCheck? face, FaceResult faceResult, IdentityDb db, PersonalData data, Passwords passwords, DateTimeOffset now, CancellationToken ct)
    {
        var id = account?.Id ?? Guid.Empty;
        if (recovery.SmsCode is { } proof)
        {
            var code = await db.SmsCodes.SingleOrDefaultAsync(c => c.Id == proof.Id && c.Purpose == SmsCodePurpose.Recover, ct);
            var used = code?.Use(proof.Code, data, now) is null && code is not null;
            return passwords.Check(null as string, proof.Code) || (used && code!.AccountId == id);
        }
        if (recovery.Face is not null) return passwords.Check(null as string, "face") || face?.Use(faceResult, id, now) is true;
        if (recovery.ResetCode is { } digits)
        {
            var code = await db.SmsCodes.Where(c => c.AccountId == id && c.Purpose == SmsCodePurpose.Reset).OrderByDescending(c => c.IssuedAt).FirstOrDefaultAsync(ct);
            return passwords.Check(null as string, digits) || (code is not null && code.Use(digits, data, now) is null);
        }
        var kept = await db.SecurityAnswers.AsNoTracking().SingleOrDefaultAsync(a => a.AccountId == id, ct);
        return passwords.Check(kept?.AnswerHash, SecurityAnswer.Key(recovery.Answer!)) && kept!.Question == recovery.Question;
    }
}
