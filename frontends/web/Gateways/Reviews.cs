using System.Text.Json;

namespace ExamPlatform.Web.Gateways;

// What pages show of officers' work: only members that a page uses.
public sealed record WorkRow(Guid Id, Guid ApplicationId, int Version, int Round, string Programme, string Session, string Stage, string Kind, string AreaPath, DateTimeOffset OpenedAt, DateTimeOffset? DueAt, string State, WorkClaim? Claim, bool Trial);
public sealed record WorkClaim(bool Mine, DateTimeOffset Until);
public sealed record WorkPage(IReadOnlyList<WorkRow> Work, string? Next);
public sealed record Neighbours(Guid? Previous, Guid? Next);
public sealed record WorkDays(DateOnly From, DateOnly Until, IReadOnlyList<StageDay> Days, IReadOnlyList<OfficerCount> Officers);
public sealed record StageDay(string Programme, string Session, string Stage, string Kind, DateOnly Day, int Arrived, int Passed, int Failed, int SentBack);
public sealed record OfficerCount(Guid OfficerId, int Passed, int Failed, int SentBack);
public sealed record ExportRecorded(Guid Id);
public sealed record ExportPage(IReadOnlyList<ExportRow> Exports, string? Next);
public sealed record ExportRow(Guid Id, Guid OfficerId, string Level, string AreaPath, DateTimeOffset At, string Format, string Purpose, ExportFilters Filters);
public sealed record ExportFilters(string? Stage, string? Programme, string? Session, string? Kind, string? AreaPath, string? DueBefore, string State, bool Trial);
public sealed record WorkCounts(IReadOnlyList<WorkCount> Counts);
public sealed record WorkCount(string Programme, string Session, string Stage, string Kind, string State, int Count);
public sealed record PassedOverPage(IReadOnlyList<PassedOver> PassedOver, string? Next);
public sealed record PassedOver(Guid ApplicationId, string Programme, string Session, string Stage, string AreaPath, DateTimeOffset? DueAt, DateTimeOffset PassedOverAt);

/// <param name="Earlier">What was decided on the application before, oldest first.</param>
public sealed record WorkSeen(WorkRow Work, SubmissionSeen Submission, DecisionSeen? Decision, IReadOnlyList<DecisionSeen> Earlier);

/// <param name="OnFail">return, release or reject.</param>
public sealed record SubmissionSeen(int Version, bool Current, string Programme, string Session, string Area, string VerificationCode, string SubmittedAt, IReadOnlyList<SectionSeen> Sections, IReadOnlyList<DocumentSeen> Documents,
    IReadOnlyList<ReasonSeen> Reasons, IReadOnlyList<RegisterSays> RegisterAnswers, IReadOnlyList<PaperSeen> Papers, string StageTitle, string OnFail);
public sealed record SectionSeen(string Code, string Title, IReadOnlyList<FieldSeen> Fields);
public sealed record FieldSeen(string Code, string Title, string Value);
public sealed record DocumentSeen(string Code, string Title, Guid DocumentId);
public sealed record ReasonSeen(string Code, string OfficerText, string CandidateText);
public sealed record RegisterSays(string Kind, string State, string? Source = null);
public sealed record PaperSeen(string Code, string Title, int Copies, string DueAt, string? ArrivedAt);
public sealed record DecisionSeen(string Stage, int Version, string Outcome, IReadOnlyList<string> Reasons, string Remark, Guid OfficerId, DateTimeOffset At);
public sealed record WorkHistory(IReadOnlyList<HistoryStep> Steps);

/// <param name="OfficerId">Null where the platform did it.</param>
public sealed record HistoryStep(DateTimeOffset At, Guid? OfficerId, string Verb, int Version, string? Cause);
public sealed record BulkPassed(int Asked, int Passed, IReadOnlyList<BulkAnswer> Items);

/// <param name="Outcome">passed, or the code of the refusal.</param>
public sealed record BulkAnswer(Guid WorkId, string Outcome);
public sealed record FormSeen(Guid ApplicationId, int Version, int CurrentVersion, bool Current, bool Stale, IReadOnlyList<ChangeSeen> Changes, IReadOnlyList<WorkRow> Work);
public sealed record ChangeSeen(string Title, string Then, string Now);

/// <summary>An upload as it is described: enough to show it.</summary>
public sealed record UploadFacts(Guid Id, string State, string? ContentType = null, int? Width = null, int? Height = null, MadePhoto? Photo = null)
{
    public bool IsImage => ContentType?.StartsWith("image/", StringComparison.Ordinal) == true;
}

// A programme document, as far as officers' pages read it.
public sealed record ProgrammeDocument(string Code, int Version, string Title, IReadOnlyList<FormSectionAsked> Form, PhotoRule Photo, IReadOnlyList<DocumentRule> Documents, IReadOnlyList<StageRule> Stages, CandidateRule Candidates, CounterRule? Counter = null,
    IReadOnlyList<ProfileNeed>? ProfileNeeds = null, IReadOnlyList<PaperRule>? Papers = null, IReadOnlyList<string>? Subjects = null, NoticeRule? PublicNotice = null);
public sealed record NoticeRule(string By, int Days, bool Objections);
public sealed record ProfileNeed(string Group);
public sealed record PaperRule(string Title, int Copies, string Window, IReadOnlyList<JsonElement> When)
{
    public bool Always => When.AreAlways;
}
public sealed record StageRule(string Code, string Title, IReadOnlyList<StageReason> Reasons);
public sealed record StageReason(string Code, string Officer, string Candidate);
public sealed record CandidateRule(IReadOnlyList<string> DocumentTypes, WeChatRule? WeChat = null);
public sealed record WeChatRule(bool Follow);
public sealed record CounterRule(string By, int ReplyWithinHours);
public sealed record PhotoRule(IReadOnlyList<string> ContentTypes, long MaxBytes, long MinBytes = 0, string Ground = "any");
public sealed record DocumentRule(string Code, string Title, string Hint, IReadOnlyList<JsonElement> RequiredWhen, IReadOnlyList<string> ContentTypes, long MaxBytes, long MinBytes = 0)
{
    public bool Always => RequiredWhen.AreAlways;
}
public sealed record FormSectionAsked(string Code, string Title, IReadOnlyList<FormFieldAsked> Fields);
public sealed record FormFieldAsked(string Kind, string Code, string Title, IReadOnlyList<JsonElement>? RequiredWhen = null, int? MaxLength = null, int? Min = null, int? Max = null, IReadOnlyList<Choice>? Choices = null, string? Group = null)
{
    /// <summary>Asked of everybody, whatever else is answered.</summary>
    public bool Always => RequiredWhen?.AreAlways == true;
}
public sealed record CounterRegistration(Guid CandidateId);
public sealed record CounterEntered(Guid Application, string Standing, DateTimeOffset? AskedUntil = null);
public sealed record ProgrammeVersion(int Version, string Title, DateTimeOffset PublishedAt, Guid? PublishedBy = null, DateTimeOffset? RetiredAt = null, Guid? RetiredBy = null);
public sealed record ProgrammePublished(string Code, int Version, string Title, bool New);

internal static class Conditions
{
    extension(IReadOnlyList<JsonElement> conditions)
    {
        /// <summary>Whether they hold whatever else is answered.</summary>
        public bool AreAlways => conditions.All(c => c.GetProperty("kind").GetString() == "always");
    }
}
