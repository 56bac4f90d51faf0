namespace ExamPlatform.Notifications;

public enum SmsOutcome
{
    Accepted,

    /// <summary>Surely not sent; trying again later may help.</summary>
    Refused,

    /// <summary>Surely not sent, and trying again cannot change it.</summary>
    Impossible,

    /// <summary>No answer: it may or may not have been sent.</summary>
    Unknown,

    /// <summary>The gateway was not asked: nothing of a practice leaves the platform.</summary>
    Withheld,
}

/// <param name="Code">The gateway's own code.</param>
/// <param name="Receipt">The gateway's number of the message, if it was accepted.</param>
public sealed record SmsAnswer(SmsOutcome Outcome, string Code, string? Receipt = null);

/// <summary>One SMS to one person. The mobile is asked for at the moment of sending and kept nowhere.</summary>
public sealed record Sms(Guid DeliveryId, string Mobile, NoticeEvent Event, IReadOnlyDictionary<string, string> Values)
{
    public override string ToString() => $"Sms {DeliveryId}"; // a record would print the mobile
}

/// <summary>A provider of SMS.</summary>
public interface ISmsGateway
{
    Task<SmsAnswer> SendAsync(Sms sms, CancellationToken cancellationToken);

    /// <summary>Whether the gateway has taken in this delivery, sent about <paramref name="sentAt"/>; an answer of <see cref="SmsOutcome.Unknown"/> says that it cannot be asked now.</summary>
    Task<SmsAnswer> FindAsync(string mobile, Guid deliveryId, DateTimeOffset sentAt, CancellationToken cancellationToken);
}
