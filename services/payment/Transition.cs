namespace ExamPlatform.Payments;

/// <summary>One step of a fee's, an order's or a refund's life that happened, kept for good.</summary>
/// <param name="Source">Who or what brought it: candidate, officer, callback, query, deadline, application, bank, bill.</param>
public sealed record Transition(Guid FeeId, Guid? OrderId, string From, string Event, string To, string Source, DateTimeOffset At)
{
    public long Id { get; init; }
    public Guid? RefundId { get; init; }

    /// <summary>The officer, where it was one.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The officer's words.</summary>
    public string? Reason { get; init; }
}
