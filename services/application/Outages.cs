using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>When the platform last answered a request like a candidate's, by the database's clock: one for all replicas, and never shifted in development.</summary>
public sealed class Beat
{
    /// <summary>The only row.</summary>
    public const int Only = 1;

    public int Id { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A time in which the platform was down: as long as nothing beat, placed on the platform's clock.</summary>
public sealed class Outage
{
    /// <summary>Counts up in the order in which they were found.</summary>
    public long Id { get; init; }
    public DateTimeOffset From { get; init; }
    public DateTimeOffset Until { get; init; }

    /// <summary>The last application that was looked at to tell its candidate about a window that ends later.</summary>
    public Guid ToldUpTo { get; private set; }

    /// <summary>When everybody was told; null while it goes on.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    public void Told(Guid? upTo, DateTimeOffset? all) => (ToldUpTo, ToldAt) = (upTo ?? ToldUpTo, all);
}

/// <summary>Why a window ends later than it was scheduled.</summary>
public sealed record Extension(DateTimeOffset Scheduled, IReadOnlyList<Outage> For);

/// <summary>If the platform itself was down in a window's last hours, the window is extended by as much, by the programme's rule (E17, docs/adr/0015).</summary>
public static class Outages
{
    /// <summary>The programme with every window, and batch, that its rule extends.</summary>
    public static ExamProgramme ExtendedBy(this ExamProgramme programme, IReadOnlyList<Outage> outages, OutageRule? rule)
    {
        if (rule is null || outages.Count == 0) return programme;
        return programme with { Sessions = [.. programme.Sessions.Select(Session)] };

        ExamSession Session(ExamSession session) => session with
        {
            Windows = [.. session.Windows.Select(Window)],
            Areas = [.. session.Areas.Select(a => a with { Windows = [.. a.Windows.Select(Window)] })],
            Batches = rule.Batches ? session.Batches?.Select(Batch).ToList() : session.Batches,
        };

        Window Window(Window window) => rule.Windows.Contains(window.Kind) && Extended(window.From, window.Until, rule, outages) is (var end, { Count: > 0 } why)
            ? new(window.Kind, window.From, end) { Extension = new(window.Until, why) } : window;

        Batch Batch(Batch batch) => Extended(batch.From, batch.Until, rule, outages) is (var end, { Count: > 0 } why)
            ? new(batch.Code, batch.Title, batch.From, end) { Extension = new(batch.Until, why) } : batch;
    }

    /// <summary>
    /// What an outage took of the last hours comes after the end, or after the outage where that lasted beyond it, in whole minutes. The extension has last hours of its own: a later outage may hit those.
    /// </summary>
    public static (DateTimeOffset End, IReadOnlyList<Outage> For) Extended(DateTimeOffset from, DateTimeOffset end, OutageRule rule, IEnumerable<Outage> outages)
    {
        List<Outage> why = [];
        foreach (var outage in outages)
        {
            var lost = Earlier(outage.Until, end) - Later(outage.From, Later(from, end.AddHours(-rule.LastHours)));
            if (lost < TimeSpan.FromMinutes(rule.LeastMinutes)) continue;
            end = WholeMinute(Later(outage.Until, end) + lost);
            why.Add(outage);
        }
        return (end, why);
    }

    /// <summary>Says that the platform answers. When it had not for longer than <paramref name="leastGap"/>, the outage is written down in the same transaction, once however many replicas come back.</summary>
    public static async Task<Outage?> SayAlive(this ApplicationDb db, TimeSpan leastGap, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"insert into beats (id, at) values ({Beat.Only}, clock_timestamp()) on conflict do nothing", ct); // the very first: nothing was promised before
        var gap = (await db.Database.SqlQuery<TimeSpan>($"select clock_timestamp() - at as \"Value\" from beats where id = {Beat.Only} for update").ToListAsync(ct)).Single();
        await db.Database.ExecuteSqlAsync($"update beats set at = clock_timestamp() where id = {Beat.Only}", ct);
        var now = clock.GetUtcNow();
        var outage = gap > leastGap ? db.Outages.Add(new() { From = now - gap, Until = now }).Entity : null;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outage;
    }

    /// <summary>Whether every outage up to now is written down. False while the platform is down for candidates, however well this process runs: nothing may be missed then.</summary>
    public static Task<bool> IsAlive(this ApplicationDb db, TimeSpan leastGap, CancellationToken ct) =>
        db.Beats.FromSql($"select * from beats where at > clock_timestamp() - {leastGap}").AnyAsync(ct);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    private static DateTimeOffset WholeMinute(DateTimeOffset at) => new((at.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}

internal sealed partial class ProgrammeRules
{
    /// <summary>What <see cref="OutageRule.LeastMinutes"/> may be at least; the platform knows after less that it was down.</summary>
    public const int LeastOutageMinutes = 5;

    private void CheckOutages()
    {
        if (programme.Outages is not { } rule) return;
        faults.Add(rule.LastHours is < 1 or > 168, "outages/lastHours", "out-of-range", "1 to 168 hours.")
            .Add(rule.LeastMinutes < LeastOutageMinutes || rule.LeastMinutes > rule.LastHours * 60, "outages/leastMinutes", "out-of-range", $"{LeastOutageMinutes} minutes to the last hours.")
            .Add(rule is { Windows.Count: 0, Batches: false }, "outages/windows", "empty", "Name the windows it holds for, or leave the rule out.")
            .Add(rule.Batches && programme.Preferences is null, "outages/batches", "no-batches", "This exam has no batches.");
        Unique(rule.Windows.Select(w => w.ToString()), "outages/windows");
        Each(rule.Windows, "outages/windows", WindowIsThere);
    }
}
