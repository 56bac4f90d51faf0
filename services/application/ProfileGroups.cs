using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Applications;

/// <summary>A group of the profile as a candidate saves it: complete or not at all.</summary>
public interface IProfileGroup
{
    /// <summary>Every fault, each at its field.</summary>
    Faults Check(DateOnly today);
}

/// <param name="EthnicGroup">民族.</param>
public sealed record BasicGroup(string EthnicGroup, string? PoliticalStatus = null) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().Text("ethnicGroup", EthnicGroup, 30).Text("politicalStatus", PoliticalStatus, 30);
}

public sealed partial record ContactGroup(string Address, string Postcode, string? Email = null) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().Text("address", Address, 200)
        .Add(!SixDigits().IsMatch(Postcode), "postcode", "not-a-postcode", "A postcode has six digits.")
        .Add(Email is not null && (Email.Length > 200 || !Mail().IsMatch(Email)), "email", "not-an-email", "Write an address such as name@example.com, or leave it out.");

    [GeneratedRegex(@"\A[0-9]{6}\z")]
    private static partial Regex SixDigits();
    [GeneratedRegex(@"\A[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\z")]
    private static partial Regex Mail();
}

/// <param name="Since">Month, YYYY-MM.</param>
public sealed record WorkGroup(string Employer, string? EmployerKind, string Since, string? Post = null) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().Text("employer", Employer, 100).Text("employerKind", EmployerKind, 50).Month("since", Since, today).Text("post", Post, 50);
}

public sealed record EducationGroup(IReadOnlyList<EducationEntry> Entries) : IProfileGroup
{
    /// <summary>最多可维护5条 (seed 002).</summary>
    public const int Most = 5;

    public Faults Check(DateOnly today)
    {
        var faults = new Faults().Add(Entries.Count > Most, "entries", "too-many", $"At most {Most} entries.").Ids(Entries);
        for (var i = 0; i < Entries.Count; i++)
            faults.Text($"entries/{i}/school", Entries[i].School, 100).Text($"entries/{i}/major", Entries[i].Major, 100).Text($"entries/{i}/degree", Entries[i].Degree, 50)
                .Month($"entries/{i}/graduatedOn", Entries[i].GraduatedOn, today).Text($"entries/{i}/certificateNumber", Entries[i].CertificateNumber, 50);
        return faults;
    }
}

public enum EducationLevel { Secondary, JuniorCollege, Bachelor, Master, Doctor }

/// <param name="GraduatedOn">Month, YYYY-MM.</param>
public sealed record EducationEntry(string School, string Major, EducationLevel Level, string GraduatedOn, string CertificateNumber, string? Degree = null, Guid? Id = null) : IProfileEntry
{
    public string Words => string.Join(' ', new[] { GraduatedOn, School, Major, StatusWords.Of($"level-{Level}"), Degree, CertificateNumber }.Where(word => !string.IsNullOrEmpty(word)));
    public string Kind => JsonNamingPolicy.CamelCase.ConvertName(Level.ToString());
    public string? Value(EntryMember member) => member switch
    {
        EntryMember.CertificateNumber => CertificateNumber,
        EntryMember.GraduatedOn => GraduatedOn,
        EntryMember.Degree => Degree,
        _ => null,
    };
}

public sealed record TrainingGroup(IReadOnlyList<TrainingEntry> Entries) : IProfileGroup
{
    public Faults Check(DateOnly today)
    {
        var faults = new Faults().Add(Entries.Count > 20, "entries", "too-many", "At most 20 entries.").Ids(Entries);
        for (var i = 0; i < Entries.Count; i++)
            faults.Text($"entries/{i}/title", Entries[i].Title, 100).Text($"entries/{i}/organisation", Entries[i].Organisation, 100)
                .Month($"entries/{i}/from", Entries[i].From, today).Month($"entries/{i}/until", Entries[i].Until, today);
        return faults;
    }
}

public sealed record TrainingEntry(string Title, string Organisation, string From, string Until, Guid? Id = null) : IProfileEntry
{
    public string Words => $"{From}—{Until} {Organisation} {Title}";
    public string Kind => "other";
    public string? Value(EntryMember member) => null;
}

public sealed record CertificatesGroup(IReadOnlyList<CertificateEntry> Entries) : IProfileGroup
{
    public Faults Check(DateOnly today)
    {
        var faults = new Faults().Add(Entries.Count > 20, "entries", "too-many", "At most 20 entries.").Ids(Entries);
        for (var i = 0; i < Entries.Count; i++)
            faults.Text($"entries/{i}/title", Entries[i].Title, 100).Text($"entries/{i}/number", Entries[i].Number, 50).Month($"entries/{i}/issuedOn", Entries[i].IssuedOn, today);
        return faults;
    }
}

public sealed record CertificateEntry(string Title, string Number, string IssuedOn, Guid? Id = null) : IProfileEntry
{
    public string Words => $"{IssuedOn} {Title} {Number}";
    public string Kind => "other";
    public string? Value(EntryMember member) => member switch { EntryMember.Number => Number, EntryMember.IssuedOn => IssuedOn, _ => null };
}

internal static class ProfileFaults
{
    /// <summary>Text that is there when given, and short enough; null passes, because the JSON rules have required what must be there.</summary>
    public static Faults Text(this Faults faults, string field, string? value, int max) => faults
        .Add(value is not null && string.IsNullOrWhiteSpace(value), field, "empty", "Fill this in.")
        .Add(value?.Length > max, field, "too-long", $"At most {max} characters.");

    public static Faults Month(this Faults faults, string field, string value, DateOnly today)
    {
        var wrong = Applications.Month.Check(value, today);
        return faults.Add(wrong is not null, field, wrong?.Code ?? "", wrong?.Detail ?? "");
    }

    public static Faults Ids(this Faults faults, IReadOnlyList<IProfileEntry> entries) =>
        faults.Add(entries.Where(e => e.Id is not null).GroupBy(e => e.Id).Any(g => g.Count() > 1), "entries", "repeated-id", "Each entry has its own id; leave the id out for a new one.");
}
