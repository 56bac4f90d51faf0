namespace ExamPlatform.Applications;

/// <summary>One version as it was sent in. Never changed. The person's name and document number are not in it: identity has them.</summary>
public sealed class Submission
{
    public Guid ApplicationId { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public int Number { get; init; }
    public required string AreaCode { get; init; }
    public required string SiteCode { get; init; }
    public required IReadOnlyDictionary<string, string> Answers { get; init; }

    /// <summary>The profile's entries that the answers choose, as they were then.</summary>
    public required ProfileGroups Profile { get; init; }
    public Guid? PhotoId { get; init; }
    public required IReadOnlyDictionary<string, Guid> Documents { get; init; }
    public IReadOnlyList<Preference> Preferences { get; init; } = [];

    /// <summary>The place this version holds in a plan.</summary>
    public Place? Place { get; init; }
    public required string VerificationCode { get; init; }
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>This version as the programme's rules see it.</summary>
    public Filling Filling(ExamProgramme programme, Application application) => new(programme, Answers, AreaCode, programme.PolicyOf(programme.Session(application.SessionCode)!, AreaCode),
        Profile, PhotoId, Documents, Preferences, application.PersonDocumentType, Application.Today(SubmittedAt));

    /// <summary>What a later version says otherwise, in words: whoever holds a print of this one sees what is stale.</summary>
    public IEnumerable<(string Title, string Then, string Now)> ChangesTo(Submission later, ExamProgramme programme)
    {
        var (then, now) = (Shown(programme), later.Shown(programme));
        var answers = then.Keys.Union(now.Keys).Select(title => (Title: title, Then: then.GetValueOrDefault(title, ""), Now: now.GetValueOrDefault(title, ""))).Where(change => change.Then != change.Now);
        var uploads = programme.Documents.Select(d => (Title: d.Title, Then: Documents.GetValueOrDefault(d.Code), Now: later.Documents.GetValueOrDefault(d.Code)))
            .Prepend((Title: StatusWords.Of("photo"), Then: PhotoId.GetValueOrDefault(), Now: later.PhotoId.GetValueOrDefault())).Where(upload => upload.Then != upload.Now);
        return answers.Concat(uploads.Select(upload => (upload.Title, StatusWords.Of("as-printed"), StatusWords.Of("replaced"))));
    }

    /// <summary>What was uploaded with it, by its titles.</summary>
    public IEnumerable<string> Uploads(ExamProgramme programme) =>
        [.. PhotoId is null ? [] : (string[])[StatusWords.Of("photo")], .. programme.Documents.Where(d => Documents.ContainsKey(d.Code)).Select(d => d.Title)];

    private Dictionary<string, string> Shown(ExamProgramme programme)
    {
        var shown = Features.ViewSubmission.Sections(this, programme).SelectMany(s => s.Fields.Select(f => (Title: $"{s.Title}：{f.Title}", f.Value))).ToDictionary(f => f.Title, f => f.Value);
        shown[StatusWords.Of("step-area")] = AreaTree.Title(AreaCode, SiteCode);
        return shown;
    }

    public static Submission Of(Application application, int number, ProfileGroups profile, DateTimeOffset now)
    {
        var chosen = application.Answers.Values.SelectMany(EntryField.Ids).ToHashSet();
        return new()
        {
            ApplicationId = application.Id,
            Number = number,
            AreaCode = application.AreaCode!,
            SiteCode = application.SiteCode!,
            Answers = application.Answers,
            Profile = profile.Chosen(chosen),
            PhotoId = application.PhotoId,
            Documents = application.Documents,
            Preferences = application.Preferences,
            Place = application.Place,
            VerificationCode = Applications.VerificationCode.Create(),
            SubmittedAt = now,
        };
    }
}

/// <summary>What of the version that counts decides how an application goes on; the form beside it may have been edited since.</summary>
/// <param name="Answers">By <c>section/field</c>.</param>
/// <param name="Documents">Null in what was sent in before it was kept here.</param>
public sealed record SentForm(string Area, string Site, IReadOnlyDictionary<string, string> Answers, Guid? Photo = null, IReadOnlyDictionary<string, Guid>? Documents = null, IReadOnlyList<Preference>? Preferences = null)
{
    public static SentForm Of(Application application) =>
        new(application.AreaCode!, application.SiteCode!, application.Answers, application.PhotoId, application.Documents, application.Preferences);

    public bool SaysTheSameAs(SentForm other) => (Area, Site, Photo) == (other.Area, other.Site, other.Photo) && Same(Answers, other.Answers)
        && Same(Documents ?? new Dictionary<string, Guid>(), other.Documents ?? new Dictionary<string, Guid>()) && (Preferences ?? []).SequenceEqual(other.Preferences ?? []);

    private static bool Same<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var value) && EqualityComparer<T>.Default.Equals(entry.Value, value));
}

/// <summary>One transition: who, when, from where, to where, why, and on which version.</summary>
public sealed class HistoryEntry
{
    public long Id { get; init; }
    public Guid ApplicationId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The candidate or the officer; null when the platform or the bank acted.</summary>
    public Guid? ActorId { get; init; }
    public LifeEvent Event { get; init; }
    public Standing From { get; init; }
    public Standing To { get; init; }
    public string? FromStage { get; init; }
    public string? ToStage { get; init; }
    public int VersionSeen { get; init; }
    public required string[] Reasons { get; init; }
}
