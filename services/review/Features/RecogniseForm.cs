using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>A candidate brings the printed form; its code leads to the officer's work and tells whether the print is stale. The look is recorded.</summary>
public static class RecogniseForm
{
    /// <param name="Version">The version the form was printed from.</param>
    /// <param name="Current">False when the application was withdrawn or given up since.</param>
    /// <param name="Stale">Another version counts now; <paramref name="Changes"/> says what differs.</param>
    /// <param name="Work">The officer's own work on this application, newest first.</param>
    public sealed record FormSeen(Guid ApplicationId, int Version, int CurrentVersion, bool Current, bool Stale, string AreaPath, IReadOnlyList<ChangeSeen> Changes, IReadOnlyList<ListWork.WorkRow> Work);

    public sealed record ChangeSeen(string Title, string Then, string Now);

    public static void MapRecogniseForm(this IEndpointRouteBuilder app) => app.MapGet("/forms/{code}", Recognise).WithName("recognise-form")
        .WithSummary("The work a printed form belongs to, by its verification code; stale with the changes when a newer version counts. The look is recorded.");

    private static async Task<Results<Ok<FormSeen>, ProblemHttpResult>> Recognise(string code, Me me, ReviewDb db, ApplicationAnswers.ApplicationAnswersClient applications,
        TimeProvider clock, CancellationToken ct)
    {
        if (await applications.FormWith(code, ct) is not { } form || !me.Covers(form.AreaPath)) return Problems.NotFound();
        var (application, now) = (Guid.Parse(form.ApplicationId), clock.GetUtcNow());
        var work = await db.Work.AsNoTracking().Where(Work.Of(me)).Where(w => w.ApplicationId == application).OrderByDescending(w => w.Round).ToListAsync(ct);
        if (work is not [var newest, ..]) return Problems.NotFound();
        db.Looks.Add(new() { WorkId = newest.Id, ApplicationId = application, CandidateId = newest.CandidateId, Version = form.Version, OfficerId = me.Id, At = now });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new FormSeen(application, form.Version, form.CurrentVersion, form.Current, form.Version != form.CurrentVersion, form.AreaPath,
            [.. form.Changes.Select(c => new ChangeSeen(c.Title, c.Then, c.Now))], [.. work.Select(w => ListWork.Row(w, me, now))]));
    }

    private static async Task<RecognisedForm?> FormWith(this ApplicationAnswers.ApplicationAnswersClient applications, string code, CancellationToken ct)
    {
        try
        {
            return await applications.RecogniseFormAsync(new() { VerificationCode = code.ToUpperInvariant() }, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
