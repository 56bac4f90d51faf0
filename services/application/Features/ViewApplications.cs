using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>The candidate's own applications, past and present.</summary>
public static class ViewApplications
{
    /// <param name="Trial">A practice (试报名), thrown away after its session.</param>
    public sealed record ApplicationLine(Guid Id, string Programme, string ProgrammeTitle, string Session, string SessionTitle, Standing Standing, Status Status, DateTimeOffset CreatedAt, bool Trial);
    public sealed record ApplicationView(Guid Id, string Programme, int ProgrammeVersion, string Session, Standing Standing, string? Stage, Status Status, IReadOnlyList<ProgressNode> Progress,
        string? Area, string? Site, IReadOnlyList<StepView> Steps, Dictionary<string, Dictionary<string, string>> Answers, Guid? Photo, IReadOnlyDictionary<string, Guid> Documents,
        int Version, ReturnView? Returned, FeeView? Fee, string? AbandonedFor, IReadOnlyList<Preference> Preferences, Place? Place, IReadOnlyList<PaperView> Papers, IReadOnlyList<string> Subjects, bool OpenForEditing, IReadOnlySet<string>? OpenItems, DateTimeOffset? KeptUntil = null, DateTimeOffset? ClearedAt = null);

    /// <summary>One step of the form, with what is wrong in it.</summary>
    public sealed record StepView(string Code, string Title, bool Complete, IReadOnlyList<Fault> Faults);
    public sealed record ReturnView(string Stage, IReadOnlyList<ReasonView> Reasons, string Remark);
    public sealed record ReasonView(string Code, string Text, string Item);
    /// <param name="Mobile">Whether it can be paid on a phone; where not, a computer is needed.</param>
    public sealed record FeeView(Guid Id, long AmountInFen, DateTimeOffset DueAt, IReadOnlyList<FeePart> Parts, IReadOnlyList<string> Channels, bool Mobile);

    /// <summary>A paper to be sent by post.</summary>
    public sealed record PaperView(string Code, string Title, int Copies, DateTimeOffset DueAt, DateTimeOffset? ArrivedAt);
    public sealed record HistoryLine(DateTimeOffset At, LifeEvent Event, Standing From, Standing To, string? FromStage, string? ToStage, int Version, string By, IReadOnlyList<string> Reasons);

    public static void MapViewApplications(this IEndpointRouteBuilder app)
    {
        var applications = app.MapGroup("/api/applications").RequireAuthorization(TokenNames.Candidate).WithTags("application");
        applications.MapGet("", List).WithName("list-applications").WithSummary("All your applications, newest first, each with where it stands and what comes next.");
        applications.MapGet("/{id:guid}", Get).WithName("get-application").WithSummary("One application as it is now; its ETag is needed to change it.");
        applications.MapGet("/{id:guid}/history", History).WithName("get-application-history").WithSummary("Every transition, oldest first.");
    }

    private static async Task<Ok<List<ApplicationLine>>> List(Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var lines = new List<ApplicationLine>();
        foreach (var application in await db.Applications.AsNoTracking().Where(a => a.CandidateId == me.Id).OrderByDescending(a => a.CreatedAt).ThenByDescending(a => a.Id).Take(100).ToListAsync(ct))
        {
            var programme = await programmes.Of(application, ct);
            lines.Add(new(application.Id, programme.Code, programme.Title, application.SessionCode, programme.Session(application.SessionCode)!.Title, application.Standing, Status.Of(application, programme, clock.GetUtcNow()), application.CreatedAt, application.Trial));
        }
        return TypedResults.Ok(lines);
    }

    private static async Task<Results<Ok<ApplicationView>, ProblemHttpResult>> Get(Guid id, Me me, HttpResponse response, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        response.SetETag(application.Edition);
        return TypedResults.Ok(View(application, await programmes.Of(application, ct), await db.GroupsOf(me.Id, ct), clock.GetUtcNow()));
    }

