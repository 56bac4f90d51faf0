using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer opens one submission. The look is recorded before anything is shown.</summary>
public static class LookAtWork
{
    /// <param name="Decision">Who decided what, once decided.</param>
    /// <param name="Earlier">What was decided on this application before, oldest first: the failure that is to be released, appealed against or looked at again is among it.</param>
    public sealed record WorkSeen(ListWork.WorkRow Work, SubmissionSeen Submission, DecisionSeen? Decision, IReadOnlyList<DecisionSeen> Earlier);

    /// <param name="Current">False once the candidate replaced or withdrew this version.</param>
    /// <param name="Reasons">What this stage may fail for.</param>
    /// <param name="RegisterAnswers">What the registers say that this stage asks: it is passed only when all are <c>found</c>.</param>
    /// <param name="Papers">What the candidate has to send by post.</param>
    /// <param name="OnFail">What failing this stage leads to: return (corrected and sent again), release (another level passes it on first), reject (for good).</param>
    public sealed record SubmissionSeen(int Version, bool Current, string Programme, string Session, string Area, string VerificationCode, string SubmittedAt,
        IReadOnlyList<Section> Sections, IReadOnlyList<Document> Documents, IReadOnlyList<Reason> Reasons, IReadOnlyList<RegisterSays> RegisterAnswers, IReadOnlyList<PaperSeen> Papers,
        string StageTitle, string OnFail);

    public sealed record Section(string Code, string Title, IReadOnlyList<Field> Fields);

    public sealed record Field(string Code, string Title, string Value);

    public sealed record Document(string Code, string Title, string DocumentId);

    /// <param name="Item">The field or document that is to be mended; empty when it is the whole.</param>
    /// <param name="Final">It fails for good: there is nothing to mend.</param>
    public sealed record Reason(string Code, string OfficerText, string CandidateText, string Item, bool Final);

    /// <param name="State">found, notFound, otherArea, otherPerson, otherCategory, unreachable.</param>
    /// <param name="Source">disabilityRegister, importedRegister (the register gave no answer, what staff put in decided) or certificateNumber.</param>
    public sealed record RegisterSays(string Kind, string State, string Source);

    /// <param name="ArrivedAt">Null until it has arrived.</param>
    public sealed record PaperSeen(string Code, string Title, int Copies, string DueAt, string? ArrivedAt);

    public sealed record DecisionSeen(Guid Id, string Stage, int Version, int Round, Outcome Outcome, IReadOnlyList<string> Reasons, string Remark, Guid OfficerId, DateTimeOffset At);

    public static void MapLookAtWork(this IEndpointRouteBuilder app) => app.MapGet("/work/{id:guid}", Look).WithName("look-at-work")
        .WithSummary("One piece of work with the submission it is about and the reasons it may fail for; the look is recorded.");

    private static async Task<Results<Ok<WorkSeen>, ProblemHttpResult>> Look(Guid id, Me me, ReviewDb db, ApplicationAnswers.ApplicationAnswersClient applications,
        OwnerKeys owners, TimeProvider clock, CancellationToken ct)
    {
        var work = await db.Work.AsNoTracking().Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == id, ct);
        if (work is null || await applications.SubmissionOf(work, ct) is not { } submission) return Problems.NotFound();
        var now = clock.GetUtcNow();
        db.Looks.Add(new() { WorkId = id, ApplicationId = work.ApplicationId, CandidateId = work.CandidateId, Version = work.Version, OfficerId = me.Id, At = now });
        await db.SaveChangesAsync(ct);
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.ApplicationId == work.ApplicationId).OrderBy(d => d.Round).ToListAsync(ct);
        var keys = await owners.Find([work.ApplicationId], ct);
        var earlier = decisions.TakeWhile(d => d.WorkId != id).Select(d => Seen(d, keys)).ToList();
        return TypedResults.Ok(new WorkSeen(ListWork.Row(work, me, now), Seen(submission), decisions.Where(d => d.WorkId == id).Select(d => Seen(d, keys)).SingleOrDefault(), earlier));
    }

    /// <summary>The submission as application holds it; null when it has no such version.</summary>
    /// <param name="stage">Whose reasons and registers are wanted, if not the work's.</param>
    internal static async Task<Submission?> SubmissionOf(this ApplicationAnswers.ApplicationAnswersClient applications, Work work, CancellationToken ct, string? stage = null)
    {
        try
        {
            return await applications.GetSubmissionAsync(new() { ApplicationId = work.ApplicationId.ToString(), Version = work.Version, Stage = stage ?? work.Stage }, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static SubmissionSeen Seen(Submission s) => new(s.Version, s.Current, s.ProgrammeTitle, s.SessionTitle, s.AreaTitle, s.VerificationCode, s.SubmittedAt,
        [.. s.Sections.Select(section => new Section(section.Code, section.Title, [.. section.Fields.Select(f => new Field(f.Code, f.Title, f.Value))]))],
        [.. s.Documents.Select(d => new Document(d.Code, d.Title, d.DocumentId))],
        [.. s.Reasons.Select(r => new Reason(r.Code, r.OfficerText, r.CandidateText, r.Item, r.Final))],
        [.. s.RegisterAnswers.Select(a => new RegisterSays(a.Kind, a.State, a.Source))],
        [.. s.Papers.Select(p => new PaperSeen(p.Code, p.Title, p.Copies, p.DueAt, p.ArrivedAt.Length == 0 ? null : p.ArrivedAt))], s.StageTitle, s.OnFail);

    private static DecisionSeen Seen(Decision d, IReadOnlyDictionary<Guid, byte[]> keys) => new(d.Id, d.Stage, d.Version, d.Round, d.Outcome, d.Reasons, d.Said(keys), d.OfficerId, d.At);
}
