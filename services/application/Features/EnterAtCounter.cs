using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>An officer enters the application of a person who came to the counter (现场报名); the person's reply to the SMS sends it in.</summary>
public static class EnterAtCounter
{
    /// <param name="Candidate">From POST /api/identity/counter-registrations.</param>
    /// <param name="Answers">By section and field; what is left out, null or empty is taken as not given.</param>
    public sealed record Request(Guid Candidate, string Session, string Area, string Site, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> Answers, Guid? Photo, IReadOnlyDictionary<string, Guid> Documents);

    /// <param name="AskedUntil">Until when the person's reply counts; null once it has come.</param>
    public sealed record Entered(Guid Application, Standing Standing, DateTimeOffset? AskedUntil);

    public static void MapEnterAtCounter(this IEndpointRouteBuilder app)
    {
        var entries = app.MapGroup("/api/programmes/{code}/counter-entries").RequireAuthorization(TokenNames.Officer).WithTags("application");
        entries.MapPost("", Handle).WithIdempotencyKey<ApplicationDb>().Produces<Entered>(StatusCodes.Status201Created)
            .WithName("enter-at-counter").WithSummary("Enters a whole application for a person at the counter. All of it is checked; it is sent in when the person replies to the SMS. Entering again replaces one that waits for its reply.");
        entries.MapGet("/{id:guid}", Get).Produces<Entered>().WithName("get-counter-entry").WithSummary("Whether the person has replied.");
    }

    private static async Task<IResult> Handle(string code, Request request, Me me, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity,
        DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        var (now, programme) = (clock.GetUtcNow(), await programmes.Newest(code, ct));
        if (programme?.Session(request.Session) is not { } session || !me.Covers($"{request.Area}/{request.Site}/")) return Problems.NotFound();
        if (programme.Counter?.IsKeptBy(me.Level) is not true) return new Refusal("no-counter", "This exam is not entered at the counter by officers of your level.").ToProblem();
        if (session.Trial is not null) return new Refusal("trial-session", "Practice is not entered at the counter: the person would have to be asked by SMS, and nothing of a practice leaves the platform.").ToProblem();
        var consent = await identity.FindConsentAsync(new() { CandidateId = $"{request.Candidate}", AreaPath = $"{request.Area}/{request.Site}/" }, cancellationToken: ct);
        if (!consent.Given) return NoConsent.ToProblem();
        var live = await db.LiveId(request.Candidate, code, session.Code, ct) is { } id ? await db.Applications.SingleAsync(a => a.Id == id, ct) : null;
        if (live is not null && !(live.WaitsForReply && me.Covers(live.AreaPath))) return AlreadyApplied.ToProblem();
        var (person, refused) = await identity.PersonFor(programme, request.Candidate, ct);
        refused ??= await db.WhileLeaving(request.Candidate, ct);
        if (refused is not null) return refused.ToProblem();
        var profile = await db.GroupsOf(request.Candidate, ct);
        var application = Application.Start(request.Candidate, person!.DocumentType, programme, session, profile, now, person.IdentityType);
        if (FillIn(application, request, programme, session, profile, now) is { } wrong) return wrong;
        var (faults, refusal) = await SubmitApplication.Examine(application, programme, profile, identity, documents, now, ct);
        if (faults.Count > 0) return Problems.Invalid(faults);
        if (refusal is not null) return refusal.ToProblem();
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await programmes.MayStart(programme, ct) is { } dropped) return dropped.ToProblem();
        if (live?.VoidEntry(AbandonCause.EntryReplaced, me.Id, now) is { } taken) return taken.ToProblem();
        await db.SaveChangesAsync(ct); // before the new one comes: at most one is live
        application.AskForReply(me.Id, programme, now);
        if (!await StartApplication.Add(application, db, ct)) return AlreadyApplied.ToProblem();
        if (transaction is not null) await transaction.CommitAsync(ct);
        return TypedResults.Created($"/api/programmes/{code}/counter-entries/{application.Id}", View(application));
    }

    private static readonly Refusal NoConsent = new("no-consent", "No consent of this person was taken in here: scan it and register the person at the counter first.");

    /// <summary>Without its id: what somebody has started elsewhere is not this officer's to see.</summary>
    private static readonly Refusal AlreadyApplied = new("already-applied", "This person has a live application for this session and goes on with that one.");

    private static async Task<IResult> Get(string code, Guid id, Me me, ApplicationDb db, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.ProgrammeCode == code, ct);
        return application?.Entry is null || !me.Covers(application.AreaPath) ? Problems.NotFound() : TypedResults.Ok(View(application));
    }

    /// <summary>Fills in what was typed, as the person would, and looks whether it may be sent in; all faults of the kind of value at once.</summary>
    private static IResult? FillIn(Application application, Request request, ExamProgramme programme, ExamSession session, ProfileGroups profile, DateTimeOffset now)
    {
        var faults = new Faults().Area(programme, session, request.Area, request.Site).Documents(programme, request.Documents.Keys);
        foreach (var step in request.Answers.Keys) faults.Add(programme.Section(step) is null, $"answers/{step}", "unknown-field", "The form has no such section.");
        var filled = programme.Form.Where(section => request.Answers.ContainsKey(section.Code))
            .Select(section => (Section: section, Given: faults.Given(section, request.Answers[section.Code], Application.Today(now), $"answers/{section.Code}"))).ToList();
        if (faults.Any) return faults.ToProblem();
        var refusal = application.ChooseArea(request.Area, request.Site, programme, profile, now);
        foreach (var (section, given) in filled) refusal ??= application.SaveStep(section, given, programme, profile, now);
        refusal ??= application.Attach(request.Photo, request.Documents, programme, profile, now) ?? application.MaySubmit(programme, now);
        return refusal?.ToProblem();
    }

    private static Entered View(Application application) => new(application.Id, application.Standing, application.Standing is Standing.Draft ? application.Entry!.ExpiresAt : null);
}

