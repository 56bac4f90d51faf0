namespace ExamPlatform.Identities.Contracts;

/// <summary>A candidate's account exists. What it holds is asked by gRPC.</summary>
public sealed record CandidateRegistered(Guid CandidateId, DateTimeOffset At);

/// <summary>A candidate asked to have account and data deleted: nothing new is begun for them until that is taken back. Carried out from <paramref name="NotBefore"/> on, once nothing holds it.</summary>
public sealed record AccountDeletionAsked(Guid CandidateId, DateTimeOffset NotBefore, DateTimeOffset At);

public sealed record AccountDeletionTakenBack(Guid CandidateId, DateTimeOffset At);

/// <summary>The account is no more, and nobody acts in its name any more: whatever is kept of the person goes, everywhere.</summary>
public sealed record AccountDeleted(Guid CandidateId, DateTimeOffset At);

/// <summary>An officer may act from now on. <paramref name="Level"/>: national, area, site or point; <paramref name="AreaPath"/> as in the access token.</summary>
public sealed record OfficerAppointed(Guid OfficerId, string Level, string AreaPath, DateTimeOffset At);

/// <summary>A candidate's password is another one now: its owner is to hear of it, whoever did it.</summary>
public sealed record PasswordReplaced(Guid CandidateId, DateTimeOffset At);

/// <summary>There is another way into a candidate's account, or one less: a passkey, or a mobile that is told digits. Its owner is to hear of it, on the mobile of before.</summary>
public sealed record SignInMeansChanged(Guid CandidateId, DateTimeOffset At);

/// <summary>An officer corrected what the candidate's document says: its owner is to hear of it.</summary>
public sealed record IdentityCorrected(Guid CandidateId, DateTimeOffset At);

/// <summary>The national registry has answered about a candidate's document and name: they belong together or not. What it said is asked by gRPC.</summary>
public sealed record IdentityVerified(Guid CandidateId, bool Passed, DateTimeOffset At);

/// <summary>Six digits are to go to a mobile by SMS. Both are asked by gRPC when it is sent, and are told while the code is good.</summary>
public sealed record SmsCodeIssued(Guid CodeId, DateTimeOffset At);

/// <summary>A person agreed on paper that an officer registers and applies for them, or proved who they are for a new password. <paramref name="DocumentId"/> is the scan, which lay with the officer until now.</summary>
public sealed record ConsentGiven(Guid CandidateId, Guid DocumentId, Guid OfficerId, DateTimeOffset At);
