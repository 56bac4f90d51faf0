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

/// <summary>The application was accepted (受理): the person belongs to this jurisdiction. An acceptance that fails is a <see cref="ReviewFailed"/>.</summary>
public sealed record ApplicationAccepted(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, DateTimeOffset At);

/// <summary>The stage before has to be decided again (退回重审).</summary>
public sealed record SentBack(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, string Remark, DateTimeOffset At);

/// <summary>The failure of <paramref name="Stage"/> was looked at by the level below and passed on to the candidate.</summary>
public sealed record FailureReleased(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, DateTimeOffset At);

/// <summary>The appeal against the failure of <paramref name="Stage"/> was granted: the stage counts as passed.</summary>
public sealed record AppealGranted(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, DateTimeOffset At);

/// <summary>The appeal was dismissed; the failure stands.</summary>
public sealed record AppealDismissed(Guid ApplicationId, int Version, string Stage, Guid DecisionId, Guid OfficerId, IReadOnlyList<string> Reasons, string Remark, DateTimeOffset At);

/// <summary>A paper sent by post has arrived, or was ticked off by mistake (<paramref name="Arrived"/> false). <paramref name="Paper"/> is a paper's code in the programme.</summary>
public sealed record PaperTicked(Guid ApplicationId, string Paper, bool Arrived, Guid OfficerId, DateTimeOffset At);
