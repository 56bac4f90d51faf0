using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>
/// An exam as data (考试项目): <c>programmes/{code}.json</c>, published as (code, version) and never changed afterwards. What the words in it do is code,
/// a closed set; which of them an exam uses, in what order and with what numbers, is the document's. Every rule names its <c>source</c>.
/// </summary>
public sealed record ExamProgramme(
    string Code, int Version, string Title, CandidateRule Candidates, IReadOnlyList<ProfileNeed> ProfileNeeds, IReadOnlyList<FormSection> Form, PhotoRule Photo,
    IReadOnlyList<DocumentRule> Documents, ChangePolicy Change, IReadOnlyList<Stage> Stages, IReadOnlyList<string> Subjects, IReadOnlyList<AreaPolicy> AreaPolicies,
    DeadlineRules Deadlines, IReadOnlyList<ExamSession> Sessions)
{
    public ExamSession? Session(string code) => Sessions.FirstOrDefault(s => s.Code == code);
    public FormSection? Section(string code) => Form.FirstOrDefault(s => s.Code == code);
    public Stage Stage(string code) => Stages.First(s => s.Code == code);
    public Stage? StageAfter(string code) => Stages.SkipWhile(s => s.Code != code).Skip(1).FirstOrDefault();

    /// <summary>Whether <paramref name="stage"/> comes no later than <paramref name="last"/> in this programme's order.</summary>
    public bool NotAfter(string stage, string last) => Stages.TakeWhile(s => s.Code != last).Append(Stage(last)).Any(s => s.Code == stage);

    /// <summary>The policy of an area of a session; null when the area does not take part.</summary>
    public AreaPolicy? PolicyOf(ExamSession session, string? area) =>
        session.Areas.FirstOrDefault(a => a.Area == area) is { } taking ? AreaPolicies.First(p => p.Code == taking.Policy) : null;
}

/// <param name="DocumentTypes">Identity documents a candidate may hold, in identity's words.</param>
public sealed record CandidateRule(IReadOnlyList<string> DocumentTypes, string Source);

/// <summary>A group of the profile that must be filled before an application can start, with at most <paramref name="Most"/> entries where the exam says so.</summary>
public sealed record ProfileNeed(ProfileGroup Group, string Source, int? Most = null);

public sealed record PhotoRule(IReadOnlyList<string> ContentTypes, long MaxBytes, string Source);

/// <param name="RequiredWhen">All of them must hold for the document to be asked for.</param>
/// <param name="Hint">What the candidate is told about it, such as 'original' or 'sealed copy'.</param>
public sealed record DocumentRule(string Code, string Title, string Hint, IReadOnlyList<Condition> RequiredWhen, IReadOnlyList<string> ContentTypes, long MaxBytes, string Source);

/// <summary>What change means after submission. Without <paramref name="Withdraw"/> nothing can be taken back to be edited.</summary>
public sealed record ChangePolicy(WithdrawRule? Withdraw, string Source);

/// <param name="UntilPassed">The last stage at which a submission can still be taken back.</param>
/// <param name="Window">The window that must be open for it; it also ends the time to submit again.</param>
public sealed record WithdrawRule(string UntilPassed, WindowKind Window, string Source);

/// <summary>Something officers of one level decide.</summary>
/// <param name="Window">The window in which it happens.</param>
public sealed record Stage(string Code, string Title, StageKind Kind, DeciderLevel Decider, WindowKind Window, FailureRule OnFail, IReadOnlyList<StageReason> Reasons, string Source);

/// <summary>What a failed stage leads to.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ReturnToCandidate), "return")]
[JsonDerivedType(typeof(RejectForGood), "reject")]
public abstract record FailureRule;

/// <param name="ResumeAt">The stage at which the corrected version starts again.</param>
/// <param name="Window">The window whose end is the deadline of the correction.</param>
public sealed record ReturnToCandidate(string ResumeAt, WindowKind Window, string Source) : FailureRule;
public sealed record RejectForGood(string Source) : FailureRule;

/// <summary>A reason for failing, in two wordings. <paramref name="Item"/> names what is to be mended: <c>section/field</c>, a document's code, <c>photo</c>; empty for the whole.</summary>
public sealed record StageReason(string Code, string Officer, string Candidate, string Item);

/// <param name="LeastDays">A deadline that starts late in its window is never nearer than this.</param>
public sealed record DeadlineRules(int LeastDays, IReadOnlyList<Reminder> Reminders, string Source);

/// <summary>When the candidate is told that something still to be done ends soon.</summary>
public sealed record Reminder(DeadlineTask Task, int HoursBefore);

public enum StageKind { Confirmation, Review }
public enum DeciderLevel { National, Area, Site, Point }
public enum DeadlineTask { Submit, Confirm, Correct, Pay }
