namespace ExamPlatform.Notifications;

/// <summary>When and by what a person wants to be told. Who has chosen nothing has none: the defaults are those of a new one.</summary>
public sealed class NoticePreference
{
    private static readonly TimeSpan BeijingTime = TimeSpan.FromHours(8);

    public Guid CandidateId { get; init; }

    /// <summary>Beijing time. Equal ends: no quiet hours.</summary>
    public TimeOnly QuietFrom { get; private set; } = new(22, 0);
    public TimeOnly QuietUntil { get; private set; } = new(7, 0);

    /// <summary>Channels that are not wanted, as they stand in JSON. The inbox is always there.</summary>
    public List<string> Off { get; private set; } = [];
    public uint Version { get; init; }

    public void Choose(TimeOnly quietFrom, TimeOnly quietUntil, IEnumerable<DeliveryChannel> off) =>
        (QuietFrom, QuietUntil, Off) = (quietFrom, quietUntil, [.. off.Distinct().Order().Select(Words.Of)]);

    public bool Wants(DeliveryChannel channel) => !Off.Contains(Words.Of(channel));

    /// <summary>When the quiet hours end that it is now; null where it is none of them.</summary>
    public DateTimeOffset? QuietEnd(DateTimeOffset now)
    {
        var beijing = now.ToOffset(BeijingTime);
        if (!TimeOnly.FromTimeSpan(beijing.TimeOfDay).IsBetween(QuietFrom, QuietUntil)) return null; // between equal ends is nothing
        var end = new DateTimeOffset(beijing.Date + QuietUntil.ToTimeSpan(), BeijingTime);
        return (end > now ? end : end.AddDays(1)).ToUniversalTime();
    }

    /// <summary>What is told at any hour and by every channel: digits that are waited for, and what may be a theft of the account.</summary>
    public static bool IsUrgent(NoticeEvent of) => of is NoticeEvent.SmsCode or NoticeEvent.PasswordReplaced or NoticeEvent.SignInMeansChanged or NoticeEvent.AccountDeletionAsked or NoticeEvent.CounterEntryMade;

    /// <summary>When a day began, in Beijing.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset now) => new DateTimeOffset(now.ToOffset(BeijingTime).Date, BeijingTime).ToUniversalTime();
}

/// <summary>How often a person may still be sent a subscribe message of one template: each accept in the mini-program is good for one.</summary>
public sealed class Subscription
{
    public Guid CandidateId { get; init; }

    /// <summary>The template's id at WeChat.</summary>
    public required string TemplateId { get; init; }
    public int Left { get; init; }
}
