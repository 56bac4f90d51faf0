namespace ExamPlatform.Notifications.Contracts;

/// <summary>A notice reached its channel. <paramref name="Channel"/>: inbox, sms.</summary>
public sealed record NoticeDelivered(Guid NoticeId, Guid CandidateId, string Event, string Channel, DateTimeOffset At);

/// <summary>A notice could not be delivered on this channel after all retries. <paramref name="Reason"/> is the channel's code.</summary>
public sealed record NoticeFailed(Guid NoticeId, Guid CandidateId, string Event, string Channel, string Reason, DateTimeOffset At);

/// <summary>A person has replied to an SMS. Once for each candidate who registered with that mobile.</summary>
/// <param name="Word">What was written: trimmed, in capitals, full-width characters folded, at most 20 characters.</param>
public sealed record CandidateReplied(Guid ReplyId, Guid CandidateId, string Word, DateTimeOffset At);