    private static async Task<Results<Ok<List<HistoryLine>>, ProblemHttpResult>> History(Guid id, Me me, ApplicationDb db, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().Include(a => a.History.OrderBy(h => h.Id)).SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        return application is null ? Problems.NotFound() : TypedResults.Ok(application.History.ConvertAll(h => new HistoryLine(h.At, h.Event, h.From, h.To, h.FromStage, h.ToStage, h.VersionSeen,
            h.ActorId is null ? "platform" : h.ActorId == me.Id ? "candidate" : "officer", TellsReasons(h, application) ? h.Reasons : [])));
    }

    /// <summary>What officers write to each other stays with them; a failure that waits to be passed on is told when it is (F5).</summary>
    private static bool TellsReasons(HistoryEntry entry, Application application) =>
        entry.Event is not LifeEvent.StepBack && !(entry.Event is LifeEvent.Hold && application.Standing is Standing.AwaitingRelease && entry == application.History[^1]);

    public static ApplicationView View(Application application, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        var filling = application.Filling(programme, profile, now);
        var answers = application.Answers.Select(a => (Path: a.Key.Split('/'), a.Value)).GroupBy(a => a.Path[0]).ToDictionary(g => g.Key, g => g.ToDictionary(a => a.Path[1], a => a.Value));
        return new(application.Id, programme.Code, programme.Version, application.SessionCode, application.Standing, application.Stage, Status.Of(application, programme, now), ProgressNode.Of(application, programme),
            application.AreaCode, application.SiteCode, Steps(filling), answers, application.PhotoId, application.Documents, application.Submitted,
            application.Returned is { } back && application.Standing is not Standing.AwaitingRelease ? new(back.Stage, [.. Reasons(programme, back.Stage, back.Reasons)], back.Remark) : null,
            application.Standing is Standing.AwaitingPayment ? Fee(application, programme, programme.PolicyOf(programme.Session(application.SessionCode)!, application.HandledIn)!.Payment!) : null, application.Cause,
            application.Preferences, application.Place, [.. Papers(application, filling)], programme.SubjectsFor(application.Answers), application.NotOpenForEditing(programme, now) is null, application.OpenItems(filling), application.Submitted > 0 ? application.KeptUntil(programme) : null, application.ClearedAt);
    }

    /// <summary>The steps of the form in their order; documents only where the area asks for some.</summary>
    internal static List<StepView> Steps(Filling filling)
    {
        var where = filling.Programme.Preferences is null ? "area" : "preferences";
        List<StepView> steps = [Step(where, StatusWords.Of($"step-{where}"), filling.AreaFaults())];
        steps.AddRange(filling.Programme.Form.Select(section => Step(section.Code, section.Title, filling.Faults(section))));
        steps.Add(Step("photo", StatusWords.Of("step-photo"), filling.PhotoFaults()));
        if (filling.DocumentsAsked.Any()) steps.Add(Step("documents", StatusWords.Of("step-documents"), filling.DocumentFaults()));
        return steps;

        static StepView Step(string code, string title, IEnumerable<Fault> faults)
        {
            var found = faults.ToList();
            return new(code, title, found.Count == 0, found);
        }
    }

    private static FeeView Fee(Application application, ExamProgramme programme, PaymentRule payment) =>
        new(application.FeeId!.Value, application.FeeInFen!.Value, application.FeeDueAt!.Value, payment.Fee.Parts(programme, programme.SubjectsFor(application.Sent!.Answers)), payment.ChannelsOf(application.Trial), payment.Mobile);

    private static IEnumerable<PaperView> Papers(Application application, Filling filling) => filling.PapersAsked.Select(p => new PaperView(p.Code, p.Title, p.Copies,
        filling.Programme.Session(application.SessionCode)!.Window(application.AreaCode, p.Window).Until, application.Arrived(p.Code)));

    /// <summary>Reasons in the candidate's wording; a code the programme does not list is shown as it is.</summary>
    private static IEnumerable<ReasonView> Reasons(ExamProgramme programme, string stage, IEnumerable<string> codes) =>
        codes.Select(code => programme.Stage(stage).Reasons.FirstOrDefault(r => r.Code == code) is { } reason ? new ReasonView(code, reason.Candidate, reason.Item) : new(code, code, ""));
}
