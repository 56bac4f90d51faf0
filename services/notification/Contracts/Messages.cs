namespace ExamPlatform.Notifications.Contracts;

/// <summary>A notice reached its channel. <paramref name="Channel"/>: inbox, sms.</summary>
public sealed record NoticeDelivered(Guid NoticeId, Guid CandidateId, string Event, string Channel, DateTimeOffset At);

/// <summary>A notice could not be delivered on this channel after all retries. <paramref name="Reason"/> is the channel's code.</summary>
public sealed record NoticeFailed(Guid NoticeId, Guid CandidateId, string Event, string Channel, string Reason, DateTimeOffset At);

/// <summary>A candidate answered an SMS (上行短信). People who share a mobile are told of the same reply, each by a message of their own.</summary>
/// <param name="ReplyId">The reply's, the same for all who share the mobile.</param>
/// <param name="Word">What was written: trimmed, full-width folded to half-width, upper case, at most 20 characters. Numbers of 11 digits or more (mobiles, documents) are taken out.</param>
/// <param name="At">When it was sent, by the gateway.</param>
public sealed record CandidateReplied(Guid ReplyId, Guid CandidateId, string Word, DateTimeOffset At);
