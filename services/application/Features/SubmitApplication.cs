using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class SubmitApplication
{
    public sealed record Reply(int Version, string VerificationCode, DateTimeOffset SubmittedAt);

    public static void MapSubmitApplication(this IEndpointRouteBuilder app) => app.MapPost("/api/applications/{id:guid}/submissions", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithIdempotencyKey<ApplicationDb>().WithTags("application").Produces<Reply>(StatusCodes.Status201Created)
        .WithName("submit-application").WithSummary("Sends in the next version. Everything is checked; every fault is told at its step and field.");

    private static async Task<IResult> Handle(Guid id, Me me, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity,
        DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // the last hour of a window is the rush: few round trips, and one transaction that is kept or not as a whole
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        // held from here on: a reminder that falls due in the same moment passes it over, instead of making this a conflict
        var held = db.Applications.FromSql($"select *, xmin from applications where id = {id} and candidate_id = {me.Id} for update");
        var found = await held.LeftJoin(db.Profiles, a => a.CandidateId, p => p.CandidateId, (a, p) => new { Application = a, Profile = p, Leaving = db.LeavingCandidates.Any(l => l.CandidateId == a.CandidateId && l.Leaving) }).SingleOrDefaultAsync(ct);
        if (found is null) return Problems.NotFound();
        var (application, profile) = (found.Application, found.Profile?.Groups ?? ProfileGroups.Empty);
        var programme = await programmes.Of(application, ct);
        if ((application.MaySubmit(programme, now) ?? (found.Leaving ? LeavingCandidates.Refused : null)) is { } early) return early.ToProblem();
        var (faults, refusal) = await Examine(application, programme, profile, identity, documents, now, ct);
        if (faults.Count > 0) return Problems.Invalid(faults);
        if (refusal is not null) return refusal.ToProblem();
        var place = await FirstFree(application, programme, now, db, ct);
        if (programme.Preferences is not null && place is null) return PlanFull.ToProblem();
        if (application.Submit(programme, profile, now, place) is { } late) return late.ToProblem();
        if (!application.Trial) db.LockEntriesAsRead(found.Profile);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        var sent = application.Submissions[^1];
        return TypedResults.Created($"/api/applications/{id}/submissions/{sent.Number}", new Reply(sent.Number, sent.VerificationCode, sent.SubmittedAt));
    }

    /// <summary>All that must be right before a version may be sent in: what is filled in, the uploads, the person.</summary>
    internal static async Task<(IReadOnlyList<Fault> Faults, Refusal? Refusal)> Examine(Application application, ExamProgramme programme, ProfileGroups profile,
        IdentityAnswers.IdentityAnswersClient identity, DocumentAnswers.DocumentAnswersClient documents, DateTimeOffset now, CancellationToken ct)
    {
        var filling = application.Filling(programme, profile, now);
        var uploads = await Uploads(filling, application.CandidateId, documents, ct);
        var (person, refused) = await identity.PersonFor(programme, application.CandidateId, ct);
        return ([.. filling.AllFaults(), .. uploads.Faults, .. person?.CertificateFaults(application, programme) ?? [], .. person?.TypeFaults(application, programme) ?? []], refused ?? person?.IdentityRefusal(programme, application.Trial, sending: true) ?? uploads.Refusal);
    }

    private static readonly Refusal PlanFull = new("plan-full", "No place is left at any of the bases and specialities you named; choose others. GET /api/programmes/{code}/plans shows what is free.");

    /// <summary>The first wanted place that is free, taken at once; one that is held already is kept unless a more wanted one is free. Null when there is none.</summary>
    private static async Task<Place?> FirstFree(Application application, ExamProgramme programme, DateTimeOffset now, ApplicationDb db, CancellationToken ct)
    {
        if ((application.Place?.Batch ?? programme.Session(application.SessionCode)!.OpenBatch(now)?.Code) is not { } batch) return null;
        var held = application.Place;
        var wanted = application.Preferences.TakeWhile(p => !IsHeld(p)).ToList();
        var taken = wanted.Count == 0 ? null : await db.TakePlace(application.ProgrammeCode, application.SessionCode, batch, wanted, held, ct);
        return taken is not null ? new(batch, taken.Base, taken.Speciality) : application.Preferences.Any(IsHeld) ? held : null;

        bool IsHeld(Preference preference) => held is not null && preference == new Preference(held.Base, held.Speciality);
    }

    /// <summary>Asks the document service about every attached upload: one that is unfit is a fault at its place, one still being examined only has to be waited for.</summary>
    private static async Task<(IReadOnlyList<Fault> Faults, Refusal? Refusal)> Uploads(Filling filling, Guid candidateId, DocumentAnswers.DocumentAnswersClient documents, CancellationToken ct)
    {
        var attached = filling.Programme.Documents.Where(d => filling.Documents.ContainsKey(d.Code)).Select(d => (Place: $"documents/{d.Code}", Id: filling.Documents[d.Code], Kind: "document", d.ContentTypes, d.MinBytes, d.MaxBytes)).ToList();
        var rule = filling.Programme.Photo;
        if (filling.PhotoId is { } photo) attached.Add(("photo", photo, "photo", rule.ContentTypes, rule.MinBytes, rule.MaxBytes));
        if (attached.Count == 0) return ([], null);
        var request = new GetDocumentsRequest { CandidateId = candidateId.ToString() };
        request.DocumentIds.AddRange(attached.Select(a => a.Id.ToString()).Distinct());
        var states = (await documents.GetDocumentsAsync(request, cancellationToken: ct)).Documents.ToDictionary(d => Guid.Parse(d.DocumentId));
        var faults = new Faults();
        foreach (var (place, id, kind, types, minBytes, maxBytes) in attached)
        {
            if (!states.TryGetValue(id, out var state)) faults.Add(true, place, "unknown-upload", "There is no such upload of yours; upload it again.");
            else faults.Add(state.State == "rejected", place, "upload-rejected", "This upload was refused; upload another file.").Add(state.Kind != kind, place, "wrong-kind", $"Upload it as a {kind}.")
                .Add(state.State == "ready" && !types.Contains(state.ContentType), place, "wrong-content-type", $"Upload one of: {string.Join(", ", types)}.")
                .Add(state.State == "ready" && state.Bytes < minBytes, place, "too-small", $"At least {minBytes} bytes: scan or photograph it in a higher quality.")
                .Add(state.Bytes > maxBytes, place, "too-large", $"At most {maxBytes} bytes.");
        }
        return (faults.All, states.Values.Any(s => s.State == "quarantined") ? new("documents-not-ready", "Some uploads are still being examined; submit again in a moment.") : null);
    }
}
