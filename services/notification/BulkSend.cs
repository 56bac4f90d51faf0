namespace ExamPlatform.Notifications;

/// <summary>How an application stands, for choosing whom to write to; application's words for it are the same.</summary>
public enum AudienceState { Draft, UnderReview, Returned, Unpaid, Registered, Rejected, Abandoned }

public enum BulkState
{
    /// <summary>Who gets it is being written down, page by page.</summary>
    Counting,

    /// <summary>Its writer looks at the dry run.</summary>
    Counted,

    /// <summary>It waits for a second officer.</summary>
    Proposed, Sending, Sent, Refused, Stopped,
}

public enum BulkVerb { Write, Count, Propose, Approve, Refuse, Finish, Stop }

/// <summary>
/// What an officer writes to many candidates of one exam session at once. Words and people are fixed before a second officer approves: what was approved is what is sent. Its steps are taken under the
/// row's lock, so that stopping never fails for somebody else's being quicker.
/// </summary>
public sealed class BulkSend
{
    public const int LongestTitle = 60, LongestText = 2000, LongestReason = 500;

    /// <summary>How long a dry run is good: later too many have done what they were to be told.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    /// <summary>Every legal step, and where it leads.</summary>
    public static readonly IReadOnlyDictionary<(BulkState From, BulkVerb Verb), BulkState> Legal = new Dictionary<(BulkState, BulkVerb), BulkState>
    {
        [(BulkState.Counting, BulkVerb.Count)] = BulkState.Counted,
        [(BulkState.Counted, BulkVerb.Propose)] = BulkState.Proposed,
        [(BulkState.Proposed, BulkVerb.Approve)] = BulkState.Sending,
        [(BulkState.Proposed, BulkVerb.Refuse)] = BulkState.Refused,
        [(BulkState.Sending, BulkVerb.Finish)] = BulkState.Sent,
        [(BulkState.Counting, BulkVerb.Stop)] = BulkState.Stopped,
        [(BulkState.Counted, BulkVerb.Stop)] = BulkState.Stopped,
        [(BulkState.Proposed, BulkVerb.Stop)] = BulkState.Stopped,
        [(BulkState.Sending, BulkVerb.Stop)] = BulkState.Stopped,
    };

    public Guid Id { get; init; }
    public required string ProgrammeCode { get; init; }
    public required string SessionCode { get; init; }

    /// <summary>Whose candidates, area and site at most; empty for the whole country. Whoever covers it may see, decide and stop it.</summary>
    public string AreaPath { get; init; } = "";

    /// <summary>As they stand in JSON.</summary>
    public List<string> States { get; init; } = [];
    public required string Title { get; init; }

    /// <summary>Plain text, for the inbox. Outside of the platform goes the approved template of <see cref="NoticeEvent.OfficeMessage"/>, which leads there.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it is told by SMS and WeChat as well.</summary>
    public bool Outside { get; init; }
    public BulkState State { get; private set; }
    public Guid WrittenBy { get; init; }
    public DateTimeOffset WrittenAt { get; init; }
    public DateTimeOffset? CountedAt { get; private set; }

    /// <summary>How far counting has come, as application said it; empty at its beginning.</summary>
    public string After { get; private set; } = "";

    /// <summary>Of the dry run, and no longer counted when people leave after it.</summary>
    public int People { get; private set; }
    public int BySms { get; private set; }
    public int ByWeChat { get; private set; }

    /// <summary>Whom nothing but the inbox reaches.</summary>
    public int InboxOnly { get; private set; }

    /// <summary>The SMS as the first of them would get it, signature included; null where it goes to no mobile.</summary>
    public string? SmsText { get; private set; }

    /// <summary>Of each SMS: its text names the exam and the session, so that it is as long for everybody.</summary>
    public int SmsParts { get; private set; }
    public uint Version { get; init; }
    public List<BulkHistory> History { get; } = [];

