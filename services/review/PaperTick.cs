namespace ExamPlatform.Reviews;

/// <summary>An officer ticked a paper off as arrived by post, or took the tick back: who, when. Never changed; the last one counts.</summary>
public sealed class PaperTick
{
    public long Id { get; init; }
    public Guid ApplicationId { get; init; }

    /// <summary>The paper's code in the programme.</summary>
    public required string Paper { get; init; }
    public bool Arrived { get; init; }
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
}
