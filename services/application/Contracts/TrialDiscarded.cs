namespace ExamPlatform.Applications.Contracts;

/// <summary>Practice applications were thrown away: whoever holds anything of them throws it away too, and takes in nothing more about them.</summary>
/// <param name="DocumentIds">Their uploads that no other application of the same person uses.</param>
public sealed record TrialDiscarded(IReadOnlyList<Guid> ApplicationIds, IReadOnlyList<Guid> DocumentIds, DateTimeOffset At);
