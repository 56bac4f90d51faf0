using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>An officer enters the application of a person who came to the counter (现场报名); the person's reply to the SMS sends it in.</summary>
public static class EnterAtCounter
{
    /// <param name="Candidate">From POST /api/identity/counter-registrations.</param>
    /// <param name="Answers">By section and field.</param>
    public sealed record Request(Guid Candidate, string Session, string Area, string Site, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Answers, Guid? Photo, IReadOnlyDictionary<string, Guid> Documents);

    /// <param name="AskedUntil">Until when the person's reply counts; null once it has come.</param>
    public sealed record Entered(Guid Application, Standing Standing, DateTimeOffset? AskedUntil);

    public static void MapEnterAtCounter(this IEndpointRouteBuilder app)
    {
        var entries = app.MapGroup("/api/programmes/{code}/counter-entries").RequireAuthorization(TokenNames.Officer).WithTags("application");
        entries.MapPost("", Handle).WithIdempotencyKey<ApplicationDb>().Produces<Entered>(StatusCodes.Status201Created)
            .WithName("enter-at-counter").WithSummary("Enters a whole application for a person at the counter. All of it is checked; it is sent in when the person replies to the SMS.");
        entries.MapGet("/{id:guid}", Get).Produces<Entered>().WithName("get-counter-entry").WithSummary("Whether the person has replied.");
    }

    private static async Task<IResult> Handle(string code, Request request, Me me, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity,
        DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        var (now, programme) = (clock.GetUtcNow(), await programmes.Newest(code, ct));
        if (programme?.Session(request.Session) is not { } session || !me.Covers($"{request.Area}/{request.Site}/")) return Problems.NotFound();
        if (programme.Counter is not { } rule || !me.Level.Equals(rule.By.ToString(), StringComparison.OrdinalIgnoreCase)) return new Refusal("no-counter", "This exam is not entered at the counter by officers of your level.").ToProblem();
        if (session.Trial is not null) return new Refusal("trial-session", "Practice is not entered at the counter: the person would have to be asked by SMS, and nothing of a practice leaves the platform.").ToProblem();
        if (await db.LiveId(request.Candidate, code, session.Code, ct) is { } live) return StartApplication.AlreadyApplied(live);
        var (person, refused) = await identity.PersonFor(programme, request.Candidate, ct);
        if (refused is not null) return refused.ToProblem();
        var profile = await db.GroupsOf(request.Candidate, ct);
        var application = Application.Start(request.Candidate, person!.DocumentType, programme, session, profile, now);
        if (FillIn(application, request, programme, profile, now) is { Any: true } wrong) return wrong.ToProblem();
        if (application.MaySubmit(programme, now) is { } early) return early.ToProblem();
        var (faults, refusal) = await SubmitApplication.Examine(application, programme, profile, identity, documents, now, ct);
        if (faults.Count > 0) return Problems.Invalid(faults);
        if (refusal is not null) return refusal.ToProblem();
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await programmes.MayStart(programme, ct) is { } dropped) return dropped.ToProblem();
        application.AskForReply(me.Id, rule, now);
        db.Applications.Add(application);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return TypedResults.Created($"/api/programmes/{code}/counter-entries/{application.Id}", View(application));
    }

    private static async Task<IResult> Get(string code, Guid id, Me me, ApplicationDb db, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.ProgrammeCode == code, ct);
        return application?.Entry is null || !me.Covers(application.AreaPath) ? Problems.NotFound() : TypedResults.Ok(View(application));
    }

    private static Faults FillIn(Application application, Request request, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        var takesPart = programme.PolicyOf(programme.Session(request.Session)!, request.Area) is not null && AreaTree.IsSiteOf(request.Site, request.Area);
        var faults = new Faults().Add(!takesPart, "area", "unknown-area", "Choose one of the session's areas and a site of it.");
        foreach (var step in request.Answers.Keys) faults.Add(programme.Section(step) is null, $"answers/{step}", "unknown-field", "The form has no such section.");
        foreach (var document in request.Documents.Keys) faults.Add(programme.Documents.All(d => d.Code != document), $"documents/{document}", "unknown-document", "This exam asks for no such document.");
        foreach (var (section, answers) in request.Answers.Select(a => (programme.Section(a.Key), a.Value)))
            if (section is not null) faults.Answers(section, answers, Application.Today(now), $"answers/{section.Code}");
        if (faults.Any) return faults;
        application.ChooseArea(request.Area, request.Site, programme, profile, now);
        foreach (var (step, answers) in request.Answers) application.SaveStep(programme.Section(step)!, answers, programme, profile, now);
        application.Attach(request.Photo, request.Documents, programme, profile, now);
        return faults;
    }

    private static Entered View(Application application) => new(application.Id, application.Standing, application.Standing is Standing.Draft ? application.Entry!.ExpiresAt : null);
}

/// <summary>The person has replied: what the officer entered is sent in, if it is still all right.</summary>
public sealed class CandidateRepliedConsumer(ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity, DocumentAnswers.DocumentAnswersClient documents,
    TimeProvider clock, ILogger<CandidateRepliedConsumer> log) : Consumer<ApplicationDb, CandidateReplied>(db, log)
{
    protected override async Task<Refusal?> Handle(CandidateReplied message, CancellationToken cancellationToken)
    {
        var (now, waiting) = (clock.GetUtcNow(), await Db.Applications.Where(a => a.CandidateId == message.CandidateId && a.Standing == Standing.Draft && a.Entry != null).ToListAsync(cancellationToken));
        if (waiting.FirstOrDefault(a => a.MayBeConfirmedBy(message.Word, message.At) is null) is not { } application) return waiting.FirstOrDefault()?.MayBeConfirmedBy(message.Word, message.At) ?? TakeDecisions.Unknown;
        var (programme, profile) = (await programmes.Of(application, cancellationToken), await Db.Profiles.SingleOrDefaultAsync(p => p.CandidateId == application.CandidateId, cancellationToken));
        var groups = profile?.Groups ?? ProfileGroups.Empty;
        var (faults, refusal) = await SubmitApplication.Examine(application, programme, groups, identity, documents, now, cancellationToken);
        Db.LockEntriesAsRead(profile);
        return refusal ?? (faults.Count > 0 ? new("no-longer-complete", $"{faults.Count} faults, the first at {faults[0].Pointer}.") : application.Submit(programme, groups, now));
    }
}
