using ExamPlatform.Identities.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Applications.Features;

public static class StartApplication
{
    public sealed record Request(string Programme, string Session);

    public static void MapStartApplication(this IEndpointRouteBuilder app) => app.MapPost("/api/applications", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithIdempotencyKey<ApplicationDb>().WithTags("application")
        .WithName("start-application").WithSummary("Starts an application, filled from the profile. One live application per session; what the profile lacks is named.");

    private static async Task<Results<Created<ViewApplications.ApplicationView>, ProblemHttpResult>> Handle(
        Request request, Me me, HttpResponse response, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity, TimeProvider clock, CancellationToken ct)
    {
        var (now, programme) = (clock.GetUtcNow(), await programmes.Newest(request.Programme, ct));
        var session = programme?.Session(request.Session);
        if (programme is null || session is null)
            return new Faults().Add(programme is null, "programme", "unknown-programme", "No exam has this code; see GET /api/programmes.")
                .Add(programme is not null, "session", "unknown-session", "This exam has no such session.").ToProblem();
        if (await db.WhileLeaving(me.Id, ct) is { } leaving) return leaving.ToProblem();
        if (await db.LiveId(me.Id, programme.Code, session.Code, ct) is { } live) return AlreadyApplied(live);
        if (!session.TakesApplications(now))
            return new Refusal("outside-window", "Registration is not open now; see the session's windows.").ToProblem();
        var profile = await db.GroupsOf(me.Id, ct);
        if (profile.Missing(programme).ToList() is { Count: > 0 } missing)
            return Problems.Of(409, "profile-incomplete", "Fill in what the profile lacks first.", new Dictionary<string, object?> { ["errors"] = missing });
        var (person, refusal) = await identity.PersonFor(programme, me.Id, ct);
        if ((refusal ?? person!.TypeRefusal(programme) ?? person!.IdentityRefusal(programme, session.Trial is not null, sending: false)) is { } refused) return refused.ToProblem();
        if (session.Trial is null && await identity.WeChatFor(programme, me.Id, ct) is { } unbound) return unbound.ToProblem();
        var application = Application.Start(me.Id, person!.DocumentType, programme, session, profile, now, person.IdentityType);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await programmes.MayStart(programme, ct) is { } dropped) return dropped.ToProblem();
        if (!await Add(application, db, ct)) return AlreadyApplied((await db.LiveId(me.Id, programme.Code, session.Code, ct)).GetValueOrDefault());
        if (transaction is not null) await transaction.CommitAsync(ct);
        response.SetETag(application.Edition);
        return TypedResults.Created($"/api/applications/{application.Id}", ViewApplications.View(application, programme, profile, now));
    }

    /// <returns>False when a parallel request was first: the unique index decides the race.</returns>
    internal static async Task<bool> Add(Application application, ApplicationDb db, CancellationToken ct)
    {
        try
        {
            db.Applications.Add(application);
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ApplicationDb.OneLive })
        {
            db.Entry(application).State = EntityState.Detached;
            return false;
        }
    }

    /// <summary>The person's live application for a session; null when there is none.</summary>
    internal static Task<Guid?> LiveId(this ApplicationDb db, Guid candidateId, string programme, string session, CancellationToken ct) =>
        db.Applications.Live().Where(a => a.CandidateId == candidateId && a.ProgrammeCode == programme && a.SessionCode == session)
            .Select(a => (Guid?)a.Id).SingleOrDefaultAsync(ct);

    /// <summary>An abandoned one may come back to life, but never beside another that has been started since.</summary>
    internal static async Task<Refusal?> Another(this ApplicationDb db, Application application, CancellationToken ct) =>
        !application.Standing.IsLive() && await db.LiveId(application.CandidateId, application.ProgrammeCode, application.SessionCode, ct) is not null
            ? new("another-application", "Another application of the same person is live in this session.") : null;

    internal static ProblemHttpResult AlreadyApplied(Guid id) =>
        Problems.Of(409, "already-applied", "You have a live application for this session; go on with that one.", new Dictionary<string, object?> { ["applicationId"] = id });
}
