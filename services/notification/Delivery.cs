namespace ExamPlatform.Notifications;

public enum DeliveryChannel
{
    Inbox,
    Sms,

    /// <summary>A template message of the official account, to who has bound their WeChat and follows.</summary>
    WeChat,

    /// <summary>A subscribe message of the WeChat mini-program: one for each time its owner accepted.</summary>
    MiniProgram,

    /// <summary>A message of the Baidu mini-program.</summary>
    Baidu,
}

public enum DeliveryState
{
    Waiting, Sending, Delivered, Failed,

    /// <summary>Of a practice: it does not leave the platform.</summary>
    Withheld,

    /// <summary>The person has no such channel, or does not want it: nothing is to be told of it.</summary>
    Skipped,
}

/// <summary>
/// One notice on one channel. The attempt is written down before anything leaves (Waiting → Sending); what became of it, after. A process that dies between the two
/// leaves <see cref="DeliveryState.Sending"/> behind, and so does an answer that got lost: then the channel is asked what it knows before anything is sent again.
/// </summary>
public sealed class Delivery
{
    /// <summary>No attempt takes this long: a delivery that is Sending for longer is in doubt. Only after it is a channel believed that says it knows nothing of a message.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const double LongestPause = 3600;

    /// <summary>Who has been asked for so long knows no more.</summary>
    public static readonly TimeSpan LongestDoubt = TimeSpan.FromHours(12);

    /// <summary>Every legal transition.</summary>
    public static readonly IReadOnlySet<(DeliveryState From, DeliveryState To)> Transitions = new HashSet<(DeliveryState, DeliveryState)>
    {
        (DeliveryState.Waiting, DeliveryState.Sending),
        (DeliveryState.Sending, DeliveryState.Sending), // in doubt: asked again later
        (DeliveryState.Sending, DeliveryState.Waiting),
        (DeliveryState.Sending, DeliveryState.Delivered),
        (DeliveryState.Sending, DeliveryState.Failed),
        (DeliveryState.Sending, DeliveryState.Withheld),
        (DeliveryState.Sending, DeliveryState.Skipped),
        (DeliveryState.Delivered, DeliveryState.Failed), // the handset did not take what the channel had taken
    };

    /// <summary>Goes to the channel with every attempt (Aliyun's OutId).</summary>
    public Guid Id { get; init; }
    public Guid NoticeId { get; init; }
    public DeliveryChannel Channel { get; init; }
    public DeliveryState State { get; private set; }

    /// <summary>How often it was sent; asking what became of it is none.</summary>
    public int Attempts { get; private set; }

    /// <summary>Waiting: when it is tried. Sending: when the channel is asked what became of it.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>By which gateway the last attempt went: a doubt is asked about there and nowhere else. Null where the channel has one only.</summary>
    public string? Gateway { get; private set; }

    /// <summary>The channel's own number of the message.</summary>
    public string? Receipt { get; private set; }

    /// <summary>The channel's code of the last refusal.</summary>
    public string? LastCode { get; private set; }
    public uint Version { get; init; }
    public List<DeliveryHistory> History { get; } = [];

    /// <param name="gateway">Which one is to send it; an attempt in doubt keeps its own.</param>
    public Refusal? Start(DateTimeOffset now, string? gateway = null)
    {
        var sends = State is not DeliveryState.Sending; // else the attempt in doubt is asked about, under its own time
        if (Move(DeliveryState.Sending, null, now) is { } refusal) return refusal;
        if (sends) (SentAt, Gateway, Attempts) = (now, gateway, Attempts + 1);
        NextAttemptAt = now + Lease;
        return null;
    }

    public Refusal? Deliver(string? receipt, DateTimeOffset now)
    {
        if (Move(DeliveryState.Delivered, null, now) is { } refusal) return refusal;
        (Receipt, LastCode) = (receipt, null);
        return null;
    }

    /// <summary>Nobody knows whether it went out; the channel is asked again after as long as it has been in doubt, at most an hour.</summary>
    public Refusal? Doubt(string code, DateTimeOffset now)
    {
        if (State is not DeliveryState.Sending) return Illegal(DeliveryState.Sending); // Waiting → Sending is legal, but not this way
        if (now - SentAt >= LongestDoubt) return Fail(code, now);
        Move(DeliveryState.Sending, code, now);
        NextAttemptAt = now + TimeSpan.FromSeconds(Math.Clamp((now - SentAt!.Value).TotalSeconds, 1, LongestPause));
        return null;
    }

    /// <summary>Not now, for the person's sake: it did not go out, and is no attempt.</summary>
    public Refusal? Rest(string code, DateTimeOffset until, DateTimeOffset now)
    {
        if (Move(DeliveryState.Waiting, code, now) is { } refusal) return refusal;
        Attempts--;
        NextAttemptAt = until;
        return null;
    }

    /// <summary>It surely did not go out and is tried again, ever later; after <paramref name="maxAttempts"/> it has failed.</summary>
    public Refusal? Postpone(string code, int maxAttempts, DateTimeOffset now)
    {
        if (Attempts >= maxAttempts) return Fail(code, now);
        if (Move(DeliveryState.Waiting, code, now) is { } refusal) return refusal;
        NextAttemptAt = now + TimeSpan.FromSeconds(Math.Min(LongestPause, Math.Pow(2, Math.Min(Attempts, 13) - 1)));
        return null;
    }

    public Refusal? Fail(string code, DateTimeOffset now) => Move(DeliveryState.Failed, code, now);

    public Refusal? Withhold(DateTimeOffset now) => Move(DeliveryState.Withheld, null, now);

    public Refusal? Skip(string code, DateTimeOffset now) => Move(DeliveryState.Skipped, code, now);

    private Refusal? Move(DeliveryState to, string? code, DateTimeOffset now)
    {
        if (!Transitions.Contains((State, to))) return Illegal(to);
        History.Add(new() { DeliveryId = Id, At = now, From = State, To = to, Code = code });
        State = to;
        LastCode = code ?? LastCode;
        return null;
    }

    private Refusal Illegal(DeliveryState to) => new("delivery-state", $"A delivery that is {State} does not become {to}.");
}

/// <summary>What happened to a delivery; the platform itself acts.</summary>
public sealed class DeliveryHistory
{
    public long Id { get; init; }
    public Guid DeliveryId { get; init; }
    public DateTimeOffset At { get; init; }
    public DeliveryState From { get; init; }
    public DeliveryState To { get; init; }
    public string? Code { get; init; }
}