/// <summary>The person has replied: what the officer entered is sent in, if it is still all right. When the reply was written counts, not when it came.</summary>
public sealed class CandidateRepliedConsumer(ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity, DocumentAnswers.DocumentAnswersClient documents,
    TimeProvider clock, ILogger<CandidateRepliedConsumer> log) : Consumer<ApplicationDb, CandidateReplied>(db, log)
{
    protected override async Task<Refusal?> Handle(CandidateReplied message, CancellationToken cancellationToken)
    {
        var entered = await Db.Applications.Where(a => a.CandidateId == message.CandidateId && a.Entry != null && a.Submitted == 0).OrderByDescending(a => a.CreatedAt).ToListAsync(cancellationToken);
        if (entered.Find(a => a.MayBeConfirmedBy(message.Word, message.At) is null) is not { } application) return entered.FirstOrDefault()?.MayBeConfirmedBy(message.Word, message.At) ?? TakeDecisions.Unknown;
        if (await Db.Another(application, cancellationToken) is { } another) return another;
        var (programme, profile) = (await programmes.Of(application, cancellationToken), await Db.Profiles.SingleOrDefaultAsync(p => p.CandidateId == application.CandidateId, cancellationToken));
        var groups = profile?.Groups ?? ProfileGroups.Empty;
        var (faults, refusal) = await SubmitApplication.Examine(application, programme, groups, identity, documents, message.At, cancellationToken);
        refusal ??= await Db.WhileLeaving(application.CandidateId, cancellationToken);
        refusal ??= faults.Count > 0 ? new("no-longer-complete", $"{faults.Count} faults, the first at {faults[0].Pointer}.") : application.Submit(programme, groups, message.At);
        if (refusal is not null)
        {
            log.LogInformation("Entry {ApplicationId} is not sent in: {Code}", application.Id, refusal.Code);
            return application.VoidEntry(AbandonCause.EntryRefused, null, clock.GetUtcNow()); // which tells the person, who has done what was asked
        }
        Db.LockEntriesAsRead(profile);
        return null;
    }
}
