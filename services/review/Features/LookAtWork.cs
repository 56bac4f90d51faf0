using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer opens one submission. The look is recorded before anything is shown.</summary>
public static class LookAtWork
{
    /// <param name="Decision">Who decided what, once decided.</param>
    public sealed record WorkSeen(ListWork.WorkRow Work, SubmissionSeen Submission, DecisionSeen? Decision);

    /// <param name="Current">False once the candidate replaced or withdrew this version.</param>
    /// <param name="Reasons">What this stage may fail for.</param>
    public sealed record SubmissionSeen(int Version, bool Current, string Programme, string Session, string Area, string VerificationCode, string SubmittedAt,
        IReadOnlyList<Section> Sections, IReadOnlyList<Document> Documents, IReadOnlyList<Reason> Reasons);

    public sealed record Section(string Code, string Title, IReadOnlyList<Field> Fields);

    public sealed record Field(string Code, string Title, string Value);

    public sealed record Document(string Code, string Title, string DocumentId);

    /// <param name="Item">The field or document that is to be mended; empty when it is the whole.</param>
    public sealed record Reason(string Code, string OfficerText, string CandidateText, string Item);

    public sealed record DecisionSeen(Guid Id, Outcome Outcome, IReadOnlyList<string> Reasons, string Remark, Guid OfficerId, DateTimeOffset At);

    public static void MapLookAtWork(this IEndpointRouteBuilder app) => app.MapGet("/work/{id:guid}", Look).WithName("look-at-work")
        .WithSummary("One piece of work with the submission it is about and the reasons it may fail for; the look is recorded.");

    private static async Task<Results<Ok<WorkSeen>, ProblemHttpResult>> Look(Guid id, Me me, ReviewDb db, ApplicationAnswers.ApplicationAnswersClient applications,
        TimeProvider clock, CancellationToken ct)
    {
        var work = await db.Work.AsNoTracking().Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == id, ct);
        if (work is null || await applications.SubmissionOf(work, ct) is not { } submission) return Problems.NotFound();
        var now = clock.GetUtcNow();
        db.Looks.Add(new() { WorkId = id, ApplicationId = work.ApplicationId, CandidateId = work.CandidateId, Version = work.Version, OfficerId = me.Id, At = now });
        await db.SaveChangesAsync(ct);
        var decision = await db.Decisions.Where(d => d.WorkId == id).Select(d => new DecisionSeen(d.Id, d.Outcome, d.Reasons, d.Remark, d.OfficerId, d.At)).SingleOrDefaultAsync(ct);
        return TypedResults.Ok(new WorkSeen(ListWork.Row(work, me, now), Seen(submission), decision));
    }

    /// <summary>The submission as application holds it; null when it has no such version.</summary>
    internal static async Task<Submission?> SubmissionOf(this ApplicationAnswers.ApplicationAnswersClient applications, Work work, CancellationToken ct)
    {
        try
        {
            return await applications.GetSubmissionAsync(new() { ApplicationId = work.ApplicationId.ToString(), Version = work.Version, Stage = work.Stage }, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static SubmissionSeen Seen(Submission s) => new(s.Version, s.Current, s.ProgrammeTitle, s.SessionTitle, s.AreaTitle, s.VerificationCode, s.SubmittedAt,
        [.. s.Sections.Select(section => new Section(section.Code, section.Title, [.. section.Fields.Select(f => new Field(f.Code, f.Title, f.Value))]))],
        [.. s.Documents.Select(d => new Document(d.Code, d.Title, d.DocumentId))],
        [.. s.Reasons.Select(r => new Reason(r.Code, r.OfficerText, r.CandidateText, r.Item))]);
}
