namespace ExamPlatform.Web.Gateways;

// What pages show of exams: only members that a page uses.
public sealed record ProgrammeLine(string Code, int Version, string Title, IReadOnlyList<SessionLine> Sessions);
public sealed record SessionLine(string Code, string Title, IReadOnlyList<WindowLine> Windows);
public sealed record WindowLine(string Window, DateTimeOffset From, DateTimeOffset Until, bool Open);
public sealed record SessionAreas(string Session, IReadOnlyList<AreaLine> Areas);
public sealed record AreaLine(string Area, string Title, string Confirmation, PaymentLine? Payment, IReadOnlyList<WindowLine> Windows, IReadOnlyList<SiteLine> Sites);
public sealed record PaymentLine(long AmountInFen);
public sealed record SiteLine(string Site, string Title);
public sealed record PlanLine(string Session, string Batch, string Base, string BaseTitle, string Speciality, int Quota, int Free);
