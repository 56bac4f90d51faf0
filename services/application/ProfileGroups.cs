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
/// <param name="Title">职称, held since the month <paramref name="TitleSince"/>.</param>
/// <param name="Duty">在岗情况, such as 当年毕业研究生.</param>
public sealed record WorkGroup(string Employer, string? EmployerKind, string Since, string? Post = null, string? Title = null, string? TitleSince = null, string? Duty = null) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().Text("employer", Employer, 100).Text("employerKind", EmployerKind, 50).Month("since", Since, today).Text("post", Post, 50)
        .Text("title", Title, 50).Month("titleSince", TitleSince, today).Text("duty", Duty, 50);
}

public sealed record EducationGroup(IReadOnlyList<EducationEntry> Entries) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().List(Entries, (faults, entry, at) => faults.Text($"{at}/school", entry.School, 100).Text($"{at}/major", entry.Major, 100).Text($"{at}/degree", entry.Degree, 50)
        .Month($"{at}/graduatedOn", entry.GraduatedOn, today, monthsAhead: 12).Text($"{at}/certificateNumber", entry.CertificateNumber, 50));
}

public sealed record TrainingGroup(IReadOnlyList<TrainingEntry> Entries) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().List(Entries, (faults, entry, at) => faults.Text($"{at}/title", entry.Title, 100).Text($"{at}/organisation", entry.Organisation, 100)
        .Month($"{at}/from", entry.From, today).Month($"{at}/until", entry.Until, today));
}

public sealed record CertificatesGroup(IReadOnlyList<CertificateEntry> Entries) : IProfileGroup
{
    public Faults Check(DateOnly today) => new Faults().List(Entries, (faults, entry, at) => faults.Text($"{at}/title", entry.Title, 100).Text($"{at}/number", entry.Number, 50).Month($"{at}/issuedOn", entry.IssuedOn, today)
        .Month($"{at}/registeredOn", entry.RegisteredOn, today).Text($"{at}/registrationNumber", entry.RegistrationNumber, 50));
}

internal static class ProfileFaults
{
    public const int MostEntries = 20;

    /// <summary>Text that is there when given, and short enough; null passes, because the JSON rules have required what must be there.</summary>
    public static Faults Text(this Faults faults, string field, string? value, int max) => faults
        .Add(value is not null && string.IsNullOrWhiteSpace(value), field, "empty", "Fill this in.")
        .Add(value?.Length > max, field, "too-long", $"At most {max} characters.").Add(value?.Any(char.IsControl) == true, field, "control-character", "Control characters are not allowed.");

    public static Faults Month(this Faults faults, string field, string? value, DateOnly today, int monthsAhead = 0)
    {
        if (value is null || Applications.Month.Check(value, today.AddMonths(monthsAhead)) is not { } wrong) return faults;
        return faults.Add(true, field, wrong.Code, wrong.Code == "in-future" && monthsAhead > 0 ? $"At most {monthsAhead} months ahead." : wrong.Detail);
    }

    /// <summary>The faults of a list and of each entry. How many an exam takes is its own rule (<see cref="ProfileNeed.Most"/>).</summary>
    public static Faults List<TEntry>(this Faults faults, IReadOnlyList<TEntry> entries, Action<Faults, TEntry, string> check) where TEntry : IProfileEntry
    {
        faults.Add(entries.Count > MostEntries, "entries", "too-many", $"At most {MostEntries} entries.")
            .Add(entries.Where(e => e.Id is not null).GroupBy(e => e.Id).Any(g => g.Count() > 1), "entries", "repeated-id", "Each entry has its own id; leave the id out for a new one.");
        for (var i = 0; i < entries.Count; i++) check(faults, entries[i], $"entries/{i}");
        return faults;
    }
}
