using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer's work list: own level, own jurisdiction, oldest first.</summary>
public static class ListWork
{
    private const int PageSize = 50;

    /// <param name="State">open also while a claim has run out; claimed, passed, failed, voided.</param>
    /// <param name="Claim">Who holds it now, if anybody.</param>
    public sealed record WorkRow(Guid Id, Guid ApplicationId, int Version, string Programme, string Session, string Stage, WorkKind Kind, string AreaPath,
        DateTimeOffset OpenedAt, DateTimeOffset? DueAt, WorkState State, WorkClaim? Claim);

    public sealed record WorkClaim(bool Mine, DateTimeOffset Until);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record WorkPage(IReadOnlyList<WorkRow> Work, string? Next);

    public static void MapListWork(this IEndpointRouteBuilder app) => app.MapGet("/work", List).WithName("list-work")
        .WithSummary("Work of the officer's own level and jurisdiction, oldest first; filters: stage, programme, state (open, claimed, mine, passed, failed, voided).");

    private static async Task<Results<Ok<WorkPage>, ProblemHttpResult>> List(Me me, ReviewDb db, TimeProvider clock, CancellationToken ct,
        string? stage = null, string? programme = null, string state = "open", string? cursor = null)
    {
        var (now, after) = (clock.GetUtcNow(), Guid.Empty);
        var work = Filter(db.Work.AsNoTracking().Where(Work.Of(me)), state, me, now);
        var faults = new Faults()
            .Add(work is null, "state", "unknown-state", "Say one of open, claimed, mine, passed, failed, voided.")
            .Add(cursor is not null && !Guid.TryParseExact(cursor, "N", out after), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.");
        if (faults.Any) return faults.ToProblem();
        if (stage is not null) work = work!.Where(w => w.Stage == stage);
        if (programme is not null) work = work!.Where(w => w.ProgrammeCode == programme);
        var rows = await work!.Where(w => w.Id > after).OrderBy(w => w.Id).Take(PageSize + 1).ToListAsync(ct);
        var next = rows.Count > PageSize ? rows[PageSize - 1].Id.ToString("N") : null;
        return TypedResults.Ok(new WorkPage([.. rows.Take(PageSize).Select(w => Row(w, me, now))], next));
    }

    private static IQueryable<Work>? Filter(IQueryable<Work> work, string state, Me me, DateTimeOffset now) => state switch
    {
        "open" => work.Where(w => w.State == WorkState.Open || (w.State == WorkState.Claimed && w.ClaimedUntil <= now)),
        "claimed" => work.Where(w => w.State == WorkState.Claimed && w.ClaimedUntil > now),
        "mine" => work.Where(w => w.State == WorkState.Claimed && w.ClaimedUntil > now && w.ClaimedBy == me.Id),
        "passed" => work.Where(w => w.State == WorkState.Passed),
        "failed" => work.Where(w => w.State == WorkState.Failed),
        "voided" => work.Where(w => w.State == WorkState.Voided),
        _ => null,
    };

    internal static WorkRow Row(Work work, Me me, DateTimeOffset now)
    {
        var held = work.IsHeld(now);
        return new(work.Id, work.ApplicationId, work.Version, work.ProgrammeCode, work.SessionCode, work.Stage, work.Kind, work.AreaPath, work.OpenedAt, work.DueAt,
            work.State == WorkState.Claimed && !held ? WorkState.Open : work.State, held ? new(work.ClaimedBy == me.Id, work.ClaimedUntil!.Value) : null);
    }
}
