using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// What the candidate cannot change, an officer of their city or province corrects on a scanned proof: a name in pinyin, a digit, a new passport. The owner is told and sees what was changed, by whom and why.
/// </summary>
public static class CorrectIdentity
{
    /// <param name="Name">As registered now; likewise type and number: they find the person.</param>
    /// <param name="Right">What it is to be, whole.</param>
    /// <param name="Reason">10 to 500 characters.</param>
    /// <param name="EvidenceDocumentId">The scan that proves it: an upload of kind consent by the same officer, out of quarantine.</param>
    public sealed record Asked(string Name, DocumentType DocumentType, string DocumentNumber, RightFacts Right, string Reason, Guid EvidenceDocumentId);

    /// <param name="Sex">Only for documents whose number does not hold it; likewise birth date and nationality.</param>
    public sealed record RightFacts(string Name, DocumentType DocumentType, string DocumentNumber, Sex? Sex = null, DateOnly? BirthDate = null, string? Nationality = null);

    public sealed record Corrected(Guid CorrectionId);

    /// <param name="Field">name, documentType, documentNumber, sex, birthDate or nationality.</param>
    public sealed record Change(string Field, string Before, string After);

    public sealed record CorrectionSeen(DateTimeOffset At, Guid OfficerId, string Level, string AreaPath, string Reason, IReadOnlyList<Change> Changes);

    public static void MapCorrectIdentity(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/identity/corrections", Correct).WithIdempotencyKey<IdentityDb>().RequireAuthorization(TokenNames.Officer)
            .WithName("correct-identity").WithTags("identity").WithSummary("Correct what a candidate's document says, on a scanned proof.")
            .Produces<Corrected>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/identity/me/corrections", List).RequireAuthorization(TokenNames.Candidate)
            .WithName("list-own-corrections").WithTags("identity").WithSummary("What officers corrected of one's identity, newest first.");
    }

    private static async Task<IResult> Correct(Asked asked, Me me, IdentityDb db, PersonalData data, OwnerKeys keys, DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        if (Officer.CheckCounter(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var (now, faults) = (clock.GetUtcNow(), new ResetPassword.Asked(asked.Name, asked.DocumentType, asked.DocumentNumber, asked.Reason, asked.EvidenceDocumentId).Check());
        await ScannedProof.Check(asked.EvidenceDocumentId, me.Id, "evidenceDocumentId", documents, faults, ct);
        var candidate = faults.Any ? null : await ResetPassword.Find(asked.Name, asked.DocumentType, asked.DocumentNumber, me, db, data, ct);
        if (!faults.Any && candidate is null) return Problems.NotFound();
        var right = Check(asked.Right, candidate?.Mobile(data) ?? "13800000000", DateOnly.FromDateTime(now.UtcDateTime.AddHours(8)), faults);
        if (right is null || candidate is null) return faults.ToProblem();
        var before = candidate.Identity(data);
        if (before == right.Identity) return new Refusal("nothing-to-correct", "This is what is registered already.").ToProblem();
        if (await ScannedProof.IsUsed(asked.EvidenceDocumentId, db, ct)) return ScannedProof.Used();
        db.Attach(candidate);
        candidate.Correct(right, data);
        var correction = IdentityCorrection.Record(candidate.Id, me, new(before, right.Identity, asked.Reason.Trim()), asked.EvidenceDocumentId, await keys.Of(candidate.Id, ct), now);
        db.AddRange(correction, IdentityCheck.Want(candidate.Id, candidate.DocumentType, now));
        db.Publish(candidate.Id, new IdentityCorrected(candidate.Id, now));
        db.Publish(correction.Id, new ConsentGiven(candidate.Id, asked.EvidenceDocumentId, me.Id, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken)
        {
            return taken.TableName == "candidates" ? new Refusal("person-already-registered", "Another account is registered with this document.").ToProblem() : ScannedProof.Used();
        }
        return TypedResults.Created((string?)null, new Corrected(correction.Id));
    }

    /// <summary>The same rules as for registering; faults are told under <c>right/</c>.</summary>
    private static CheckedPerson? Check(RightFacts right, string mobile, DateOnly today, Faults faults)
    {
        var own = new Faults();
        var person = new TypedPerson(right.Name, right.DocumentType, right.DocumentNumber, new(right.Name, right.DocumentType, right.DocumentNumber), mobile, right.Sex, right.BirthDate, right.Nationality).Check(today, own);
        faults.AddRange(own.All.Select(fault => fault with { Pointer = $"#/right/{fault.Pointer[2..]}" }));
        return person;
    }

    private static async Task<Ok<List<CorrectionSeen>>> List(Me me, IdentityDb db, PersonalData data, OwnerKeys keys, CancellationToken ct)
    {
        var rows = await db.IdentityCorrections.AsNoTracking().Where(c => c.CandidateId == me.Id).OrderByDescending(c => c.Id).Take(100).ToListAsync(ct);
        var key = (await keys.Find([me.Id], ct)).GetValueOrDefault(me.Id);
        return TypedResults.Ok(rows.ConvertAll(row =>
        {
            var (before, after, reason) = row.Read(data, key);
            return new CorrectionSeen(row.At, row.OfficerId, row.Level, row.AreaPath, reason, [.. Changes(before, after)]);
        }));
    }

    private static IEnumerable<Change> Changes(IdentityFacts before, IdentityFacts after) => new[]
    {
        new Change("name", before.Name, after.Name),
        new Change("documentType", Word(before.DocumentType), Word(after.DocumentType)),
        new Change("documentNumber", DocumentNumber.Masked(before.DocumentNumber), DocumentNumber.Masked(after.DocumentNumber)),
        new Change("sex", Word(before.Sex), Word(after.Sex)),
        new Change("birthDate", $"{before.BirthDate:O}", $"{after.BirthDate:O}"),
        new Change("nationality", before.Nationality, after.Nationality),
    }.Where(change => change.Before != change.After || (change.Field == "documentNumber" && before.DocumentNumber != after.DocumentNumber));

    private static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
