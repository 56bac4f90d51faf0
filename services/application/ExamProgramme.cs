using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>
/// An exam as data (考试项目): <c>programmes/{code}.json</c>, published as (code, version) and never changed afterwards. What the words in it do is code,
/// a closed set; which of them an exam uses, in what order and with what numbers, is the document's. Every rule names its <c>source</c>.
/// </summary>
public sealed record ExamProgramme(
    string Code, int Version, string Title, CandidateRule Candidates, IReadOnlyList<ProfileNeed> ProfileNeeds, IReadOnlyList<FormSection> Form, PhotoRule Photo,
    IReadOnlyList<DocumentRule> Documents, ChangePolicy Change, IReadOnlyList<Stage> Stages, IReadOnlyList<string> Subjects, IReadOnlyList<AreaPolicy> AreaPolicies,
    DeadlineRules Deadlines, IReadOnlyList<ExamSession> Sessions, PreferenceRule? Preferences = null, IReadOnlyList<AddedSubject>? AddedSubjects = null, IReadOnlyList<PaperRule>? Papers = null, CounterRule? Counter = null,
    PublicNoticeRule? PublicNotice = null, OutageRule? Outages = null, RetentionRule? Retention = null)
{
    public ExamSession? Session(string code) => Sessions.FirstOrDefault(s => s.Code == code);
    public FormField? Field(string path) => path.Split('/') is [var section, var field] ? Section(section)?.Field(field) : null;
    /// <summary>Where the form asks what the person is registered as, with the field; null where it does not.</summary>
    public (string Path, ChoiceField Field)? AsRegistered() =>
        Form.SelectMany(section => section.Fields.OfType<ChoiceField>().Where(field => field.AsRegistered).Select(field => ((string, ChoiceField)?)($"{section.Code}/{field.Code}", field))).FirstOrDefault();

    public FormSection? Section(string code) => Form.FirstOrDefault(s => s.Code == code);
    public Stage Stage(string code) => Stages.First(s => s.Code == code);
    public Stage? StageAfter(string code) => Stages.SkipWhile(s => s.Code != code).Skip(1).FirstOrDefault();

    /// <summary>The stage before; null at the first.</summary>
    public Stage? StageBefore(string code) => Stages.TakeWhile(s => s.Code != code).LastOrDefault();

    /// <summary>The subjects of one candidate: everybody's, and those that the answers add.</summary>
    public IReadOnlyList<string> SubjectsFor(IReadOnlyDictionary<string, string> answers) =>
        [.. Subjects, .. (AddedSubjects ?? []).Where(s => s.When.Holds(answers)).Select(s => s.Title)];

    /// <summary>Whether <paramref name="stage"/> comes no later than <paramref name="last"/> in this programme's order.</summary>
    public bool NotAfter(string stage, string last) => Stages.TakeWhile(s => s.Code != last).Append(Stage(last)).Any(s => s.Code == stage);

    /// <summary>The policy of an area of a session; null when the area does not take part.</summary>
    public AreaPolicy? PolicyOf(ExamSession session, string? area) =>
        session.Areas.FirstOrDefault(a => a.Area == area) is { } taking ? AreaPolicies.First(p => p.Code == taking.Policy) : null;
}

/// <param name="DocumentTypes">Identity documents a candidate may hold, in identity's words.</param>
/// <param name="IdentityCheck">What the comparison of document and name with the national registry means here; null: nothing.</param>
/// <param name="WeChat">What of WeChat is asked for before an application is started; null: nothing.</param>
public sealed record CandidateRule(IReadOnlyList<string> DocumentTypes, string Source, IdentityCheckRule? IdentityCheck = null, WeChatRule? WeChat = null);

/// <summary>What each state of the comparison does. One that passed, and a document that no register holds, never do anything: officers look at the document.</summary>
/// <param name="Pending">Not compared yet.</param>
/// <param name="Failed">Number and name do not belong together.</param>
/// <param name="Unreachable">The registry gives no answer.</param>
public sealed record IdentityCheckRule(CheckEffect Pending, CheckEffect Failed, CheckEffect Unreachable, string Source)
{
    /// <param name="state">In identity's words.</param>
    /// <param name="sending">Whether a version is to be sent in now: filling in may begin while the comparison is open.</param>
    public Refusal? Refuses(string state, bool sending) => state switch
    {
        "failed" when Failed is CheckEffect.Wait => new("identity-check-failed", "Your name and document number do not agree with the national registry. Compare them; have the exam office of your area correct them on your document, then they are checked again."),
        "pending" when Pending is CheckEffect.Wait && sending => new("identity-check-pending", "Your name and document number are being compared with the national registry; what you have filled in is kept, send it in a few minutes later."),
        "unreachable" when Unreachable is CheckEffect.Wait && sending => new("identity-check-unreachable", "The national registry gives no answer now and is asked again and again; what you have filled in is kept, send it in later."),
        _ => null,
    };
}

