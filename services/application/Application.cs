namespace ExamPlatform.Applications;

/// <summary>One person's application for one session of an exam (报名). It is pinned to the programme's version it was started under.</summary>
public sealed partial class Application
{
    private static readonly Dictionary<string, Guid> NoDocuments = [];

    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public required string ProgrammeCode { get; init; }
    public int ProgrammeVersion { get; init; }
    public required string SessionCode { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; private set; }
    public uint Version { get; init; }

    // what the candidate fills in; a submission is a copy of it
    public string? AreaCode { get; private set; }
    public string? SiteCode { get; private set; }

    /// <summary>By <c>section/field</c>. Replaced whole, never changed in place.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; private set; } = new Dictionary<string, string>();
    public Guid? PhotoId { get; private set; }
    public IReadOnlyDictionary<string, Guid> Documents { get; private set; } = NoDocuments;

    public string AreaPath => $"{AreaCode}/{SiteCode}/";

    public static Application Start(Guid candidateId, ExamProgramme programme, ExamSession session, ProfileGroups profile, DateTimeOffset now)
    {
        var application = new Application
        {
            Id = Guid.CreateVersion7(),
            CandidateId = candidateId,
            ProgrammeCode = programme.Code,
            ProgrammeVersion = programme.Version,
            SessionCode = session.Code,
            CreatedAt = now,
            ChangedAt = now,
            Answers = Prefilled(programme, profile, now),
        };
        application.Await(DeadlineTask.Submit, session.Window(null, WindowKind.Registration).Until, programme, now, lapses: false);
        return application;
    }

    /// <summary>Replaces the answers of one step. Empty ones are taken as not given.</summary>
    public Refusal? SaveStep(FormSection section, IReadOnlyDictionary<string, string> answers, DateTimeOffset now)
    {
        if (NotOpenForEditing() is { } refusal) return refusal;
        var others = Answers.Where(a => !a.Key.StartsWith(section.Code + "/", StringComparison.Ordinal));
        var given = answers.Where(a => a.Value.Length > 0).Select(a => KeyValuePair.Create($"{section.Code}/{a.Key}", a.Value));
        Answers = others.Concat(given).ToDictionary();
        ChangedAt = now;
        return null;
    }

    public Refusal? Attach(Guid? photoId, IReadOnlyDictionary<string, Guid> documents, DateTimeOffset now)
    {
        if (NotOpenForEditing() is { } refusal) return refusal;
        (PhotoId, Documents, ChangedAt) = (photoId, documents, now);
        return null;
    }

    /// <summary>
    /// Chooses where to take the exam. Another area clears what was filled in for this application and nothing else
    /// (seed 001: 修改考区操作将会清空此项目下已经填写的报名信息，不影响注册信息和基本信息), and is possible only while nothing is submitted.
    /// </summary>
    public Refusal? ChooseArea(string area, string site, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if (Standing is not Standing.Draft) return new("area-fixed", "The area can be changed only while the application is not submitted.");
        if (AreaCode is not null && AreaCode != area) (Answers, PhotoId, Documents) = (Prefilled(programme, profile, now), null, NoDocuments);
        (AreaCode, SiteCode, ChangedAt) = (area, site, now);
        if (Submitted == 0) Await(DeadlineTask.Submit, programme.Session(SessionCode)!.Window(area, WindowKind.Registration).Until, programme, now, lapses: false);
        return null;
    }

    public Filling Filling(ExamProgramme programme, ProfileGroups profile, DateTimeOffset now) =>
        new(programme, Answers, programme.PolicyOf(programme.Session(SessionCode)!, AreaCode), profile, PhotoId, Documents, Today(now));

    /// <summary>The date in China, where all areas are.</summary>
    public static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime);

    private Refusal? NotOpenForEditing() => Standing.IsOpenForEditing() ? null
        : new("not-open-for-editing", Standing is Standing.Submitted ? "It is submitted; withdraw it first if the programme allows that." : $"The application is {Standing} and can no longer be changed.");

    private static Dictionary<string, string> Prefilled(ExamProgramme programme, ProfileGroups profile, DateTimeOffset now) => programme.Form
        .SelectMany(section => section.Fields.Where(f => f.Prefill is not null).Select(f => (Path: $"{section.Code}/{f.Code}", Field: f, Value: profile.Value(f.Prefill!.Value))))
        .Where(answer => !string.IsNullOrEmpty(answer.Value) && answer.Field.Check(answer.Value, Today(now)) is null).ToDictionary(answer => answer.Path, answer => answer.Value!);
}
