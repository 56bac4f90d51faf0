namespace ExamPlatform.Applications.Contracts;

// Trial: the application is a practice (试报名). Whoever hears of it sends nothing outside, counts it nowhere, and throws it away when TrialDiscarded says so.

/// <summary>A version of an application was submitted and can no longer change. <paramref name="DocumentIds"/> are the uploads it holds, the photo included.</summary>
/// <param name="Version">1 for the first submission, counted up by each.</param>
/// <param name="AreaPath">Where it is handled: area codes, each ended by a slash, <c>110000/110100/</c>.</param>
public sealed record ApplicationSubmitted(Guid ApplicationId, Guid CandidateId, int Version, string ProgrammeCode, int ProgrammeVersion, string SessionCode,
    string AreaPath, IReadOnlyList<Guid> DocumentIds, DateTimeOffset At, bool Trial = false);

/// <summary>An officer has to act: the application came to a stage that officers of <paramref name="Level"/> decide.</summary>
/// <param name="Stage">The stage's code in the programme; unique within it. Of a release or an appeal: the stage that failed.</param>
/// <param name="Kind"><c>acceptance</c>, <c>confirmation</c>, <c>review</c>, <c>release</c> (a failure of another level is to be passed on to the candidate) or <c>appeal</c>.</param>
/// <param name="Level">Level of the officers who decide: national, area, site, point.</param>
/// <param name="DueAt">When the stage's window ends, if it does.</param>
/// <param name="Round">1, 2, 3 …: counts what was opened for this application; a stage that is opened again for the same version has a new one.</param>
/// <param name="Revived">The application had been given up by a deadline that was kept after all: what was closed with it is open again.</param>
public sealed record StageOpened(Guid ApplicationId, Guid CandidateId, int Version, string ProgrammeCode, int ProgrammeVersion, string SessionCode,
    string Stage, string Kind, string Level, string AreaPath, DateTimeOffset? DueAt, DateTimeOffset At, int Round = 0, bool Trial = false, bool Revived = false);

/// <summary>A stage is passed, and counts: the version was still the one that stands.</summary>
/// <param name="Stage">The stage's code in the programme.</param>
public sealed record StagePassed(Guid ApplicationId, Guid CandidateId, int Version, string Stage, DateTimeOffset At, bool Trial = false);

/// <summary>A stage failed and the candidate may mend it. <paramref name="Reasons"/> are reason codes of the stage.</summary>
public sealed record ReturnedForCorrection(Guid ApplicationId, Guid CandidateId, int Version, string Stage, IReadOnlyList<string> Reasons, DateTimeOffset? DueAt, DateTimeOffset At);

/// <summary>The level that had to pass a failure on to the candidate did not do so in time; the platform did it (F12).</summary>
public sealed record ReleaseOverdue(Guid ApplicationId, Guid CandidateId, int Version, string Stage, string AreaPath, DateTimeOffset At);

/// <summary>A stage failed for good.</summary>
public sealed record ApplicationRejected(Guid ApplicationId, Guid CandidateId, int Version, string Stage, IReadOnlyList<string> Reasons, DateTimeOffset At);

/// <summary>The candidate took the submission back before it was confirmed; open work on it is void.</summary>
/// <param name="DueAt">Until when it can be sent in again, before it is given up.</param>
public sealed record ApplicationWithdrawn(Guid ApplicationId, Guid CandidateId, int Version, DateTimeOffset At, DateTimeOffset? DueAt = null);

/// <summary>Given up, by the candidate or by a missed deadline. <paramref name="Cause"/>: candidate, confirmation-missed, correction-missed, payment-missed; of an entry at the counter: entry-unanswered, entry-refused, entry-replaced.</summary>
public sealed record ApplicationAbandoned(Guid ApplicationId, Guid CandidateId, int Version, string Cause, DateTimeOffset At, bool Trial = false);

/// <summary>All reviews are passed and the fee is due. <paramref name="FeeId"/> is new for each falling due; the payment service closes it at <paramref name="DueAt"/>.</summary>
public sealed record FeeDue(Guid ApplicationId, Guid CandidateId, Guid FeeId, string ProgrammeCode, string SessionCode, string AreaPath, long AmountInFen, DateTimeOffset DueAt, DateTimeOffset At, bool Trial = false);

/// <summary>The payment window ends later: the fee is due at <paramref name="DueAt"/> now. Told again, or in another order, the latest counts.</summary>
public sealed record FeeDueMoved(Guid ApplicationId, Guid CandidateId, Guid FeeId, DateTimeOffset DueAt, DateTimeOffset At);

/// <summary>The candidate is registered for the exam (报名成功).</summary>
public sealed record RegistrationCompleted(Guid ApplicationId, Guid CandidateId, string ProgrammeCode, string SessionCode, DateTimeOffset At, bool Trial = false);

/// <summary>The candidate appeals against a failure for good (F10).</summary>
public sealed record ApplicationAppealed(Guid ApplicationId, Guid CandidateId, int Version, string Stage, DateTimeOffset At);

/// <summary>The candidate still has something to do and the window ends soon. <paramref name="Task"/>: submit, correct, confirm, pay.</summary>
public sealed record DeadlineNear(Guid ApplicationId, Guid CandidateId, string Task, DateTimeOffset DueAt, DateTimeOffset At, bool Trial = false);

/// <summary>The platform was down in the last hours of a window in which the candidate still has something to do: the window ends later. <paramref name="Task"/>: submit, correct, confirm, pay.</summary>
public sealed record WindowExtended(Guid ApplicationId, Guid CandidateId, string Task, DateTimeOffset DueAt, DateTimeOffset At, bool Trial = false);

/// <summary>
/// The time is over for which an exam keeps the personal data of these applications, or the person's account was deleted: what anybody keeps on their account goes.
/// <paramref name="DocumentIds"/>: uploads that no other application of the person uses.
/// </summary>
public sealed record ApplicationsCleared(IReadOnlyList<Guid> ApplicationIds, IReadOnlyList<Guid> DocumentIds, DateTimeOffset At);
