using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>One year's run of a programme (考试批次): its windows and the areas that take part.</summary>
/// <param name="Bases">The training bases, where places are chosen.</param>
/// <param name="Batches">The rounds in which places are given, one after the other.</param>
/// <param name="Plans">How many places each base has for a speciality in a batch (招录计划).</param>
/// <param name="Source">Where dates, areas and plans come from.</param>
/// <param name="Trial">That it is a practice (试报名) on data that are thrown away; null: the real thing.</param>
public sealed record ExamSession(string Code, string Title, IReadOnlyList<Window> Windows, IReadOnlyList<ExamArea> Areas,
    IReadOnlyList<TrainingBase>? Bases = null, IReadOnlyList<Batch>? Batches = null, IReadOnlyList<RecruitingPlan>? Plans = null, string? Source = null, TrialRule? Trial = null)
{
    public TrainingBase? Base(string code) => Bases?.FirstOrDefault(b => b.Code == code);

    /// <summary>Whether registration is open somewhere.</summary>
    public bool TakesApplications(DateTimeOffset now) => Areas.Select(a => a.Area).Append(null).Any(area => Window(area, WindowKind.Registration).IsOpen(now));

    /// <summary>Whether the last window, and the last batch, has closed everywhere.</summary>
    public bool IsOver(DateTimeOffset now) => EndsAt() <= now;

    /// <summary>When the last window, and the last batch, closes.</summary>
    public DateTimeOffset EndsAt() => Windows.Concat(Areas.SelectMany(a => a.Windows)).Select(w => w.Until).Concat((Batches ?? []).Select(b => b.Until)).Max();

    /// <summary>The batch that takes preferences now; null between and after them.</summary>
    public Batch? OpenBatch(DateTimeOffset now) => Batches?.FirstOrDefault(b => b.From <= now && now < b.Until);

    /// <summary>An area's own window where it has one, else the session's; the validator sees to it that the session has every window a rule names.</summary>
    public Window Window(string? area, WindowKind kind) =>
        Areas.FirstOrDefault(a => a.Area == area)?.Windows.FirstOrDefault(w => w.Kind == kind) ?? Windows.First(w => w.Kind == kind);
}

/// <summary>Open from <paramref name="From"/> (included) until <paramref name="Until"/> (excluded).</summary>
public sealed record Window([property: JsonPropertyName("window")] WindowKind Kind, DateTimeOffset From, DateTimeOffset Until)
{
    // written in China's time, reckoned in UTC
    public DateTimeOffset From { get; } = From.ToUniversalTime();
    public DateTimeOffset Until { get; } = Until.ToUniversalTime();

    /// <summary>Set where it ends later than it was scheduled, see <see cref="Outages"/>.</summary>
    [JsonIgnore]
    public Extension? Extension { get; init; }

    public bool IsOpen(DateTimeOffset now) => From <= now && now < Until;
}

/// <summary>A place where candidates are trained, and whose own officers decide (level point).</summary>
public sealed record TrainingBase(string Code, string Title, string Area, string Site);

/// <summary>Open from <paramref name="From"/> (included) until <paramref name="Until"/> (excluded).</summary>
public sealed record Batch(string Code, string Title, DateTimeOffset From, DateTimeOffset Until)
{
    public DateTimeOffset From { get; } = From.ToUniversalTime();
    public DateTimeOffset Until { get; } = Until.ToUniversalTime();

    /// <summary>Set where it ends later than it was scheduled, see <see cref="Outages"/>.</summary>
    [JsonIgnore]
    public Extension? Extension { get; init; }
}

public sealed record RecruitingPlan(string Batch, string Base, string Speciality, int Quota);

/// <summary>A session for practice (D7): nothing of it leaves the platform, and all of it is thrown away. Whether a session is one never changes.</summary>
/// <param name="DiscardAfterDays">So many days after its last window has closed.</param>
public sealed record TrialRule(int DiscardAfterDays, string Source);

/// <summary>A province's part in a session. Its sites are the cities of the area tree below it.</summary>
/// <param name="Area">Area code, GB/T 2260.</param>
/// <param name="Policy">Code of one of the programme's area policies.</param>
/// <param name="Windows">Windows that differ from the session's.</param>
public sealed record ExamArea(string Area, string Policy, IReadOnlyList<Window> Windows);

/// <summary>How an area does it.</summary>
/// <param name="Payment">Null where no on-line payment is open: passing the last stage completes the registration.</param>
public sealed record AreaPolicy(string Code, string Title, ConfirmationMode Confirmation, PaymentRule? Payment, string Source);

/// <param name="Channels">Payment channels open here, in the order in which they are offered: <c>wechat-native</c>, <c>wechat-jsapi</c>, <c>wechat-mini</c>, <c>wechat-h5</c>, <c>alipay-page</c>, <c>alipay-wap</c>, <c>alipay-qr</c>, <c>unionpay-pc</c> (网银), <c>unionpay-mobile</c>. A candidate is offered those that fit what they pay with.</param>
/// <param name="Mobile">Whether one can pay on a phone here; where not, candidates are told to use a computer.</param>
public sealed record PaymentRule(WindowKind Window, IReadOnlyList<string> Channels, FeeRule Fee, bool Mobile = true)
{
    /// <summary>Paying is only played, by pressing the button: no bank hears of it.</summary>
    public const string Practice = "practice";

    public IReadOnlyList<string> ChannelsOf(bool trial) => trial ? [Practice] : Channels;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FeePerSubject), "perSubject")]
[JsonDerivedType(typeof(FlatFee), "flat")]
public abstract record FeeRule
{
    /// <param name="subjects">The candidate's, see <see cref="ExamProgramme.SubjectsFor"/>.</param>
    public abstract IReadOnlyList<FeePart> Parts(ExamProgramme programme, IReadOnlyList<string> subjects);
}

/// <summary>The same amount for each of the candidate's subjects.</summary>
public sealed record FeePerSubject(long AmountInFen) : FeeRule
{
    public override IReadOnlyList<FeePart> Parts(ExamProgramme programme, IReadOnlyList<string> subjects) => [.. subjects.Select(subject => new FeePart(subject, AmountInFen))];
}

/// <summary>One amount for the whole exam.</summary>
public sealed record FlatFee(long AmountInFen) : FeeRule
{
    public override IReadOnlyList<FeePart> Parts(ExamProgramme programme, IReadOnlyList<string> subjects) => [new(programme.Title, AmountInFen)];
}

public sealed record FeePart(string Title, long AmountInFen);

public enum WindowKind { Registration, Confirmation, Correction, Review, Payment, Papers }

/// <summary>On line an officer confirms from the uploads; on site the candidate goes there, and who does not go in time has given up.</summary>
public enum ConfirmationMode { OnLine, OnSite }
