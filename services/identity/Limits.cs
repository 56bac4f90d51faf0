using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

/// <summary>How often something happened in a span of time that ends by itself.</summary>
public sealed class CountedUse
{
    /// <summary>Keyed hash of what is counted, and for whom.</summary>
    public byte[] Key { get; init; } = [];
    public int Count { get; init; }
    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>Counts over all replicas, in one statement: however many come at once, no more than allowed get through. Asking while it is used up does not make it last longer.</summary>
public sealed class Limits(IdentityDb db, PersonalData data, TimeProvider clock)
{
    /// <returns>Null when it may be done; else when it may be again.</returns>
    public async Task<DateTimeOffset?> Take(string what, string whom, int most, TimeSpan span, CancellationToken cancellationToken)
    {
        var (key, now) = (data.Hash($"limit {what}", whom), clock.GetUtcNow());
        var counted = await db.CountedUses.FromSql($"""
            insert into counted_uses as c (key, count, ends_at) values ({key}, 1, {now + span})
            on conflict (key) do update set
              count = case when c.ends_at <= {now} then 1 else c.count + 1 end,
              ends_at = case when c.ends_at <= {now} then {now + span} else c.ends_at end
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return counted[0].Count > most ? counted[0].EndsAt : null;
    }

    /// <summary>How often it happened, without counting this.</summary>
    public async Task<int> Count(string what, string whom, CancellationToken cancellationToken)
    {
        var (key, now) = (data.Hash($"limit {what}", whom), clock.GetUtcNow());
        return await db.CountedUses.Where(u => u.Key == key && u.EndsAt > now).Select(u => u.Count).SingleOrDefaultAsync(cancellationToken);
    }

    public static IResult TooMany(string code, string detail, DateTimeOffset again, TimeProvider clock, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling((again - clock.GetUtcNow()).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(StatusCodes.Status429TooManyRequests, code, $"{detail} Try again at {again:u}.", new Dictionary<string, object?> { ["until"] = again });
    }
}
