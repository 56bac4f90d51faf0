namespace ExamPlatform.Notifications;

public enum SendOutcome
{
    Accepted,

    /// <summary>Surely not sent; trying again later may help.</summary>
    Refused,

    /// <summary>Surely not sent, and trying again cannot change it.</summary>
    Impossible,

    /// <summary>No answer: it may or may not have been sent.</summary>
    Unknown,

    /// <summary>The channel was not asked: nothing of a practice leaves the platform.</summary>
    Withheld,

    /// <summary>The person has no such channel.</summary>
    Skipped,
}

/// <param name="Code">The channel's own code.</param>
/// <param name="Receipt">The channel's number of the message, if it was accepted.</param>
/// <param name="OfThePerson">The refusal is about this person or this text, and says nothing about how the channel is.</param>
public sealed record SendAnswer(SendOutcome Outcome, string Code, string? Receipt = null, bool OfThePerson = false);

/// <summary>One SMS to one person. The mobile is asked for at the moment of sending and kept nowhere.</summary>
/// <param name="Programme">Whose template it is; null for that of all exams.</param>
/// <param name="Values">By the names of the template's placeholders, in the order in which they stand in it.</param>
public sealed record Sms(Guid DeliveryId, string Mobile, NoticeEvent Event, string? Programme, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    public override string ToString() => $"Sms {DeliveryId}"; // a record would print the mobile
}

/// <summary>A provider of SMS.</summary>
public interface ISmsGateway
{
    /// <summary>As it stands in <see cref="Delivery.Gateway"/>.</summary>
    string Name { get; }

    Task<SendAnswer> SendAsync(Sms sms, CancellationToken cancellationToken);

    /// <summary>Whether the gateway has taken in this delivery, sent about <paramref name="sentAt"/>; an answer of <see cref="SendOutcome.Unknown"/> says that it cannot be asked now.</summary>
    Task<SendAnswer> FindAsync(string mobile, Guid deliveryId, DateTimeOffset sentAt, CancellationToken cancellationToken);
}
