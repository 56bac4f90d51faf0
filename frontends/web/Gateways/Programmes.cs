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
public sealed record SessionAreas(string Session, IReadOnlyList<AreaLine> Areas);
public sealed record AreaLine(string Area, string Title, string Confirmation, PaymentLine? Payment, IReadOnlyList<WindowLine> Windows, IReadOnlyList<SiteLine> Sites);
public sealed record PaymentLine(long AmountInFen, IReadOnlyList<FeePart> Parts);
public sealed record SiteLine(string Site, string Title);
public sealed record PlanLine(string Session, string Batch, string Base, string BaseTitle, string Speciality, int Quota, int Free);
