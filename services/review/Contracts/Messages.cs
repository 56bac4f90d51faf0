namespace ExamPlatform.Reviews.Contracts;

// Each names the version the officer saw: a decision on a version the candidate has since replaced changes nothing.

/// <summary>The registration was confirmed (报名确认).</summary>
public sealed record Confirmed(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, DateTimeOffset At);

/// <summary>Confirmation failed (确认不通过). <paramref name="Remark"/> is the officer's free text for the candidate, empty if none.</summary>
public sealed record ConfirmationFailed(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, IReadOnlyList<string> Reasons, string Remark, DateTimeOffset At);

/// <summary>A review stage was passed.</summary>
public sealed record ReviewPassed(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, DateTimeOffset At);

/// <summary>A review stage failed. What follows (return or rejection) is the programme's rule.</summary>
public sealed record ReviewFailed(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, IReadOnlyList<string> Reasons, string Remark, DateTimeOffset At);
