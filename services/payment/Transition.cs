namespace ExamPlatform.Payments;

/// <summary>One step of a fee's or an order's life that happened, kept for good.</summary>
/// <param name="Source">Who or what brought it: candidate, callback, query, deadline, application, bank.</param>
public sealed record Transition(Guid FeeId, Guid? OrderId, string From, string Event, string To, string Source, DateTimeOffset At)
{
    public long Id { get; init; }
}
