namespace ExamPlatform.Identities.Contracts;

/// <summary>A candidate's account exists. What it holds is asked by gRPC.</summary>
public sealed record CandidateRegistered(Guid CandidateId, DateTimeOffset At);

/// <summary>An officer may act from now on. <paramref name="Level"/>: national, area, site or point; <paramref name="AreaPath"/> as in the access token.</summary>
public sealed record OfficerAppointed(Guid OfficerId, string Level, string AreaPath, DateTimeOffset At);
