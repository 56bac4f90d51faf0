namespace ExamPlatform.Identities.Contracts;

/// <summary>A candidate's account exists. What it holds is asked by gRPC.</summary>
public sealed record CandidateRegistered(Guid CandidateId, DateTimeOffset At);

/// <summary>An officer may act from now on. <paramref name="Level"/>: national, area, site or point; <paramref name="AreaPath"/> as in the access token.</summary>
public sealed record OfficerAppointed(Guid OfficerId, string Level, string AreaPath, DateTimeOffset At);

/// <summary>A person agreed on paper that an officer registers and applies for them. <paramref name="DocumentId"/> is the scan, which lay with the officer until now.</summary>
public sealed record ConsentGiven(Guid CandidateId, Guid DocumentId, Guid OfficerId, DateTimeOffset At);
