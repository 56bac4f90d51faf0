using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer's work list: own level, own jurisdiction, oldest first.</summary>
public static class ListWork
{
    private const int PageSize = 50;

    /// <param name="State">open also while a claim has run out; claimed, passed, failed, sentBack, voided.</param>
    /// <param name="Claim">Who holds it now, if anybody.</param>
    /// <param name="Trial">Practice (试报名): what is decided here is thrown away.</param>
    public sealed record WorkRow(Guid Id, Guid ApplicationId, int Version, int Round, string Programme, string Session, string Stage, WorkKind Kind, string AreaPath,
        DateTimeOffset OpenedAt, DateTimeOffset? DueAt, WorkState State, WorkClaim? Claim, bool Trial);

    public sealed record WorkClaim(bool Mine, DateTimeOffset Until);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record WorkPage(IReadOnlyList<WorkRow> Work, string? Next);

    public static void MapListWork(this IEndpointRouteBuilder app) => app.MapGet("/work", List).WithName("list-work")
        .WithSummary("Work of the officer's own level and jurisdiction, oldest first; filters: stage, programme, session, kind, areaPath (a part of the jurisdiction), dueBefore, "
            + "state (open, claimed, mine, passed, failed, sentBack, voided), trial (true: practice instead of what is real).");

    private static async Task<Results<Ok<WorkPage>, ProblemHttpResult>> List([AsParameters] WorkFilters filters, Me me, ReviewDb db, TimeProvider clock, CancellationToken ct)
    {
        if (filters.Check(me) is { Any: true } faults) return faults.ToProblem();
        var now = clock.GetUtcNow();
        var rows = await filters.Narrow(db.Work.AsNoTracking().Where(Work.Of(me)), me, now).OrderBy(w => w.Id).Take(PageSize + 1).ToListAsync(ct);
        var next = rows.Count > PageSize ? rows[PageSize - 1].Id.ToString("N") : null;
        return TypedResults.Ok(new WorkPage([.. rows.Take(PageSize).Select(w => Row(w, me, now))], next));
    }

    internal static WorkRow Row(Work work, Me me, DateTimeOffset now)
    {
        var held = work.IsHeld(now);
        return new(work.Id, work.ApplicationId, work.Version, work.Round, work.ProgrammeCode, work.SessionCode, work.Stage, work.Kind, work.AreaPath, work.OpenedAt, work.DueAt,
            work.State == WorkState.Claimed && !held ? WorkState.Open : work.State, held ? new(work.ClaimedBy == me.Id, work.ClaimedUntil!.Value) : null, work.Trial);
    }
}

/// <summary>What narrows a work list.</summary>
/// <param name="AreaPath">Area codes from the province down, each ended by a slash, within the jurisdiction.</param>
/// <param name="Trial">Practice instead of what is real: never both in one list.</param>
/// <param name="DueBefore">ISO 8601; without an offset it is UTC.</param>
public sealed record WorkFilters(string? Stage, string? Programme, string? Session, string? Kind, string? AreaPath, string? DueBefore, string State = "open", string? Cursor = null, bool Trial = false)
{
    private static readonly string[] States = ["open", "claimed", "mine", "passed", "failed", "sentBack", "voided"];
    private static readonly string[] Kinds = [.. Enum.GetNames<WorkKind>().Select(kind => kind.ToLowerInvariant())];

    public Faults Check(Me me) => new Faults()
        .Add(!States.Contains(State), "state", "unknown-state", $"Say one of {string.Join(", ", States)}.")
        .Add(Kind is not null && !Kinds.Contains(Kind), "kind", "unknown-kind", $"Say one of {string.Join(", ", Kinds)}.")
        .Add(AreaPath is not null && !(AreaPath.EndsWith('/') && me.Covers(AreaPath)), "areaPath", "outside-jurisdiction", $"Area codes, each ended by a slash, within your own jurisdiction '{me.AreaPath}'.")
        .Add(DueBefore is not null && Due is null, "dueBefore", "unknown-date", "An ISO 8601 date or time, such as 2027-01-26T00:00:00Z.")
        .Add(Cursor is not null && !Guid.TryParseExact(Cursor, "N", out _), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.");

    public IQueryable<Work> Narrow(IQueryable<Work> work, Me me, DateTimeOffset now)
    {
        work = Standing(work.Where(w => w.Trial == Trial), me, now);
        if (Stage is not null) work = work.Where(w => w.Stage == Stage);
        if (Programme is not null) work = work.Where(w => w.ProgrammeCode == Programme);
        if (Session is not null) work = work.Where(w => w.SessionCode == Session);
        if (Kind is not null) work = work.Where(w => w.Kind == Enum.Parse<WorkKind>(Kind, ignoreCase: true));
        if (AreaPath is not null) work = work.Where(w => w.AreaPath.StartsWith(AreaPath));
        if (Due is { } due) work = work.Where(w => w.DueAt < due);
        if (Cursor is not null) work = work.Where(w => w.Id > Guid.Parse(Cursor));
        return work;
    }

    private DateTimeOffset? Due => DateTimeOffset.TryParse(DueBefore, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var due) ? due : null;

    private IQueryable<Work> Standing(IQueryable<Work> work, Me me, DateTimeOffset now) => State switch
    {
        "open" => work.Where(w => w.State == WorkState.Open || (w.State == WorkState.Claimed && w.ClaimedUntil <= now)),
        "claimed" => work.Where(w => w.State == WorkState.Claimed && w.ClaimedUntil > now),
        "mine" => work.Where(w => w.State == WorkState.Claimed && w.ClaimedUntil > now && w.ClaimedBy == me.Id),
        "passed" => work.Where(w => w.State == WorkState.Passed),
        "failed" => work.Where(w => w.State == WorkState.Failed),
        "sentBack" => work.Where(w => w.State == WorkState.SentBack),
        _ => work.Where(w => w.State == WorkState.Voided),
    };
}