/// <summary>Nothing; told to the candidate; or told, and nothing can be sent in before it is over.</summary>
public enum CheckEffect { None, Warn, Wait }

/// <summary>The candidate's own WeChat must be bound when an application is started. Whoever unbinds it or leaves the official account later loses nothing by it (B10).</summary>
/// <param name="Follow">Whether the official account must be followed too.</param>
public sealed record WeChatRule(bool Follow, string Source);

/// <summary>A group of the profile that must be filled before an application can start, with at most <paramref name="Most"/> entries where the exam says so.</summary>
public sealed record ProfileNeed(ProfileGroup Group, string Source, int? Most = null);

/// <param name="MinBytes">Smaller files are refused as well.</param>
/// <param name="Ground">The colour behind the head.</param>
/// <param name="Pixels">What the tool of a front end cuts a picture to. Another size is taken as well: who has no such tool must not need one.</param>
/// <param name="SetGround">The tool may put the asked ground in the place of a plain one of another colour.</param>
public sealed record PhotoRule(IReadOnlyList<string> ContentTypes, long MaxBytes, string Source, long MinBytes = 0, PhotoGround Ground = PhotoGround.Any, PixelSize? Pixels = null, bool SetGround = false);

public sealed record PixelSize(int Width, int Height);

/// <param name="RequiredWhen">All of them must hold for the document to be asked for.</param>
/// <param name="Hint">What the candidate is told about it, such as 'original' or 'sealed copy'.</param>
public sealed record DocumentRule(string Code, string Title, string Hint, IReadOnlyList<Condition> RequiredWhen, IReadOnlyList<string> ContentTypes, long MaxBytes, string Source, long MinBytes = 0);

/// <summary>A paper that is sent by post and ticked off when it arrives (F7).</summary>
/// <param name="Copies">How many of it.</param>
/// <param name="When">All must hold for the paper to be asked for.</param>
public sealed record PaperRule(string Code, string Title, int Copies, IReadOnlyList<Condition> When, WindowKind Window, string Source);

/// <summary>A subject that only some candidates sit, such as 军事医学 for the military.</summary>
public sealed record AddedSubject(string Title, FieldIs When, string Source);

/// <summary>What change means after submission. What is null is not possible.</summary>
/// <param name="Withdraw">Taken back to be edited and sent in again.</param>
/// <param name="Edit">Edited and sent in again without being taken back.</param>
/// <param name="GiveUp">When it can be given up (and started anew); null: as long as it lives.</param>
/// <param name="AreaChangeClears">Whether choosing another area clears what was filled in.</param>
public sealed record ChangePolicy(WithdrawRule? Withdraw, string Source, EditRule? Edit = null, GiveUpRule? GiveUp = null, bool AreaChangeClears = true);

/// <param name="UntilPassed">The last stage at which a submission can still be taken back.</param>
/// <param name="Window">The window that must be open for it; it also ends the time to submit again.</param>
public sealed record WithdrawRule(string UntilPassed, WindowKind Window, string Source);

/// <param name="UntilPassed">The last stage at which a submission can still be replaced by a newer one.</param>
/// <param name="Window">The window that must be open for it.</param>
public sealed record EditRule(string UntilPassed, WindowKind Window, string Source);

/// <param name="Window">The window that must be open for it.</param>
public sealed record GiveUpRule(WindowKind Window, string Source);

/// <summary>Something officers of one level decide.</summary>
/// <param name="Window">The window in which it happens.</param>
/// <param name="LocksArea">Once it is passed the area is fixed; it opens again when the application is sent back to here.</param>
/// <param name="Checks">Registers that are asked, and that must agree, before it can be passed.</param>
/// <param name="Appeal">Whether a failure for good can be taken to another level.</param>
public sealed record Stage(string Code, string Title, StageKind Kind, DeciderLevel Decider, WindowKind Window, FailureRule OnFail, IReadOnlyList<StageReason> Reasons, string Source,
    bool LocksArea = false, IReadOnlyList<RegisterCheck>? Checks = null, AppealRule? Appeal = null)
{
    /// <summary>What a failure for these reasons leads to: null where it is for good.</summary>
    public ReturnToCandidate? ReturnsFor(IReadOnlyList<string> reasons) => Reasons.Any(r => r.Final && reasons.Contains(r.Code)) ? null : OnFail as ReturnToCandidate;
}

