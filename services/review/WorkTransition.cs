namespace ExamPlatform.Reviews;

/// <summary>One step of a piece of work: who, when, from, to, and the submission it was about. Never changed: the database refuses it.</summary>
public sealed class WorkTransition
{
    public long Id { get; init; }
    public Guid WorkId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The officer; null when the platform did it.</summary>
    public Guid? ActorId { get; init; }
    public WorkState From { get; init; }
    public WorkVerb Verb { get; init; }
    public WorkState To { get; init; }
    public int Version { get; init; }
    public VoidCause? Cause { get; init; }
}
