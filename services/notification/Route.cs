namespace ExamPlatform.Notifications;

/// <summary>
/// How a notice goes to a person outside of the platform, step by step (<c>words.route</c> of the templates): the channels of a step leave together, the next step begins when none of them
/// has reached the person. It stands apart from the notice: the inbox and the channels write at the same time.
/// </summary>
public sealed class Route
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    public Guid NoticeId { get; init; }

    /// <summary>Counts from 0.</summary>
    public int Step { get; private set; }

    /// <summary>When the next step begins; null once somebody was reached, or nothing is left.</summary>
    public DateTimeOffset? GoOnAt { get; private set; }
    public uint Version { get; init; }

    /// <summary>Begins a step. Half of what is left until the deadline is for what comes after it.</summary>
    public void Begin(int step, DateTimeOffset? dueAt, TimeSpan patience, DateTimeOffset now)
    {
        var left = dueAt is { } due && due > now ? (due - now) / 2 : patience;
        (Step, GoOnAt) = (step, now + (left < Shortest ? Shortest : left < patience ? left : patience));
    }

    /// <summary>The person sleeps: until after <paramref name="until"/> nothing else begins.</summary>
    public void Wait(DateTimeOffset until, DateTimeOffset now) => GoOnAt = (until > now ? until : now) + Shortest;

    public void End() => GoOnAt = null;
}

/// <summary>A notice that no channel brought to somebody who has something to do until a deadline: an officer's task.</summary>
public sealed class UndeliveredNotice
{
    public Guid NoticeId { get; init; }
    public Guid CandidateId { get; init; }
    public Guid ApplicationId { get; init; }
    public NoticeEvent Event { get; init; }

    /// <summary>Whose officers see it, <c>110000/110100/</c>; empty: those of the whole country.</summary>
    public required string AreaPath { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? SettledAt { get; private set; }
    public Guid? SettledBy { get; private set; }

    /// <summary>What the officer did.</summary>
    public string? Note { get; private set; }
    public uint Version { get; init; }

    public Refusal? Settle(Guid officer, string note, DateTimeOffset now)
    {
        if (SettledAt is not null) return new("already-settled", "Somebody has settled this before.");
        (SettledBy, Note, SettledAt) = (officer, note, now);
        return null;
    }
}
