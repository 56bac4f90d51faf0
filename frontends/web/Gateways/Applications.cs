namespace ExamPlatform.Web.Gateways;

// What pages show of a candidate's applications: only members that a page uses.
public sealed record ApplicationLine(Guid Id, string Programme, string ProgrammeTitle, string Session, string SessionTitle, string Standing, Status Status, DateTimeOffset CreatedAt, bool Trial);

/// <param name="Who">candidate, officer or nobody.</param>
/// <param name="Next">fill, submit, wait, confirmOnSite, correct, pay, appeal, nothing.</param>
public sealed record Status(string Where, string Text, string Who, DateTimeOffset? Until, string Next);
public sealed record ApplicationView(Guid Id, string Programme, string Session, string Standing, Status Status, IReadOnlyList<ProgressNode> Progress, string? Area, string? Site, IReadOnlyList<StepView> Steps,
    Guid? Photo, IReadOnlyDictionary<string, Guid> Documents, int Version, ReturnView? Returned, FeeView? Fee, IReadOnlyList<Preference> Preferences, IReadOnlyList<PaperView> Papers, IReadOnlyList<string> Subjects, bool OpenForEditing);
public sealed record ProgressNode(string Code, string Title, string State);
public sealed record StepView(string Code, string Title, bool Complete, IReadOnlyList<Fault> Faults);
public sealed record ReturnView(string Stage, IReadOnlyList<ReasonView> Reasons, string Remark);
public sealed record ReasonView(string Code, string Text, string Item);
public sealed record FeeView(Guid Id, long AmountInFen, DateTimeOffset DueAt, IReadOnlyList<FeePart> Parts, IReadOnlyList<string> Channels, bool Mobile);
public sealed record FeePart(string Title, long AmountInFen);
public sealed record PaperView(string Code, string Title, int Copies, DateTimeOffset DueAt, DateTimeOffset? ArrivedAt);
public sealed record Preference(string Base, string Speciality);
/// <param name="By">candidate, officer or platform.</param>
public sealed record HistoryLine(DateTimeOffset At, string Event, string By, int Version, IReadOnlyList<string> Reasons, string? FromStage = null, string? ToStage = null);

/// <summary>The form as it is asked at this moment; what is evaluated, the platform has evaluated.</summary>
public sealed record FormView(string Programme, string ProgrammeTitle, string SessionTitle, string? AreaTitle, IReadOnlyList<StepForm> Steps, PhotoAsked Photo, IReadOnlyList<DocumentAsked> Documents, PreferencesAsked? Preferences, bool Trial, IdentityRule? IdentityCheck = null);
public sealed record IdentityRule(string Pending, string Failed, string Unreachable)
{
    /// <summary>none, warn or wait.</summary>
    public string Of(string? state) => state switch { "pending" => Pending, "failed" => Failed, "unreachable" => Unreachable, _ => "none" };
}
public sealed record StepForm(string Code, string Title, bool Open, IReadOnlyList<FieldAsked> Fields);
public sealed record FieldAsked(string Code, string Title, string Kind, bool Required, string? Value, string? Shown, bool Reveals, IReadOnlyList<Choice>? Choices, string? Group, int? Most, int? MaxLength, int? Min, int? Max, bool Past);
public sealed record Choice(string Code, string Title);
public sealed record PhotoAsked(bool Open, Guid? Upload, IReadOnlyList<string> ContentTypes, long MinBytes, long MaxBytes, string Ground, PixelSize? Pixels = null);
public sealed record PixelSize(int Width, int Height);
public sealed record DocumentAsked(string Code, string Title, string Hint, bool Open, Guid? Upload, IReadOnlyList<string> ContentTypes, long MinBytes, long MaxBytes);
public sealed record PreferencesAsked(bool Open, int Most, string? OpenBatch);
public sealed record Sent(int Version, string VerificationCode, DateTimeOffset SubmittedAt);

/// <param name="State">quarantined, ready or rejected.</param>
/// <param name="Photo">What was seen, where the platform made it of another upload.</param>
public sealed record KeptPhoto(Guid Id, string Kind, string State, long Bytes, DateTimeOffset UploadedAt, int? Width = null, int? Height = null, MadePhoto? Photo = null);
public sealed record MadePhoto(Guid MadeFrom, Guid Application, PhotoCut Cut, int Turn, IReadOnlyList<PhotoFinding> Findings, bool BecauseOfSight, DateTimeOffset? ConfirmedAt = null);

/// <summary>Fractions of the upright picture.</summary>
public sealed record PhotoCut(double Left, double Top, double Width, double Height);

/// <param name="Severity">stop or advise.</param>
public sealed record PhotoFinding(string Code, string Severity, string What, string WhatToDo);
public sealed record Upload(Guid Id, string State, string? RejectedFor = null, long Bytes = 0);
