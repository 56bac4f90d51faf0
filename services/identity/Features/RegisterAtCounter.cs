using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// An officer registers a person who came to the counter (现场报名), on a paper consent that was scanned before. The account has no password: nobody signs in until it is recovered.
/// A person who is registered already is found, and the look is kept.
/// </summary>
public static class RegisterAtCounter
{
    /// <param name="Repeat">Name, type and number typed a second time, from the document.</param>
    /// <param name="ConsentDocumentId">The scan: an upload of kind consent by the same officer, out of quarantine.</param>
    /// <param name="Sex">Only for documents whose number does not hold it; likewise birth date and nationality.</param>
    public sealed record CounterEntry(string Name, DocumentType DocumentType, string DocumentNumber, SecondEntry Repeat, string Mobile, Guid ConsentDocumentId,
        Sex? Sex = null, DateOnly? BirthDate = null, string? Nationality = null)
    {
        public TypedPerson Person() => new(Name, DocumentType, DocumentNumber, Repeat, Mobile, Sex, BirthDate, Nationality);
    }

    public sealed record CounterRegistration(Guid CandidateId);

    public static void MapRegisterAtCounter(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/counter-registrations", Register)
        .WithIdempotencyKey<IdentityDb>().RequireAuthorization(TokenNames.Officer)
        .WithName("register-at-counter").WithTags("identity").WithSummary("Register a person at the counter, on a scanned consent; 200 when the person is registered already.")
        .Produces<CounterRegistration>().Produces<CounterRegistration>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);

    private static async Task<IResult> Register(CounterEntry entry, Me me, IdentityDb db, PersonalData data, DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        if (Officer.CheckCounter(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var now = clock.GetUtcNow();
        var faults = new Faults();
        var right = entry.Person().Check(DateOnly.FromDateTime(now.UtcDateTime.AddHours(8)), faults);
        var given = await db.Consents.AsNoTracking().SingleOrDefaultAsync(c => c.DocumentId == entry.ConsentDocumentId, ct);
        if (given is null) await ScannedProof.Check(entry.ConsentDocumentId, me.Id, "consentDocumentId", documents, faults, ct);
        if (right is null || faults.Any) return faults.ToProblem();
        for (var attempt = 0; ; attempt++)
        {
            var result = await Enter(right, entry.ConsentDocumentId, me.Id, db, data, now, ct);
            try
            {
                await db.SaveChangesAsync(ct);
                return result;
            }
            catch (DbUpdateException e) when (attempt == 0 && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // the same person or paper came in the same moment: look again, one of the two is second
                foreach (var added in db.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Added).ToList()) added.State = EntityState.Detached;
            }
        }
    }

    private static async Task<IResult> Enter(CheckedPerson person, Guid consentId, Guid officerId, IdentityDb db, PersonalData data, DateTimeOffset now, CancellationToken ct)
    {
        var candidate = Candidate.Register(Guid.CreateVersion7(), person, Candidate.OnPaper, data, now, officerId);
        var known = await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.DocumentType == candidate.DocumentType && c.DocumentHash == candidate.DocumentHash, ct);
        var given = await db.Consents.AsNoTracking().SingleOrDefaultAsync(c => c.DocumentId == consentId, ct);
        if (given is not null && given.CandidateId != known?.Id) return new Refusal("consent-used", "This scan is another person's consent; scan this person's and use that.").ToProblem();
        if (known is not null && PersonName.Key(known.Identity(data).Name) != PersonName.Key(person.Identity.Name))
            return new Refusal("name-differs", "A person with this document is registered under another name: compare number and name with the document. If both are right, have the name corrected first.").ToProblem();
        var id = known?.Id ?? candidate.Id;
        if (known is null)
        {
            db.AddRange(new Account { Id = id, Role = AccountRole.Candidate, CreatedAt = now }, candidate, IdentityCheck.Want(id, candidate.DocumentType, now));
            db.Publish(id, new CandidateRegistered(id, now));
        }
        else db.PersonLooks.Add(new() { OfficerId = officerId, CandidateId = id, ConsentDocumentId = consentId, At = now });
        if (given is null)
        {
            db.Consents.Add(new() { DocumentId = consentId, CandidateId = id, OfficerId = officerId, At = now });
            db.Publish(id, new ConsentGiven(id, consentId, officerId, now));
        }
        return known is null ? TypedResults.Created((string?)null, new CounterRegistration(id)) : TypedResults.Ok(new CounterRegistration(id));
    }
}
