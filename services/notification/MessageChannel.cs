namespace ExamPlatform.Notifications;

/// <summary>One message to one account of somebody at another platform. The address is asked of identity at the moment of sending and kept nowhere.</summary>
/// <param name="Fields">As the template of the channel has them, in their order, within the lengths of their kinds.</param>
/// <param name="ApplicationId">What it leads to; null for the inbox.</param>
public sealed record ChannelMessage(Guid DeliveryId, string Address, NoticeEvent Event, string TemplateId, IReadOnlyList<KeyValuePair<string, string>> Fields, Guid? ApplicationId)
{
    public override string ToString() => $"ChannelMessage {DeliveryId}"; // a record would print the address
}

/// <summary>A channel of another platform beside SMS.</summary>
public interface IMessageChannel
{
    DeliveryChannel Channel { get; }

    /// <summary>Whether the operator has set it up.</summary>
    bool IsOn { get; }

    /// <summary>Which registered template stands for an event; null: this event does not go by this channel.</summary>
    string? TemplateId(NoticeEvent of, string? programme);

    /// <summary>How long after an attempt the channel itself drops a repeat of it; zero: never, so that a doubtful attempt is not repeated.</summary>
    TimeSpan DropsRepeats { get; }

    /// <summary>Whether each message uses up one accept of its owner (<see cref="Subscription"/>).</summary>
    bool UsesAccepts => false;

    Task<SendAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken);
}
