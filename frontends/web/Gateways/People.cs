namespace ExamPlatform.Web.Gateways;

public sealed record RegistrationNotice(string Version, string Text, bool SmsCode);
public sealed record DoneReset(Guid ResetId, string Mobile, DateTimeOffset ExpiresAt);
public sealed record WorkOrder(string Challenge, int Bits, DateTimeOffset ExpiresAt);
public sealed record FactorState(bool On, bool Required, int RecoveryCodesLeft);
public sealed record FactorBegun(string Secret, string Address);
public sealed record FactorSetUp(IReadOnlyList<string> RecoveryCodes);
public sealed record PasskeyState(bool On, IReadOnlyList<KeptPasskey> Passkeys);
public sealed record KeptPasskey(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
public sealed record PasskeyOrder(string Ceremony, System.Text.Json.JsonElement Options);
public sealed record KeptBindings(BoundWeChat? WeChat, BoundBaidu? Baidu, string AccountName, BindingWaiting? Request);
public sealed record BoundWeChat(DateTimeOffset BoundAt, bool Follows);
public sealed record BoundBaidu(DateTimeOffset BoundAt);

/// <param name="State">waiting, bound or elsewhere.</param>
public sealed record BindingWaiting(string State, DateTimeOffset EndsAt, string? Qr, string? Digits, string? Link);
public sealed record KeptQuestion(string? Question);
public sealed record IssuedSmsCode(Guid CodeId, DateTimeOffset ExpiresAt, DateTimeOffset AgainAt);
public sealed record Me(Guid Id, string Role, string? UserName, string? DisplayName, CandidateFacts? Candidate, Jurisdiction? Officer);
public sealed record CandidateFacts(string Name, string DocumentType, string DocumentNumber, string Sex, DateOnly BirthDate, string Nationality, string Mobile);
public sealed record Jurisdiction(string Level, string AreaPath);
public sealed record NoticePage(IReadOnlyList<NoticeView> Items, string? Next, int Unread);
public sealed record NoticeView(Guid Id, Guid? ApplicationId, string Title, string Text, DateTimeOffset At, bool Read);
