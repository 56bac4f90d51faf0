namespace ExamPlatform.Reviews;

/// <summary>An officer passed many at once: how many were asked for, how many passed. Never changed: the database refuses it.</summary>
public sealed class BulkPass
{
    /// <summary>As many as may be passed at once.</summary>
    public const int Limit = 200;

    public Guid Id { get; init; }
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
    public int Asked { get; init; }
    public int Passed { get; init; }
}
