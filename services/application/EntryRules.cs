using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>What the chosen entries of the profile must be. A closed set; each tells what to do.</summary>
/// <param name="Unless">The rule is not asked where all of these hold; null: always asked.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OnlyKinds), "onlyKinds")]
[JsonDerivedType(typeof(AlsoInProfile), "alsoInProfile")]
[JsonDerivedType(typeof(NeedsMember), "needsMember")]
[JsonDerivedType(typeof(OneGraduated), "oneGraduated")]
public abstract record EntryRule(string Source, IReadOnlyList<Condition>? Unless = null)
{
    public bool Asked(Filling filling) => Unless is null || !Unless.AllHold(filling);

    public abstract Wrong? Check(IReadOnlyList<IProfileEntry> chosen, ProfileGroup group, Filling filling);
}

/// <summary>Only entries of these kinds may be chosen: education levels, training or certificate types.</summary>
public sealed record OnlyKinds(IReadOnlyList<string> Kinds, string Source, IReadOnlyList<Condition>? Unless = null) : EntryRule(Source, Unless)
{
    public override Wrong? Check(IReadOnlyList<IProfileEntry> chosen, ProfileGroup group, Filling filling) =>
        chosen.All(entry => Kinds.Contains(entry.Kind)) ? null : new("entry-kind", "An entry of this kind does not qualify here; choose another.");
}

/// <summary>Who chooses one of <paramref name="WhenChosen"/> must have one of <paramref name="Kinds"/> in the profile as well, chosen or not (ML: a postgraduate also lists the undergraduate entry).</summary>
public sealed record AlsoInProfile(IReadOnlyList<string> WhenChosen, IReadOnlyList<string> Kinds, string Source, IReadOnlyList<Condition>? Unless = null) : EntryRule(Source, Unless)
{
    public override Wrong? Check(IReadOnlyList<IProfileEntry> chosen, ProfileGroup group, Filling filling) =>
        !chosen.Any(entry => WhenChosen.Contains(entry.Kind)) || filling.Profile.Entries(group).Any(entry => Kinds.Contains(entry.Kind))
            ? null : new("earlier-entry-missing", "Add the earlier entry (undergraduate or junior college) to the profile too; it need not be chosen.");
}

/// <summary>Every chosen entry has this member filled.</summary>
/// <param name="Kinds">Only entries of these kinds need it; null: all do.</param>
public sealed record NeedsMember(EntryMember Member, string Source, IReadOnlyList<string>? Kinds = null, IReadOnlyList<Condition>? Unless = null) : EntryRule(Source, Unless)
{
    public override Wrong? Check(IReadOnlyList<IProfileEntry> chosen, ProfileGroup group, Filling filling) =>
        chosen.All(entry => Kinds?.Contains(entry.Kind) == false || !string.IsNullOrEmpty(entry.Value(Member)))
            ? null : new("entry-incomplete", $"Fill in '{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(Member.ToString())}' of the chosen entry in the profile.");
}

/// <summary>At least one of the chosen entries is already graduated from (FJ: 学历信息必须包含已毕业的学历信息).</summary>
public sealed record OneGraduated(string Source, IReadOnlyList<Condition>? Unless = null) : EntryRule(Source, Unless)
{
    public override Wrong? Check(IReadOnlyList<IProfileEntry> chosen, ProfileGroup group, Filling filling) =>
        chosen.Any(entry => entry.Value(EntryMember.GraduatedOn) is { } month && Month.Check(month, filling.Today) is null)
            ? null : new("not-graduated", "Choose at least one education that you have graduated from.");
}

/// <summary>Members of profile entries that a rule can ask for.</summary>
public enum EntryMember { CertificateNumber, GraduatedOn, Degree, Number, IssuedOn, RegisteredOn, RegistrationNumber }
