namespace ExamPlatform.Reviews;

/// <summary>What an officer decided, on what, and why. Never changed: the database refuses it.</summary>
public sealed class Decision
{
    /// <summary>Characters of an officer's free text.</summary>
    public const int RemarkLimit = 500;

    /// <summary>The reason that says nothing by itself and therefore needs a remark (HP: 'other' with text).</summary>
    public const string OtherReason = "other";

    public Guid Id { get; init; }
    public Guid WorkId { get; init; }
    public Guid ApplicationId { get; init; }
    public required string Stage { get; init; }

    /// <summary>The submission the officer saw.</summary>
    public int Version { get; init; }
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
    public Outcome Outcome { get; init; }
    public required string[] Reasons { get; init; }
    public required string Remark { get; init; }
}

public enum Outcome { Pass, Fail }
