namespace ExamPlatform.Reviews;

/// <summary>An officer opened somebody's submission: who, what, when. Never changed: the database refuses it.</summary>
public sealed class Look
{
    public long Id { get; init; }
    public Guid WorkId { get; init; }
    public Guid ApplicationId { get; init; }
    public Guid CandidateId { get; init; }
    public int Version { get; init; }
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
}
