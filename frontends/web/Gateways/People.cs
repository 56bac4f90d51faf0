namespace ExamPlatform.Web.Gateways;

public sealed record RegistrationNotice(string Version, string Text, bool SmsCode, IReadOnlyList<Choice>? IdentityTypes = null);
public sealed record DoneReset(Guid ResetId, string Mobile, DateTimeOffset ExpiresAt);
public sealed record WorkOrder(string Challenge, int Bits, DateTimeOffset ExpiresAt);
public sealed record FactorState(bool On, bool Required, int RecoveryCodesLeft, bool HasFirstPassword);
public sealed record KeptOfficer(Guid OfficerId, string UserName, string DisplayName, string Level, string AreaPath, DateTimeOffset AppointedAt, DateTimeOffset? DismissedAt, DateTimeOffset? LastSignInAt, bool SecondFactor, bool HasOwnPassword);
public sealed record AppointedOfficer(Guid OfficerId, string UserName, string FirstPassword);
public sealed record LetIn(string FirstPassword, DateTimeOffset Until);
public sealed record OpenSession(Guid Id, DateTimeOffset StartedAt, DateTimeOffset EndsAt, string Address, string Agent, bool Current);
public sealed record FactorBegun(string Secret, string Address);
public sealed record FactorSetUp(IReadOnlyList<string> RecoveryCodes);
public sealed record PasskeyState(bool On, IReadOnlyList<KeptPasskey> Passkeys);
public sealed record KeptPasskey(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
public sealed record PasskeyOrder(string Ceremony, System.Text.Json.JsonElement Options);
/// <param name="Asked">Null while it was not asked for.</param>
public sealed record AccountDeletion(AskedDeletion? Asked, int CoolingOffDays, IReadOnlyList<HeldApplication> Applications);
public sealed record AskedDeletion(DateTimeOffset At, DateTimeOffset NotBefore);
public sealed record HeldApplication(Guid ApplicationId, string Programme, string Session, DateTimeOffset? Until, bool UnderWay);
public sealed record KeptBindings(BoundWeChat? WeChat, BoundBaidu? Baidu, string AccountName, BindingWaiting? Request);
public sealed record BoundWeChat(DateTimeOffset BoundAt, bool Follows);
public sealed record BoundBaidu(DateTimeOffset BoundAt);

/// <param name="State">waiting, bound or elsewhere.</param>
public sealed record BindingWaiting(string State, DateTimeOffset EndsAt, string? Qr, string? Digits, string? Link);
public sealed record KeptQuestion(string? Question);
public sealed record IssuedSmsCode(Guid CodeId, DateTimeOffset ExpiresAt, DateTimeOffset AgainAt);
public sealed record Me(Guid Id, string Role, string? UserName, string? DisplayName, CandidateFacts? Candidate, Jurisdiction? Officer);
public sealed record CandidateFacts(string Name, string DocumentType, string DocumentNumber, string Sex, DateOnly BirthDate, string Nationality, string Mobile, CheckSeen? IdentityCheck = null, Choice? IdentityType = null);
public sealed record CheckSeen(string State, string Source, DateTimeOffset At);
public sealed record Jurisdiction(string Level, string AreaPath);
public sealed record NoticePage(IReadOnlyList<NoticeView> Items, string? Next, int Unread);
public sealed record NoticeView(Guid Id, Guid? ApplicationId, string Title, string Text, DateTimeOffset At, bool Read);