    public static BulkSend Write(string programme, string session, string areaPath, IEnumerable<AudienceState> states, string title, string text, bool outside, Guid by, DateTimeOffset now)
    {
        var bulk = new BulkSend
        {
            Id = Guid.CreateVersion7(now),
            ProgrammeCode = programme,
            SessionCode = session,
            AreaPath = areaPath,
            States = [.. states.Distinct().Order().Select(Words.Of)],
            Title = title,
            Text = text,
            Outside = outside,
            WrittenBy = by,
            WrittenAt = now,
        };
        bulk.Note(BulkVerb.Write, BulkState.Counting, by, now, null);
        return bulk;
    }

    public void WentOn(string after) => After = after;

    /// <summary>The dry run is there.</summary>
    public Refusal? Count(int people, int bySms, int byWeChat, int inboxOnly, string? smsText, int smsParts, DateTimeOffset now)
    {
        if (Step(BulkVerb.Count, null, now, null) is { } refusal) return refusal;
        (People, BySms, ByWeChat, InboxOnly, SmsText, SmsParts, CountedAt) = (people, bySms, byWeChat, inboxOnly, smsText, smsParts, now);
        return null;
    }

    /// <summary>Who wrote it has looked at the dry run and wants it sent.</summary>
    public Refusal? Propose(Guid by, DateTimeOffset now)
    {
        if (State is BulkState.Counted && by != WrittenBy) return new("not-the-writer", "Only who wrote it asks for the approval.");
        if (State is BulkState.Counted && People == 0) return new("nobody-to-tell", "Nobody meets these conditions; write it anew with others.");
        return Stale(BulkState.Counted, now) ?? Step(BulkVerb.Propose, by, now, null);
    }

    public Refusal? Approve(Guid by, DateTimeOffset now) => Own(by) ?? Stale(BulkState.Proposed, now) ?? Step(BulkVerb.Approve, by, now, null);

    public Refusal? Refuse(Guid by, string reason, DateTimeOffset now) => Own(by) ?? Step(BulkVerb.Refuse, by, now, reason);

    public Refusal? Finish(DateTimeOffset now) => Step(BulkVerb.Finish, null, now, null);

    /// <summary>What has not gone out stays here.</summary>
    public Refusal? Stop(Guid by, string reason, DateTimeOffset now) => Step(BulkVerb.Stop, by, now, reason);

    private Refusal? Own(Guid by) => State is BulkState.Proposed && by == WrittenBy ? new("same-writer", "You wrote it; another officer decides.") : null;

    private Refusal? Stale(BulkState state, DateTimeOffset now) =>
        State == state && now - CountedAt > GoodFor ? new("dry-run-too-old", $"The dry run is older than {GoodFor.TotalHours} hours; stop it and write it anew.") : null;

    private Refusal? Step(BulkVerb verb, Guid? by, DateTimeOffset now, string? reason)
    {
        if (!Legal.TryGetValue((State, verb), out var to)) return new($"bulk-{Words.Of(State)}", $"It is {Words.Of(State)}: this cannot be done with it now.");
        Note(verb, to, by, now, reason);
        return null;
    }

    private void Note(BulkVerb verb, BulkState to, Guid? by, DateTimeOffset now, string? reason)
    {
        History.Add(new() { Id = Guid.CreateVersion7(now), BulkSendId = Id, Verb = verb, From = State, To = to, By = by, At = now, Reason = reason });
        State = to;
    }
}

/// <summary>A step of a bulk send: who, when, from, to, why.</summary>
public sealed class BulkHistory
{
    public Guid Id { get; init; }
    public Guid BulkSendId { get; init; }
    public BulkVerb Verb { get; init; }
    public BulkState From { get; init; }
    public BulkState To { get; init; }

    /// <summary>Null: the platform itself.</summary>
    public Guid? By { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Why it was refused or stopped.</summary>
    public string? Reason { get; init; }
}

/// <summary>Somebody whom a bulk send is for, once, however many of their applications meet its conditions.</summary>
public sealed class BulkRecipient
{
    public Guid BulkSendId { get; init; }
    public Guid CandidateId { get; init; }

    /// <summary>The newest that meets the conditions.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Whether it would have gone by SMS and by WeChat at the dry run; what holds when it is sent is asked again.</summary>
    public bool Sms { get; init; }
    public bool WeChat { get; init; }

    /// <summary>When their notice was made.</summary>
    public DateTimeOffset? TakenAt { get; private set; }

    public void Take(DateTimeOffset now) => TakenAt = now;
}
