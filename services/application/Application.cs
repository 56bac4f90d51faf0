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

    /// <summary>Counts what the candidate and the transitions have changed; a reminder or a tick of a paper is no news to somebody who is typing.</summary>
    public int Edition { get; private set; }
    public uint Version { get; init; }

    /// <summary>A practice (试报名): it touches nothing that is real, nothing of it leaves the platform, and it is thrown away. The database keeps it from ever changing.</summary>
    public bool Trial { get; private init; }

    // what the candidate fills in; a submission is a copy of it
    public string? AreaCode { get; private set; }
    public string? SiteCode { get; private set; }

    /// <summary>By <c>section/field</c>. Replaced whole, never changed in place.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; private set; } = new Dictionary<string, string>();
    public Guid? PhotoId { get; private set; }
    public IReadOnlyDictionary<string, Guid> Documents { get; private set; } = NoDocuments;

    /// <summary>What kind of identity document the person registered with, in identity's words.</summary>
    public string PersonDocumentType { get; private set; } = "";

    /// <summary>Bases and specialities in the order they are wanted; empty where an area is chosen instead.</summary>
    public IReadOnlyList<Preference> Preferences { get; private set; } = [];

    /// <summary>The place that is held in a recruiting plan.</summary>
    public Place? Place { get; private set; }

    /// <summary>What was sent in last: it alone is decided on, whatever is being edited for the next version. Null before the first.</summary>
    public SentForm? Sent { get; private set; }

    /// <summary>Where it is handled: area and site of what was sent in, and the training base where a place is held.</summary>
    public string AreaPath => Place is null ? $"{Sent?.Area ?? AreaCode}/{Sent?.Site ?? SiteCode}/" : $"{Sent?.Area ?? AreaCode}/{Sent?.Site ?? SiteCode}/{Place.Base}/";

    /// <summary>The area whose windows and policy hold: while it is filled in the chosen one, from then on that of what was sent in.</summary>
    public string? HandledIn => Standing is Standing.Draft ? AreaCode : Sent?.Area ?? AreaCode;

    /// <param name="identityType">What the person is registered as; empty where nobody asked.</param>
    public static Application Start(Guid candidateId, string personDocumentType, ExamProgramme programme, ExamSession session, ProfileGroups profile, DateTimeOffset now, string identityType = "")
    {
        var application = new Application
        {
            Id = Guid.CreateVersion7(),
            CandidateId = candidateId,
            PersonDocumentType = personDocumentType,
            ProgrammeCode = programme.Code,
            ProgrammeVersion = programme.Version,
            SessionCode = session.Code,
            Trial = session.Trial is not null,
            CreatedAt = now,
            ChangedAt = now,
            Answers = Prefilled(programme, profile, identityType, now),
        };
        application.Await(DeadlineTask.Submit, session.Window(null, WindowKind.Registration).Until, programme, now, lapses: false);
        return application;
    }

    /// <summary>The answers of one step, by field.</summary>
    public IEnumerable<KeyValuePair<string, string>> AnswersOf(FormSection section) =>
        Answers.Where(a => a.Key.StartsWith(section.Code + "/", StringComparison.Ordinal)).Select(a => KeyValuePair.Create(a.Key[(section.Code.Length + 1)..], a.Value));

    /// <summary>Replaces the answers of one step. Empty ones are taken as not given.</summary>
    public Refusal? SaveStep(FormSection section, IReadOnlyDictionary<string, string> answers, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if (NotOpenForEditing(programme, now) is { } refusal) return refusal;
        var others = Answers.Where(a => !a.Key.StartsWith(section.Code + "/", StringComparison.Ordinal));
        var given = answers.Where(a => a.Value.Length > 0).Select(a => KeyValuePair.Create($"{section.Code}/{a.Key}", a.Value));
        var changed = others.Concat(given).ToDictionary();
        var same = changed.Count == Answers.Count && changed.All(a => Answers.TryGetValue(a.Key, out var value) && value == a.Value);
        if (Closed(OpenItems(Filling(programme, profile, now)), same ? [] : [section.Code]) is { } closed) return closed;
        Answers = changed;
        Changed(now);
        return null;
    }

    public Refusal? Attach(Guid? photoId, IReadOnlyDictionary<string, Guid> documents, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if (NotOpenForEditing(programme, now) is { } refusal) return refusal;
        var changed = documents.Keys.Union(Documents.Keys).Where(code => documents.GetValueOrDefault(code) != Documents.GetValueOrDefault(code)).Select(code => $"documents/{code}");
        if (Closed(OpenItems(Filling(programme, profile, now)), photoId == PhotoId ? changed : changed.Append("photo")) is { } closed) return closed;
        (PhotoId, Documents) = (photoId, documents);
        Changed(now);
        return null;
    }

    /// <summary>
    /// Chooses where to take the exam. Another area clears what was filled in for this application and nothing else, where the programme says so
    /// (seed 001: 修改考区操作将会清空此项目下已经填写的报名信息，不影响注册信息和基本信息).
    /// </summary>
    public Refusal? ChooseArea(string area, string site, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if ((AreaIsFixed(programme, now) ?? Closed(OpenItems(Filling(programme, profile, now)), (AreaCode, SiteCode) == (area, site) ? [] : ["area"])) is { } refusal) return refusal;
        if (programme.Change.AreaChangeClears && AreaCode is not null && AreaCode != area) (Answers, PhotoId, Documents) = (Prefilled(programme, profile, programme.AsRegistered() is { } asked ? Answers.GetValueOrDefault(asked.Path, "") : "", now), null, NoDocuments);
        (AreaCode, SiteCode) = (area, site);
        Changed(now);
        WindowKind? ends = WaitsForReply ? null : Submitted == 0 ? WindowKind.Registration : Standing is Standing.Draft ? programme.Change.Withdraw?.Window : null;
        if (ends is { } window) Await(DeadlineTask.Submit, programme.Session(SessionCode)!.Window(area, window).Until, programme, now, lapses: Submitted > 0);
        return null;
    }

    /// <summary>Names the wanted places; which of them is held is decided when it is sent in.</summary>
    public Refusal? Prefer(IReadOnlyList<Preference> preferences, ExamProgramme programme, ProfileGroups profile, DateTimeOffset now)
    {
        if (NotOpenForEditing(programme, now) is { } refusal) return refusal;
        if (Closed(OpenItems(Filling(programme, profile, now)), preferences.SequenceEqual(Preferences) ? [] : ["preferences"]) is { } closed) return closed;
        var first = preferences.Count > 0 ? programme.Session(SessionCode)!.Base(preferences[0].Base) : null;
        (Preferences, AreaCode, SiteCode) = (preferences, first?.Area, first?.Site);
        Changed(now);
        return null;
    }

    public Filling Filling(ExamProgramme programme, ProfileGroups profile, DateTimeOffset now) => new(programme, Answers, AreaCode, programme.PolicyOf(programme.Session(SessionCode)!, AreaCode),
        profile, PhotoId, Documents, Preferences, PersonDocumentType, Today(now));

    /// <summary>Whether the candidate may change what is filled in: before it is sent in, when it came back, and where the programme lets a submission be replaced.</summary>
    public Refusal? NotOpenForEditing(ExamProgramme programme, DateTimeOffset now) => Standing switch
    {
        Standing.Draft or Standing.ReturnedForCorrection => null,
        Standing.Submitted when programme.Change.Edit is { } edit => !programme.NotAfter(Stage!, edit.UntilPassed)
            ? new("not-open-for-editing", $"It has passed '{programme.Stage(edit.UntilPassed).Title}' and can no longer be changed.")
            : programme.Session(SessionCode)!.Window(HandledIn, edit.Window) is var window && !window.IsOpen(now) ? new("outside-window", $"It could be changed until {window.Until:u}.") : null,
        Standing.Submitted => new("not-open-for-editing", "It is submitted; withdraw it first if the programme allows that."),
        _ => new("not-open-for-editing", $"The application is {Standing} and can no longer be changed."),
    };

    /// <summary>The area stays as it is once it is sent in; where a submission is simply replaced, once a stage that fixes it is passed.</summary>
    private Refusal? AreaIsFixed(ExamProgramme programme, DateTimeOffset now)
    {
        if (Standing is Standing.Draft) return null;
        if (programme.Change.Edit is null && IsAskedToChangeArea(programme)) return null;
        if (programme.Change.Edit is null) return new("area-fixed", "The area can be changed only while the application is not submitted.");
        if (NotOpenForEditing(programme, now) is { } refusal) return refusal;
        var fixedBy = programme.Stages.FirstOrDefault(s => s.LocksArea);
        return fixedBy is null || programme.NotAfter(Stage ?? Returned!.Stage, fixedBy.Code) ? null
            : new("area-fixed", $"It has passed '{fixedBy.Title}', so its area is fixed; officers can send it back to there.");
    }

    /// <summary>A reason of the return names the area.</summary>
    private bool IsAskedToChangeArea(ExamProgramme programme) =>
        Standing is Standing.ReturnedForCorrection && programme.Stage(Returned!.Stage).Reasons.Any(r => r.Item == "area" && Returned.Reasons.Contains(r.Code));

    private void Changed(DateTimeOffset now) => (ChangedAt, Edition) = (now, Edition + 1);

    /// <summary>The date in China, where all areas are.</summary>
    public static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime);

    private static Dictionary<string, string> Prefilled(ExamProgramme programme, ProfileGroups profile, string identityType, DateTimeOffset now) => programme.Form
        .SelectMany(section => section.Fields.Select(f => (Path: $"{section.Code}/{f.Code}", Field: f, Value: f is ChoiceField { AsRegistered: true } ? identityType : f.First(profile))))
        .Where(answer => !string.IsNullOrEmpty(answer.Value) && answer.Field.Check(answer.Value, Today(now)) is null).ToDictionary(answer => answer.Path, answer => answer.Value!);
}
