using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// An officer of the candidate's city or province resets a password for somebody who proved who they are: the old one is good for nothing, all sessions end, a code for a new one goes to the
/// mobile, and the owner is told. Who has nothing to do with the officer's area is not found.
/// </summary>
public static class ResetPassword
{
    /// <param name="Reason">10 to 500 characters.</param>
    /// <param name="EvidenceDocumentId">The scan that proves the person: an upload of kind consent by the same officer, out of quarantine.</param>
    /// <param name="NewMobile">Where the person no longer has the mobile they registered with: it takes its place, and the code goes there.</param>
    public sealed record Asked(string Name, DocumentType DocumentType, string DocumentNumber, string Reason, Guid EvidenceDocumentId, string? NewMobile = null)
    {
        public Faults Check()
        {
            var faults = new Faults();
            faults.Add(PersonName.Key(Name).Length == 0, "name", "required", "Enter the name as on the document.");
            faults.Add(Name.Length > 200, "name", "too-long", "At most 200 characters.");
            faults.Add(DocumentNumber.Trim().Length == 0, "documentNumber", "required", "Enter the number of the document.");
            faults.Add(DocumentNumber.Length > 200, "documentNumber", "too-long", "At most 200 characters.");
            faults.Add(Reason.Trim().Length < 10, "reason", "reason-too-short", "Say in 10 characters or more why, and what proved who the person is.");
            faults.Add(Reason.Length > 500, "reason", "too-long", "At most 500 characters.");
            faults.Add(Reason.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), "reason", "control-character", "The reason holds a character that no keyboard types.");
            faults.Add(NewMobile is { } mobile && !Mobile.IsRight(Mobile.Tidy(mobile)), "newMobile", "mobile-format", "A mobile number has 11 digits and begins with 1: 13812345678.");
            return faults;
        }
    }

    /// <param name="Mobile">Where the code went, masked.</param>
    public sealed record Reset(Guid ResetId, string Mobile, DateTimeOffset ExpiresAt);

    public static void MapResetPassword(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/password-resets", Do)
        .WithIdempotencyKey<IdentityDb>().RequireAuthorization(TokenNames.Officer).WithName("reset-password").WithTags("identity").WithSummary("Reset a candidate's password on proof of identity; a code goes to their mobile.")
        .Produces<Reset>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> Do(Asked asked, Me me, IdentityDb db, PersonalData data, OwnerKeys keys, DocumentAnswers.DocumentAnswersClient documents, ReplacePassword replace, LockOut lockOut, TimeProvider clock, CancellationToken ct)
    {
        if (Officer.CheckCounter(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var (now, faults) = (clock.GetUtcNow(), asked.Check());
        await ScannedProof.Check(asked.EvidenceDocumentId, me.Id, "evidenceDocumentId", documents, faults, ct);
        if (faults.Any) return faults.ToProblem();
        if (await Find(asked.Name, asked.DocumentType, asked.DocumentNumber, me, db, data, ct) is not { } candidate) return Problems.NotFound();
        if (await ScannedProof.IsUsed(asked.EvidenceDocumentId, db, ct)) return ScannedProof.Used();
        var account = await db.Accounts.SingleAsync(a => a.Id == candidate.Id, ct);
        if (asked.NewMobile is { } mobile)
        {
            db.FormerMobiles.Add(candidate.ReplaceMobile(Mobile.Tidy(mobile), data, now));
            db.Publish(account.Id, new SignInMeansChanged(account.Id, now));
        }
        var code = SmsCode.Issue(SmsCodePurpose.Reset, account.Id, candidate.Mobile(data), data, now);
        var reset = PasswordReset.Record(account.Id, me.Id, asked.Reason.Trim(), asked.EvidenceDocumentId, code.Id, await keys.Of(account.Id, ct), now);
        await replace.Of(account, "", SessionEnd.Recovered, null, ct);
        await lockOut.Forgive(account.LockKey(data), ct);
        db.AddRange(code, reset);
        db.Publish(code.Id, new SmsCodeIssued(code.Id, now));
        db.Publish(reset.Id, new ConsentGiven(account.Id, asked.EvidenceDocumentId, me.Id, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "password_resets" })
        {
            return ScannedProof.Used();
        }
        return TypedResults.Created((string?)null, new Reset(reset.Id, Mobile.Masked(candidate.Mobile(data)), code.ExpiresAt));
    }

    /// <summary>By document and name, within the officer's area: where the person has applied, or gave a consent.</summary>
    internal static async Task<Candidate?> Find(string name, DocumentType type, string number, Me me, IdentityDb db, PersonalData data, CancellationToken ct)
    {
        var hashes = DocumentNumber.Readings(number).Where(reading => reading.Type == type).Select(reading => Candidate.HashOf(data, reading.Type, reading.Key)).ToList();
        var within = db.Officers.Where(o => o.AreaPath.StartsWith(me.AreaPath)).Select(o => o.Id);
        var candidate = await db.Candidates.SingleOrDefaultAsync(c => c.DocumentType == type && hashes.Contains(c.DocumentHash)
            && (db.KnownPlaces.Any(p => p.CandidateId == c.Id && p.AreaPath.StartsWith(me.AreaPath)) || db.Consents.Any(g => g.CandidateId == c.Id && within.Contains(g.OfficerId))), ct);
        return candidate is not null && PersonName.Key(candidate.Identity(data).Name) == PersonName.Key(name) ? candidate : null;
    }
}

/// <summary>A scan that an officer brought.</summary>
public static class ScannedProof
{
    /// <summary>Until it is handed over, it lies with the officer.</summary>
    public static async Task Check(Guid scan, Guid officer, string field, DocumentAnswers.DocumentAnswersClient documents, Faults faults, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(faults);
        var reply = await documents.GetDocumentsAsync(new() { CandidateId = officer.ToString(), DocumentIds = { scan.ToString() } }, cancellationToken: ct);
        var state = reply.Documents.FirstOrDefault(document => document.Kind == "consent")?.State;
        faults.Add(state is null, field, "unknown-consent", "Upload the scan first (?kind=consent) and send its id.");
        faults.Add(state == "quarantined", field, "consent-quarantined", "The scan is still being checked; repeat in a few seconds.");
        faults.Add(state == "rejected", field, "consent-rejected", "The scan was rejected; scan the paper again.");
    }

    /// <summary>A scan speaks once, for one thing.</summary>
    public static async Task<bool> IsUsed(Guid scan, IdentityDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.PasswordResets.AnyAsync(r => r.EvidenceDocumentId == scan, ct) || await db.IdentityCorrections.AnyAsync(c => c.EvidenceDocumentId == scan, ct) || await db.Consents.AnyAsync(c => c.DocumentId == scan, ct);
    }

    public static IResult Used() => new Refusal("evidence-used", "This scan was used before; scan what proves this person anew.").ToProblem();
}

/// <summary>Remembers where a candidate has applied.</summary>
public sealed class KeepPlace(IdentityDb db, ILogger<KeepPlace> log) : Consumer<IdentityDb, ApplicationSubmitted>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationSubmitted message, CancellationToken cancellationToken)
    {
        if (!message.Trial)
            await Db.Database.ExecuteSqlAsync($"insert into known_places (candidate_id, area_path) values ({message.CandidateId}, {message.AreaPath}) on conflict do nothing", cancellationToken);
        return null;
    }
}
