namespace ExamPlatform.Web.Gateways;

// What pages show of exams: only members that a page uses.
public sealed record ProgrammeLine(string Code, int Version, string Title, IReadOnlyList<SessionLine> Sessions);
public sealed record SessionLine(string Code, string Title, IReadOnlyList<WindowLine> Windows, IReadOnlyList<BatchLine>? Batches = null, bool Trial = false);
public sealed record WindowLine(string Window, DateTimeOffset From, DateTimeOffset Until, bool Open, ExtensionLine? Extension = null)
{
    public bool IsSame(WindowLine other) => other is not null && (Window, From, Until) == (other.Window, other.From, other.Until);
}
public sealed record BatchLine(string Batch, string Title, DateTimeOffset From, DateTimeOffset Until, ExtensionLine? Extension = null);

/// <param name="Why">In words for everybody.</param>
public sealed record ExtensionLine(DateTimeOffset Scheduled, string Why);
public sealed record OutageLine(DateTimeOffset From, DateTimeOffset Until);
public sealed record ImportedRegister(int Entries);
public sealed record TrialDiscarded(int Applications);

/// <summary>A document as a candidate would see it.</summary>
public sealed record ProgrammePreviewed(ProgrammeLine Exam, IReadOnlyList<SessionAreas> Areas, string Session, string? Area, FormView Form, IReadOnlyList<StepView> Steps, IReadOnlyList<PlanLine> Plans);
public sealed record SessionAreas(string Session, IReadOnlyList<AreaLine> Areas);
public sealed record AreaLine(string Area, string Title, string Confirmation, PaymentLine? Payment, IReadOnlyList<WindowLine> Windows, IReadOnlyList<SiteLine> Sites);
public sealed record PaymentLine(long AmountInFen, IReadOnlyList<FeePart> Parts);
public sealed record SiteLine(string Site, string Title);
public sealed record PlanLine(string Session, string Batch, string Base, string BaseTitle, string Speciality, int Quota, int Free);

// Public notices and what is said against them.
public sealed record NoticeHead(Guid Id, string Programme, string SessionTitle, string StageTitle, string? Area, DateTimeOffset From, DateTimeOffset Until, bool Objections);
public sealed record NoticeShown(NoticeHead Notice, IReadOnlyList<string> Columns, IReadOnlyList<NoticeRow> Rows, string? Next);
public sealed record NoticeRow(int Row, string Name, string? Number, IReadOnlyList<string> Values);
public sealed record NoticePutUp(Guid Id, DateTimeOffset Until, int Rows, bool More);
public sealed record ObjectionReceived(Guid Id);
public sealed record ObjectionPage(IReadOnlyList<ObjectionLine> Objections, string? Next);
public sealed record ObjectionLine(Guid Id, Guid Notice, int Row, Guid Application, string Session, string AreaPath, DateTimeOffset At, string Text, string Name, string Mobile, string State, string? Answer, Guid? SettledBy, DateTimeOffset? SettledAt);
public sealed record ObjectionSettled(bool Reopened, string? Reason);
