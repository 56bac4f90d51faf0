namespace ExamPlatform.Applications;

/// <summary>What a candidate keeps on the platform for every application (考生个人信息). Identity (name, document) is not here: identity owns it.</summary>
public sealed class Profile
{
    public Guid CandidateId { get; init; }
    public ProfileGroups Groups { get; set; } = ProfileGroups.Empty;
    public DateTimeOffset ChangedAt { get; set; }
    public uint Version { get; init; }

    /// <summary>Adds what a register vouches for; once, however often it is taken over.</summary>
    public Refusal? TakeOver(EducationEntry entry, DateTimeOffset now)
    {
        var entries = Groups.Education?.Entries ?? [];
        if (entries.Any(e => e.Source == entry.Source && e.Content().Equals(entry.Content()))) return null;
        if (entries.Count >= ProfileFaults.MostEntries) return new("too-many-entries", $"There are {ProfileFaults.MostEntries} entries of education; leave one out first: PUT /api/profile/education.");
        (Groups, ChangedAt) = (Groups with { Education = new([.. entries, entry]) }, now);
        return null;
    }
}

public enum ProfileGroup { Basic, Contact, Work, Education, Training, Certificates }

/// <summary>Values of the profile that a form field can start from.</summary>
public enum Prefill { ContactAddress, ContactPostcode, ContactEmail, WorkEmployer, WorkEmployerKind, WorkSince, WorkPost, WorkTitle, WorkTitleSince, WorkDuty }

/// <summary>The six groups; null while one was never saved.</summary>
public sealed record ProfileGroups(BasicGroup? Basic, ContactGroup? Contact, WorkGroup? Work, EducationGroup? Education, TrainingGroup? Training, CertificatesGroup? Certificates)
{
    public static readonly ProfileGroups Empty = new(null, null, null, null, null, null);

    /// <summary>The groups that are lists of entries.</summary>
    public static readonly IReadOnlyList<ProfileGroup> Lists = [ProfileGroup.Education, ProfileGroup.Training, ProfileGroup.Certificates];

    public string? Value(Prefill prefill) => prefill switch
    {
        Prefill.ContactAddress => Contact?.Address,
        Prefill.ContactPostcode => Contact?.Postcode,
        Prefill.ContactEmail => Contact?.Email,
        Prefill.WorkEmployer => Work?.Employer,
        Prefill.WorkEmployerKind => Work?.EmployerKind,
        Prefill.WorkSince => Work?.Since,
        Prefill.WorkPost => Work?.Post,
        Prefill.WorkTitle => Work?.Title,
        Prefill.WorkTitleSince => Work?.TitleSince,
        Prefill.WorkDuty => Work?.Duty,
        _ => throw new ArgumentOutOfRangeException(nameof(prefill), prefill, null),
    };

    /// <summary>What a programme needs and the profile lacks, or has too much of, with where to mend it.</summary>
    public IEnumerable<Fault> Missing(ExamProgramme programme)
    {
        foreach (var need in programme.ProfileNeeds)
        {
            var group = Name(need.Group);
            if (!Holds(need.Group)) yield return new($"#/profile/{group}", "profile-incomplete", $"Fill in this group of the profile first: PUT /api/profile/{group}.");
            else if (Entries(need.Group).Count() > need.Most) yield return new($"#/profile/{group}", "too-many-entries", $"This exam takes at most {need.Most} entries here; leave some out: PUT /api/profile/{group}.");
        }
    }

    /// <summary>An entry of a list group; null when there is none with this id.</summary>
    public IProfileEntry? Find(ProfileGroup group, Guid id) => Entries(group).FirstOrDefault(e => e.Id == id);

    /// <summary>Only the list entries with these ids: what a submission keeps of the profile.</summary>
    public ProfileGroups Chosen(IReadOnlySet<Guid> ids) => Empty with
    {
        Education = new([.. Entries(ProfileGroup.Education).Where(e => ids.Contains(e.Id!.Value)).Cast<EducationEntry>()]),
        Training = new([.. Entries(ProfileGroup.Training).Where(e => ids.Contains(e.Id!.Value)).Cast<TrainingEntry>()]),
        Certificates = new([.. Entries(ProfileGroup.Certificates).Where(e => ids.Contains(e.Id!.Value)).Cast<CertificateEntry>()]),
    };

    /// <summary>What kinds of entries a list group can hold, as <see cref="IProfileEntry.Kind"/> writes them.</summary>
    public static string[] Kinds(ProfileGroup group) => [.. (group switch
    {
        ProfileGroup.Education => Enum.GetNames<EducationLevel>(),
        ProfileGroup.Training => Enum.GetNames<TrainingType>(),
        ProfileGroup.Certificates => Enum.GetNames<CertificateType>(),
        _ => [],
    }).Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName)];

    public IEnumerable<IProfileEntry> Entries(ProfileGroup group) => group switch
    {
        ProfileGroup.Education => Education?.Entries ?? [],
        ProfileGroup.Training => Training?.Entries ?? [],
        ProfileGroup.Certificates => Certificates?.Entries ?? [],
        _ => [],
    };

    private bool Holds(ProfileGroup group) => group switch
    {
        ProfileGroup.Basic => Basic is not null,
        ProfileGroup.Contact => Contact is not null,
        ProfileGroup.Work => Work is not null,
        _ => Entries(group).Any(),
    };

    private static string Name(ProfileGroup group) => group.ToString().ToLowerInvariant();
}
