using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer passes or fails the submission that was looked at; what follows is the programme's rule, in application.</summary>
public static class DecideWork
{
    /// <param name="Version">The submission the officer saw.</param>
    /// <param name="Reasons">Codes of the stage's reasons: at least one for fail, none for pass.</param>
    /// <param name="Remark">Free text for the candidate, at most 500 characters; needed with the reason <c>other</c>.</param>
    public sealed record DecideRequest(int Version, Outcome Outcome, IReadOnlyList<string>? Reasons = null, string? Remark = null);

    public sealed record Decided(Guid DecisionId, Outcome Outcome, DateTimeOffset At);

    public static void MapDecideWork(this IEndpointRouteBuilder app) => app.MapPost("/work/{id:guid}/decision", Decide).WithName("decide-work")
        .WithSummary("Pass or fail claimed work, on the version that was seen.").WithIdempotencyKey<ReviewDb>();

    private static async Task<Results<Created<Decided>, ProblemHttpResult>> Decide(Guid id, DecideRequest request, Me me, ReviewDb db,
        ApplicationAnswers.ApplicationAnswersClient applications, TimeProvider clock, CancellationToken ct)
    {
        var work = await db.Work.Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == id, ct);
        if (work is null) return Problems.NotFound();
        if (work.Decide(request.Outcome, request.Version, me.Id, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        // asked on every decision: news of a newer submission may still be on its way here
        if (await applications.SubmissionOf(work, ct) is not { Current: true } submission) return Work.Replaced.ToProblem();
        var faults = FaultsOf(request, [.. submission.Reasons.Select(r => r.Code)]);
        if (faults.Any) return faults.ToProblem();
        var decision = DecisionOn(work, request, me, clock.GetUtcNow());
        db.Decisions.Add(decision);
        Tell(db, work.Kind, decision);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created((string?)null, new Decided(decision.Id, decision.Outcome, decision.At));
    }

    private static Faults FaultsOf(DecideRequest request, IReadOnlyList<string> allowed)
    {
        var (reasons, remark) = (request.Reasons ?? [], request.Remark?.Trim() ?? "");
        var choice = $"This stage's reasons are: {string.Join(", ", allowed)}.";
        var faults = new Faults()
            .Add(request.Outcome == Outcome.Fail && reasons.Count == 0, "reasons", "reason-required", $"A failure needs at least one reason. {choice}")
            .Add(request.Outcome == Outcome.Pass && reasons.Count > 0, "reasons", "reason-not-allowed", "A pass has no reasons; send an empty list.")
            .Add(remark.Length > Decision.RemarkLimit, "remark", "too-long", $"At most {Decision.RemarkLimit} characters.")
            .Add(reasons.Contains(Decision.OtherReason) && remark.Length == 0, "remark", "required", "The reason 'other' needs a remark that says what is wrong.");
        for (var i = 0; request.Outcome == Outcome.Fail && i < reasons.Count; i++)
        {
            faults.Add(!allowed.Contains(reasons[i]), $"reasons/{i}", "unknown-reason", choice);
            faults.Add(reasons.Take(i).Contains(reasons[i]), $"reasons/{i}", "repeated", "This reason is in the list already.");
        }
        return faults;
    }

    private static Decision DecisionOn(Work work, DecideRequest request, Me me, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        WorkId = work.Id,
        ApplicationId = work.ApplicationId,
        Stage = work.Stage,
        Version = work.Version,
        OfficerId = me.Id,
        At = now,
        Outcome = request.Outcome,
        Reasons = [.. request.Reasons ?? []],
        Remark = request.Remark?.Trim() ?? "",
    };

    private static void Tell(ReviewDb db, WorkKind kind, Decision d)
    {
        switch (kind, d.Outcome)
        {
            case (WorkKind.Confirmation, Outcome.Pass): db.Publish(d.ApplicationId, new Confirmed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            case (WorkKind.Confirmation, _): db.Publish(d.ApplicationId, new ConfirmationFailed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.Reasons, d.Remark, d.At)); break;
            case (_, Outcome.Pass): db.Publish(d.ApplicationId, new ReviewPassed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.At)); break;
            default: db.Publish(d.ApplicationId, new ReviewFailed(d.ApplicationId, d.Version, d.Stage, d.Id, d.OfficerId, d.Reasons, d.Remark, d.At)); break;
        }
    }
}
