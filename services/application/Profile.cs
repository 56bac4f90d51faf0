namespace ExamPlatform.Applications;

/// <summary>What a candidate keeps on the platform for every application (考生个人信息). Identity (name, document) is not here: identity owns it.</summary>
public sealed class Profile
{
    public Guid CandidateId { get; init; }
    public ProfileGroups Groups { get; set; } = ProfileGroups.Empty;
    public DateTimeOffset ChangedAt { get; set; }
    public uint Version { get; init; }
}

public enum ProfileGroup { Basic, Contact, Work, Education, Training, Certificates }

/// <summary>Values of the profile that a form field can start from.</summary>
public enum Prefill { ContactAddress, ContactPostcode, ContactEmail, WorkEmployer, WorkEmployerKind, WorkSince, WorkPost }

/// <summary>The six groups; null while one was never saved.</summary>
public sealed record ProfileGroups(BasicGroup? Basic, ContactGroup? Contact, WorkGroup? Work, EducationGroup? Education, TrainingGroup? Training, CertificatesGroup? Certificates)
{
    public static readonly ProfileGroups Empty = new(null, null, null, null, null, null);

    public string? Value(Prefill prefill) => prefill switch
    {
        Prefill.ContactAddress => Contact?.Address,
        Prefill.ContactPostcode => Contact?.Postcode,
        Prefill.ContactEmail => Contact?.Email,
        Prefill.WorkEmployer => Work?.Employer,
        Prefill.WorkEmployerKind => Work?.EmployerKind,
        Prefill.WorkSince => Work?.Since,
        Prefill.WorkPost => Work?.Post,
        _ => throw new ArgumentOutOfRangeException(nameof(prefill), prefill, null),
    };

    /// <summary>What a programme needs and the profile lacks, with where to fill it.</summary>
    public IEnumerable<Fault> Missing(ExamProgramme programme) => programme.ProfileNeeds.Where(need => !Holds(need.Group)).Select(need => Name(need.Group))
        .Select(group => new Fault($"#/profile/{group}", "profile-incomplete", $"Fill in this group of the profile first: PUT /api/profile/{group}."));

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
    public static string[] Kinds(ProfileGroup group) => group switch
    {
        ProfileGroup.Education => [.. Enum.GetNames<EducationLevel>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName)],
        _ => ["other"],
    };

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

/// <summary>An entry of a list group. Its id is given by the platform and kept by the client when it sends the list again.</summary>
public interface IProfileEntry
{
    Guid? Id { get; }
    string Words { get; }

    /// <summary>What kind of entry: the education's level, the training's or certificate's type, in camelCase.</summary>
    string Kind { get; }

    /// <summary>A member that a programme may ask for; null where the entry has no such member or it is not filled.</summary>
    string? Value(EntryMember member);
}
