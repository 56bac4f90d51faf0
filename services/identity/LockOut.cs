using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Wrong passwords in a row, for an account or, so that the two cannot be told apart, for what was typed where there is none.</summary>
public sealed class FailedSignIns
{
    public byte[] Key { get; init; } = [];
    public int Failures { get; init; }
    public DateTimeOffset LastAt { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
}

/// <summary>
/// An attempt is counted before its password is looked at and forgiven when that is right: however many guesses come in parallel, no more than the allowed number are looked at.
/// </summary>
public sealed class LockOut(IdentityDb db, IOptions<IdentitySettings> settings)
{
    private readonly LockOutSettings rule = settings.Value.LockOut;

    /// <summary>Counts an attempt. <c>Locked</c>: its password must not be looked at. <c>Until</c>: when the lock ends that holds, or that a wrong password now brings.</summary>
    public async Task<(bool Locked, DateTimeOffset? Until)> Count(byte[] key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counted = await db.FailedSignIns.FromSql($"""
            insert into failed_sign_ins as f (key, failures, last_at) values ({key}, 1, {now})
            on conflict (key) do update set
              failures = case when f.locked_until <= {now} or f.last_at < {now - rule.Memory} then 1 else f.failures + 1 end,
              last_at = {now},
              locked_until = case
                when f.locked_until <= {now} or f.last_at < {now - rule.Memory} then null
                when f.locked_until is null and f.failures + 1 >= {rule.Failures} then {now + rule.Period}
                else f.locked_until end
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return (counted[0].Failures > rule.Failures, counted[0].LockedUntil);
    }

    /// <summary>When the lock ends that holds now; null where there is none. Counts nothing.</summary>
    public Task<DateTimeOffset?> Until(byte[] key, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.FailedSignIns.Where(f => f.Key == key && f.LockedUntil > now).Select(f => f.LockedUntil).SingleOrDefaultAsync(cancellationToken);

    public static IResult Locked(DateTimeOffset until, TimeProvider clock, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(http);
        var seconds = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problems.Of(StatusCodes.Status423Locked, "locked-until", $"Too many wrong passwords: signing in is locked until {until:u}.", new Dictionary<string, object?> { ["lockedUntil"] = until });
    }

    public Task Forgive(byte[] key, CancellationToken cancellationToken) => db.FailedSignIns.Where(f => f.Key == key).ExecuteDeleteAsync(cancellationToken);
}
