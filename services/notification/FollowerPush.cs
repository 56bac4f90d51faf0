namespace ExamPlatform.Notifications;

/// <summary>Taken: WeChat has it and sends. Failed: nobody gets it any more.</summary>
public enum PushState { Asked, Declined, Sending, Taken, Sent, Failed }

/// <summary>
/// An announcement that goes to all who follow the official account (群发), after a second officer has approved. Its words are fixed when it is asked for. WeChat takes a repeat under the same
/// <c>clientmsgid</c> within a day for the same message, and answers with the number it had: within that day, and not after it, what is in doubt is simply sent again.
/// </summary>
public sealed class FollowerPush
{
    public const int LongestReason = 500;

    /// <summary>So long WeChat knows a <c>clientmsgid</c>.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromHours(1);

    /// <summary>Every legal step.</summary>
    public static readonly IReadOnlySet<(PushState From, PushState To)> Legal = new HashSet<(PushState, PushState)>
    {
        (PushState.Asked, PushState.Declined), (PushState.Asked, PushState.Sending),
        (PushState.Sending, PushState.Taken), (PushState.Sending, PushState.Failed),
        (PushState.Taken, PushState.Sent), (PushState.Taken, PushState.Failed),
    };

    public Guid Id { get; init; }
    public Guid ArticleId { get; init; }

    /// <summary>As everybody gets it: the title, and below it the address.</summary>
    public required string Text { get; init; }
    public PushState State { get; private set; }
    public Guid AskedBy { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public Guid? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Why it was declined.</summary>
    public string? Reason { get; private set; }

    /// <summary>When WeChat is turned to next; null when nothing is to be done.</summary>
    public DateTimeOffset? NextAt { get; private set; }

    /// <summary>WeChat's number of the job (msg_id).</summary>
    public string? JobId { get; private set; }

    /// <summary>WeChat's code of the last refusal.</summary>
    public string? LastCode { get; private set; }
    public uint Version { get; init; }

    public Refusal? Approve(Guid by, DateTimeOffset now)
    {
        if (State is PushState.Asked && by == AskedBy) return new("same-asker", "You asked for it; another officer decides.");
        if (Move(PushState.Sending) is { } refusal) return refusal;
        (DecidedBy, DecidedAt, NextAt) = (by, now, now);
        return null;
    }

    /// <summary>Also by who asked for it: then it is taken back.</summary>
    public Refusal? Decline(Guid by, string reason, DateTimeOffset now)
    {
        if (Move(PushState.Declined) is { } refusal) return refusal;
        (DecidedBy, DecidedAt, Reason) = (by, now, reason);
        return null;
    }

    /// <summary>A process that dies on it only delays it.</summary>
    public void TakeTurn(DateTimeOffset now) => NextAt = now + Lease;

    public Refusal? Take(string? jobId, DateTimeOffset now)
    {
        if (Move(PushState.Taken) is { } refusal) return refusal;
        (JobId, LastCode, NextAt) = (jobId, null, now + Lease);
        return null;
    }

    public Refusal? Finish()
    {
        if (Move(PushState.Sent) is { } refusal) return refusal;
        NextAt = null;
        return null;
    }

    /// <summary>Not now, or nobody knows: again after as long as it has taken already, until WeChat would not know it again.</summary>
    public Refusal? Postpone(string code, DateTimeOffset now)
    {
        var passed = now - DecidedAt!.Value;
        if (passed >= KnownFor) return Fail(code);
        (LastCode, NextAt) = (code, now + (passed < Lease ? Lease : passed > Longest ? Longest : passed));
        return null;
    }

    public Refusal? Fail(string code)
    {
        if (Move(PushState.Failed) is { } refusal) return refusal;
        (LastCode, NextAt) = (code, null);
        return null;
    }

    private Refusal? Move(PushState to)
    {
        if (!Legal.Contains((State, to))) return new($"push-{Words.Of(State)}", $"It is {Words.Of(State)}: this cannot be done with it now.");
        State = to;
        return null;
    }
}
