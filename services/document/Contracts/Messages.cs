namespace ExamPlatform.Documents.Contracts;

/// <summary>An upload left quarantine: its content is what it claims to be, and officers may open it. <paramref name="Kind"/>: photo, document, or consent, which still lies with an officer: then <paramref name="CandidateId"/> is the officer's id.</summary>
public sealed record DocumentReady(Guid DocumentId, Guid CandidateId, string Kind, DateTimeOffset At);

/// <summary>An upload was refused in quarantine. <paramref name="Reason"/>: wrong-type, truncated, too-many-pixels or infected.</summary>
public sealed record DocumentRejected(Guid DocumentId, Guid CandidateId, string Kind, string Reason, DateTimeOffset At);
