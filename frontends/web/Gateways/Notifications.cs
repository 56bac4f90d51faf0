namespace ExamPlatform.Web.Gateways;

// What pages show of notices: only members that a page uses.
public sealed record NoticeChoice(string QuietFrom, string QuietUntil, IReadOnlyList<string> Off, IReadOnlyList<string> Channels);
public sealed record UndeliveredPage(IReadOnlyList<UndeliveredLine> Items, string? Next);
public sealed record UndeliveredLine(Guid Notice, Guid ApplicationId, string Event, string AreaPath, DateTimeOffset DueAt, DateTimeOffset RaisedAt, IReadOnlyList<TriedChannel> Tried, DateTimeOffset? SettledAt, Guid? SettledBy, string? Note);
public sealed record TriedChannel(string Channel, string State, string? Code);
public sealed record TemplatePreviews(IReadOnlyList<string> Programmes, IReadOnlyList<TemplatePreview> Templates);
public sealed record TemplatePreview(string Event, string Channel, bool On, string? Code, string? Title, string? Text, int? Characters, int? Parts, IReadOnlyList<PreviewField> Fields);
public sealed record BulkPage(IReadOnlyList<BulkLine> Items, string? Next);
public sealed record BulkLine(Guid Id, string Programme, string Session, string AreaPath, string Title, string State, Guid WrittenBy, DateTimeOffset WrittenAt);
public sealed record BulkView(BulkLine Bulk, IReadOnlyList<string> States, string Text, bool Outside, BulkDryRun? Count, BulkProgress? Progress, IReadOnlyList<BulkStep> History);
public sealed record BulkDryRun(int People, int Sms, int SmsParts, int WeChat, int InboxOnly, string? SmsText, DateTimeOffset GoodUntil);
public sealed record BulkProgress(int Taken, int Left, IReadOnlyList<BulkChannel> Channels);
public sealed record BulkChannel(string Channel, int Waiting, int Delivered, int Failed, int Skipped, int Stopped);
public sealed record BulkStep(string Verb, Guid? By, DateTimeOffset At, string? Reason);
public sealed record PreviewField(string Name, string Value, string? Fault);
