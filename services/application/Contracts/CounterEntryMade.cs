namespace ExamPlatform.Applications.Contracts;

/// <summary>An officer has entered an application for a person at the counter; it is sent in when the person replies with <paramref name="Word"/> by <paramref name="ExpiresAt"/>.</summary>
/// <param name="Word">Six digits.</param>
public sealed record CounterEntryMade(Guid ApplicationId, Guid CandidateId, string Word, DateTimeOffset ExpiresAt, DateTimeOffset At);