/// <summary>What a failed stage leads to.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ReturnToCandidate), "return")]
[JsonDerivedType(typeof(ReleaseThenReturn), "release")]
[JsonDerivedType(typeof(RejectForGood), "reject")]
public abstract record FailureRule;

/// <param name="ResumeAt">The stage at which the corrected version starts again.</param>
/// <param name="Window">The window whose end is the deadline of the correction.</param>
public record ReturnToCandidate(string ResumeAt, WindowKind Window, string Source) : FailureRule;

/// <summary>Officers of another level look at the failure and pass it on to the candidate; who has not done so in time is passed over (F5, F12).</summary>
/// <param name="By">The level that passes it on.</param>
/// <param name="WithinHours">After so many hours the platform tells the candidate itself.</param>
public sealed record ReleaseThenReturn(DeciderLevel By, int WithinHours, string ResumeAt, WindowKind Window, string Source) : ReturnToCandidate(ResumeAt, Window, Source);
public sealed record RejectForGood(string Source) : FailureRule;

/// <param name="Decider">The level that decides, above the one that failed it.</param>
/// <param name="WithinDays">How long after the failure it can be appealed.</param>
public sealed record AppealRule(DeciderLevel Decider, int WithinDays, string Source);

/// <summary>A reason for failing, in two wordings. <paramref name="Item"/> names what is to be mended: <c>section/field</c>, a document's code, <c>photo</c>, <c>area</c>, <c>preferences</c>; empty for the whole.</summary>
/// <param name="Final">Fails it for good, whatever the stage's other reasons lead to.</param>
public sealed record StageReason(string Code, string Officer, string Candidate, string Item, bool Final = false)
{
    /// <summary>The reason that every stage has, and that an officer puts in words (选其他项可以手工填写原因).</summary>
    public const string Other = "other";
}

/// <summary>A register that an acceptance asks about the candidate.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DisabilityRegisterCheck), "disabilityRegister")]
public abstract record RegisterCheck;

/// <summary>The person must be in the disability register of the jurisdiction (F2, B14).</summary>
/// <param name="Field">The answer that holds the certificate's number: <c>section/field</c> of kind disabilityCertificate.</param>
public sealed record DisabilityRegisterCheck(string Field, string Source) : RegisterCheck;

/// <summary>Places are chosen instead of an area: bases and specialities against a plan (志愿).</summary>
/// <param name="Most">How many may be named; the first that has a place left is taken.</param>
public sealed record PreferenceRule(int Most, string Source);

/// <summary>Officers may enter an application for a person who came to the counter; the person confirms it by replying to an SMS (现场报名).</summary>
/// <param name="By">The level that does it.</param>
/// <param name="ReplyWithinHours">How long the reply is waited for.</param>
public sealed record CounterRule(DeciderLevel By, int ReplyWithinHours, string Source)
{
    /// <summary>Officers of that level keep the counter; those of the level above may stand in.</summary>
    public bool IsKeptBy(string level) => Enum.TryParse<DeciderLevel>(level, ignoreCase: true, out var officers) && (officers == By || officers == By - 1);
}

/// <param name="LeastDays">A deadline that starts late in its window is never nearer than this.</param>
public sealed record DeadlineRules(int LeastDays, IReadOnlyList<Reminder> Reminders, string Source);

/// <summary>How long the personal data of an application are kept (K3; 个人信息保护法 art. 19): then form, uploads, prints, notices and officers' words on it go.</summary>
/// <param name="Days">After the end of the session's last window and batch, and after the last that happened to the application, whichever is later. What is not decided yet is kept.</param>
public sealed record RetentionRule(int Days, string Source);

/// <summary>When the platform itself was down in the last hours of a window, the window ends later by as much (E17).</summary>
/// <param name="LastHours">How many hours before the end count.</param>
/// <param name="LeastMinutes">An outage that took less of them extends nothing.</param>
/// <param name="Windows">The windows it holds for: those in which candidates have something to do.</param>
/// <param name="Batches">Whether it holds for the batches too.</param>
public sealed record OutageRule(int LastHours, int LeastMinutes, IReadOnlyList<WindowKind> Windows, string Source, bool Batches = false);

/// <summary>When the candidate is told that something still to be done ends soon.</summary>
public sealed record Reminder(DeadlineTask Task, int HoursBefore);

public enum StageKind { Acceptance, Confirmation, Review }
public enum DeciderLevel { National, Area, Site, Point }
public enum DeadlineTask { Submit, Confirm, Correct, Pay, Appeal }
public enum PhotoGround { Any, White, Blue }
