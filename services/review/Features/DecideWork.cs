using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer passes, fails or sends back the submission that was looked at; what follows is the programme's rule, in application.</summary>
public static class DecideWork
{
    /// <param name="Version">The submission the officer saw.</param>
    /// <param name="Reasons">Codes of the stage's reasons: at least one for fail, none otherwise.</param>
    /// <param name="Remark">Free text, at most 500 characters: for the candidate, who needs it with the reason <c>other</c>; for the colleagues, who need it with sendBack.</param>
    public sealed record DecideRequest(int Version, Outcome Outcome, IReadOnlyList<string>? Reasons = null, string? Remark = null);

    public sealed record Decided(Guid DecisionId, Outcome Outcome, DateTimeOffset At);

    public static void MapDecideWork(this IEndpointRouteBuilder app) => app.MapPost("/work/{id:guid}/decision", Decide).WithName("decide-work")
        .WithSummary("Pass, fail or send back claimed work, on the version that was seen.").WithIdempotencyKey<ReviewDb>();

    private static async Task<Results<Created<Decided>, ProblemHttpResult>> Decide(Guid id, DecideRequest request, Me me, ReviewDb db,
        ApplicationAnswers.ApplicationAnswersClient applications, OwnerKeys keys, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var work = await db.Work.Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == id, ct);
        if (work is null) return Problems.NotFound();
        var (refusal, submission) = await work.Judge(request.Outcome, request.Version, me, db, applications, clock, ct);
        if (refusal == Work.RegisterUnreachable) response.Headers.RetryAfter = "60";
        if (refusal is not null) return refusal.ToProblem();
        if (FaultsOf(request, [.. submission!.Reasons.Select(r => r.Code)]) is { Any: true } faults) return faults.ToProblem();
        var decision = await db.Tell(work, request, me, keys, clock, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created((string?)null, new Decided(decision.Id, decision.Outcome, decision.At));
    }

    /// <summary>Every rule of a decision, wherever it is made. Application is asked each time: news of a newer submission may still be on its way here.</summary>
    internal static async Task<(Refusal? Refusal, Submission? Submission)> Judge(this Work work, Outcome outcome, int version, Me me, ReviewDb db,
        ApplicationAnswers.ApplicationAnswersClient applications, TimeProvider clock, CancellationToken ct)
    {
        if (work.Decide(outcome, version, me.Id, await db.PastOf(work, me, ct), clock.GetUtcNow()) is { } refusal) return (refusal, null);
        if (await applications.SubmissionOf(work, ct) is not { Current: true } submission) return (Work.Replaced, null);
        return (work.CheckRegisters(outcome, [.. submission.RegisterAnswers.Select(a => a.State)]), submission);
    }

    private static async Task<Past> PastOf(this ReviewDb db, Work work, Me me, CancellationToken ct)
    {
        var first = await db.Work.Where(w => w.ApplicationId == work.ApplicationId).OrderBy(w => w.Round).Select(w => w.Stage).FirstAsync(ct);
        var failedByMe = work.Kind == WorkKind.Appeal && await db.Decisions.AnyAsync(d =>
            d.ApplicationId == work.ApplicationId && d.Version == work.Version && d.Stage == work.Stage && d.Outcome == Outcome.Fail && d.OfficerId == me.Id, ct);
        return new(AtFirstStage: work.Stage == first, failedByMe);
    }

    private static Faults FaultsOf(DecideRequest request, IReadOnlyList<string> allowed)
    {
        var (reasons, remark) = (request.Reasons ?? [], request.Remark?.Trim() ?? "");
        var choice = $"This stage's reasons are: {string.Join(", ", allowed)}.";
        var faults = new Faults()
            .Add(request.Outcome == Outcome.Fail && reasons.Count == 0, "reasons", "reason-required", $"A failure needs at least one reason. {choice}")
            .Add(request.Outcome == Outcome.Pass && reasons.Count > 0, "reasons", "reason-not-allowed", "A pass has no reasons; send an empty list.")
            .Add(request.Outcome == Outcome.SendBack && reasons.Count > 0, "reasons", "reason-not-allowed", "Reasons are for the candidate; what is sent back says in its remark why.")
            .Add(request.Outcome == Outcome.SendBack && remark.Length == 0, "remark", "required", "Say in the remark what the colleagues have to look at again.")
            .Add(remark.Length > Decision.RemarkLimit, "remark", "too-long", $"At most {Decision.RemarkLimit} characters.")
            .Add(reasons.Contains(Decision.OtherReason) && remark.Length == 0, "remark", "required", "The reason 'other' needs a remark that says what is wrong.");
        for (var i = 0; request.Outcome == Outcome.Fail && i < reasons.Count; i++)
        {
            faults.Add(!allowed.Contains(reasons[i]), $"reasons/{i}", "unknown-reason", choice);
            faults.Add(reasons.Take(i).Contains(reasons[i]), $"reasons/{i}", "repeated", "This reason is in the list already.");
        }
        return faults;
    }

    /// <summary>Keeps the decision and tells it by the work's kind.</summary>
    internal static async Task<Decision> Tell(this ReviewDb db, Work work, DecideRequest request, Me me, OwnerKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var (now, remark) = (clock.GetUtcNow(), request.Remark?.Trim() ?? "");
        var decision = new Decision
        {
            Id = Guid.CreateVersion7(now),
            WorkId = work.Id,
            ApplicationId = work.ApplicationId,
            Stage = work.Stage,
            Version = work.Version,
            Round = work.Round,
            OfficerId = me.Id,
            At = now,
            Outcome = request.Outcome,
            Reasons = [.. request.Reasons ?? []],
        };
        if (remark.Length > 0) decision.Say(remark, await keys.Of(work.ApplicationId, ct));
        db.Decisions.Add(decision);
        Publish(db, work.Kind, decision, remark);
        return decision;
    }

    private static void Publish(ReviewDb db, WorkKind kind, Decision d, string remark)
    {
        switch (kind, d.Outcome)
        {
            case (_, Outcome.SendBack): db.Publish(d.ApplicationId, new SentBack(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, remark, d.At)); break;
            case (WorkKind.Acceptance, Outcome.Pass): db.Publish(d.ApplicationId, new ApplicationAccepted(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            case (WorkKind.Confirmation, Outcome.Pass): db.Publish(d.ApplicationId, new Confirmed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            case (WorkKind.Confirmation, _): db.Publish(d.ApplicationId, new ConfirmationFailed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.Reasons, remark, d.At)); break;
            case (WorkKind.Release, _): db.Publish(d.ApplicationId, new FailureReleased(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            case (WorkKind.Appeal, Outcome.Pass): db.Publish(d.ApplicationId, new AppealGranted(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            case (WorkKind.Appeal, _): db.Publish(d.ApplicationId, new AppealDismissed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.Reasons, remark, d.At)); break;
            case (_, Outcome.Pass): db.Publish(d.ApplicationId, new ReviewPassed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            default: db.Publish(d.ApplicationId, new ReviewFailed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.Reasons, remark, d.At)); break;
        }
    }
}
