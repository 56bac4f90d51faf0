using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>What came in and what was decided on each day, of the officer's own level and jurisdiction (J1).</summary>
public static class CountDays
{
    private const int MostDays = 31;
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <param name="Day">In Beijing.</param>
    /// <param name="Arrived">Work that was opened on that day, whatever became of it.</param>
    public sealed record StageDay(string Programme, string Session, string Stage, WorkKind Kind, DateOnly Day, int Arrived, int Passed, int Failed, int SentBack);

    /// <summary>What one officer decided on all these days.</summary>
    public sealed record OfficerCount(Guid OfficerId, int Passed, int Failed, int SentBack);

    /// <param name="From">The first day.</param>
    /// <param name="Until">The last day.</param>
    /// <param name="Days">Days on which something came in or was decided, in order.</param>
    public sealed record WorkDays(DateOnly From, DateOnly Until, IReadOnlyList<StageDay> Days, IReadOnlyList<OfficerCount> Officers);

    public sealed record Arrival(string Programme, string Session, string Stage, string Kind, DateOnly Day, int Count);
    public sealed record Decided(string Programme, string Session, string Stage, string Kind, DateOnly Day, string State, Guid Officer, int Count);

    public static void MapCountDays(this IEndpointRouteBuilder app) => app.MapGet("/work/days", Count).WithName("count-work-days")
        .WithSummary("Work of the officer's own level and jurisdiction that came in and that was decided, per stage and day in Beijing, and what each officer decided; days 1 to 31 (14), until a day (today); practice is not counted.");

    private static async Task<Results<Ok<WorkDays>, ProblemHttpResult>> Count(Me me, ReviewDb db, TimeProvider clock, CancellationToken ct, int days = 14, DateOnly? until = null)
    {
        var last = until ?? DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(Beijing).DateTime);
        var faults = new Faults().Add(days is < 1 or > MostDays, "days", "out-of-range", $"1 to {MostDays}.").Add(last.Year is < 2000 or > 9000, "until", "out-of-range", "A day such as 2027-01-26.");
        if (faults.Any) return faults.ToProblem();
        var first = last.AddDays(1 - days);
        var (from, to) = (Start(first), Start(last.AddDays(1)));
        var (arrived, decided) = (await Arrivals(db, me, from, to).ToListAsync(ct), await Decisions(db, me, from, to).ToListAsync(ct));
        var counts = arrived.Select(a => new StageDay(a.Programme, a.Session, a.Stage, Enum.Parse<WorkKind>(a.Kind), a.Day, a.Count, 0, 0, 0))
            .Concat(decided.Select(d => new StageDay(d.Programme, d.Session, d.Stage, Enum.Parse<WorkKind>(d.Kind), d.Day, 0, Of(d, WorkState.Passed), Of(d, WorkState.Failed), Of(d, WorkState.SentBack))))
            .GroupBy(c => c with { Arrived = 0, Passed = 0, Failed = 0, SentBack = 0 })
            .Select(g => g.Key with { Arrived = g.Sum(c => c.Arrived), Passed = g.Sum(c => c.Passed), Failed = g.Sum(c => c.Failed), SentBack = g.Sum(c => c.SentBack) });
        var officers = decided.GroupBy(d => d.Officer, (officer, own) => (officer, own.ToList()))
            .Select(o => new OfficerCount(o.officer, o.Item2.Sum(d => Of(d, WorkState.Passed)), o.Item2.Sum(d => Of(d, WorkState.Failed)), o.Item2.Sum(d => Of(d, WorkState.SentBack))));
        return TypedResults.Ok(new WorkDays(first, last, [.. counts.OrderBy(c => c.Day).ThenBy(c => c.Programme).ThenBy(c => c.Session).ThenBy(c => c.Stage).ThenBy(c => c.Kind)],
            [.. officers.OrderByDescending(o => o.Passed + o.Failed + o.SentBack).ThenBy(o => o.OfficerId)]));
    }

    public static IQueryable<Arrival> Arrivals(ReviewDb db, Me me, DateTimeOffset from, DateTimeOffset to) => db.Database.SqlQuery<Arrival>($"""
        select programme_code as programme, session_code as session, stage, kind, (opened_at at time zone 'Asia/Shanghai')::date as day, count(*)::int as count from work
        where level = {me.Level} and jurisdiction = {me.AreaPath} and opened_at >= {from} and opened_at < {to} and not trial group by 1, 2, 3, 4, 5
        """);

    public static IQueryable<Decided> Decisions(ReviewDb db, Me me, DateTimeOffset from, DateTimeOffset to) => db.Database.SqlQuery<Decided>($"""
        select programme_code as programme, session_code as session, stage, kind, (decided_at at time zone 'Asia/Shanghai')::date as day, state, decided_by as officer, count(*)::int as count from work
        where level = {me.Level} and jurisdiction = {me.AreaPath} and decided_at >= {from} and decided_at < {to} and not trial group by 1, 2, 3, 4, 5, 6, 7
        """);

    private static DateTimeOffset Start(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Beijing).ToUniversalTime();

    private static int Of(Decided decided, WorkState state) => decided.State == state.ToString() ? decided.Count : 0;
}
