using System.Globalization;
using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>One step of the form.</summary>
public sealed record FormSection(string Code, string Title, IReadOnlyList<FormField> Fields, string Source)
{
    public FormField? Field(string code) => Fields.FirstOrDefault(f => f.Code == code);
}

/// <summary>A field of the form. The kinds are a closed set.</summary>
/// <param name="RequiredWhen">All must hold for the field to be required; null where it never is.</param>
/// <param name="Prefill">Where a new application takes its first value from.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextField), "text")]
[JsonDerivedType(typeof(ChoiceField), "choice")]
[JsonDerivedType(typeof(MonthField), "month")]
[JsonDerivedType(typeof(NumberField), "number")]
[JsonDerivedType(typeof(EntryField), "profileEntry")]
[JsonDerivedType(typeof(DisabilityCertificateField), "disabilityCertificate")]
[JsonDerivedType(typeof(TravelPermitField), "travelPermit")]
public abstract record FormField(string Code, string Title, IReadOnlyList<Condition>? RequiredWhen, Prefill? Prefill, string? Source)
{
    /// <summary>The value a new application starts with; null for none.</summary>
    public virtual string? First(ProfileGroups profile) => Prefill is { } from ? profile.Value(from) : null;

    /// <summary>What is wrong with a value by itself: refused when it is saved.</summary>
    public abstract Wrong? Check(string value, DateOnly today);

    /// <summary>What is wrong with a value beside the others and the profile: told with the step, refused at submission.</summary>
    public virtual Wrong? CheckWithin(string value, Filling filling) => null;

    /// <summary>The value as people read it.</summary>
    public virtual string Show(string value, ProfileGroups profile) => value;
}

/// <summary>What is wrong with a value: a stable code, and what to do.</summary>
public sealed record Wrong(string Code, string Detail);

public sealed record TextField(string Code, string Title, int MaxLength, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
    public override Wrong? Check(string value, DateOnly today) => value.Length > MaxLength ? new("too-long", $"At most {MaxLength} characters.")
        : value.Any(char.IsControl) ? new("control-character", "Control characters are not allowed.") : null;
}

/// <param name="AsRegistered">The answer is what the account is registered as (身份类型), where it says so: it stands there from the start, and another one is not taken.</param>
public sealed record ChoiceField(string Code, string Title, IReadOnlyList<Choice> Choices, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null, bool AsRegistered = false)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
    /// <summary>The profile holds words.</summary>
    public override string? First(ProfileGroups profile) => base.First(profile) is { } words ? Choices.FirstOrDefault(c => c.Title == words)?.Code : null;

    public override Wrong? Check(string value, DateOnly today) =>
        Choices.Any(c => c.Code == value) ? null : new("not-a-choice", "Choose one of the codes that the programme lists for this field.");

    public override Wrong? CheckWithin(string value, Filling filling) =>
        Choices.First(c => c.Code == value).OfferedWhen.AllHold(filling) ? null : new("not-offered", "This choice does not go with what is chosen before it; choose again.");

    public override string Show(string value, ProfileGroups profile) => Choices.FirstOrDefault(c => c.Code == value)?.Title ?? value;
}

/// <param name="OfferedWhen">All must hold for the choice to be open; null or left out: always.</param>
public sealed record Choice(string Code, string Title, IReadOnlyList<Condition>? OfferedWhen = null);

/// <summary>A month, <c>YYYY-MM</c>.</summary>
/// <param name="Past">Whether it may not lie in the future.</param>
public sealed record MonthField(string Code, string Title, bool Past, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
    public override Wrong? Check(string value, DateOnly today) => Month.Check(value, Past ? today : null);
}

/// <param name="Default">What counts when nothing is given.</param>
public sealed record NumberField(string Code, string Title, int Min, int Max, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null, int? Default = null)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
    private const int LongestNumber = 10;

    public override string? First(ProfileGroups profile) => base.First(profile) ?? Default?.ToString(CultureInfo.InvariantCulture);

    public override Wrong? Check(string value, DateOnly today) =>
        value.Length <= LongestNumber && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Min <= number && number <= Max ? null : new("not-in-range", $"A whole number from {Min} to {Max}.");
}

/// <summary>Entries chosen from a list of the profile, by their ids, parted by commas. They are copied into the submission.</summary>
/// <param name="Most">How many may be chosen.</param>
/// <param name="Rules">What the chosen ones must be.</param>
public sealed record EntryField(string Code, string Title, ProfileGroup Group, IReadOnlyList<Condition>? RequiredWhen = null, string? Source = null, int Most = 1, IReadOnlyList<EntryRule>? Rules = null)
    : FormField(Code, Title, RequiredWhen, null, Source)
{
    /// <summary>The ids in a value; empty when it is none.</summary>
    public static IEnumerable<Guid> Ids(string value) => value.Split(',').Select(id => Guid.TryParse(id, out var read) ? read : Guid.Empty).Where(id => id != Guid.Empty);

    public override Wrong? Check(string value, DateOnly today) =>
        value.Split(',') is var ids && !ids.All(id => Guid.TryParse(id, out var read) && read != Guid.Empty) ? new("not-an-id", "Send the ids of entries of the profile, parted by commas.")
        : ids.Length > Most ? new("too-many-chosen", $"Choose at most {Most}.") : ids.Distinct().Count() < ids.Length ? new("chosen-twice", "Choose each entry once.") : null;

    public override Wrong? CheckWithin(string value, Filling filling)
    {
        var chosen = Ids(value).Select(id => filling.Profile.Find(Group, id)).ToList();
        if (chosen.Contains(null)) return new("entry-gone", "The profile no longer holds this entry; choose another.");
        return (Rules ?? []).Where(rule => rule.Asked(filling)).Select(rule => rule.Check([.. chosen.OfType<IProfileEntry>()], Group, filling)).FirstOrDefault(wrong => wrong is not null);
    }

    public override string Show(string value, ProfileGroups profile) => string.Join("；", Ids(value).Select(id => profile.Find(Group, id)?.Words ?? id.ToString()));
}

/// <summary>A certificate of the disability register: 18-digit ID, category, grade, perhaps a reissue (B1 …). That it is the person's own is checked by the register.</summary>
/// <param name="Categories">The categories that are admitted; 1 is sight.</param>
public sealed partial record DisabilityCertificateField(string Code, string Title, IReadOnlyList<int> Categories, IReadOnlyList<Condition>? RequiredWhen = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, null, Source)
{
    public override Wrong? Check(string value, DateOnly today) =>
        !Form().IsMatch(value) ? new("not-a-certificate", "Write the 20 characters of the certificate: the 18 of the resident ID, the category and the grade.")
        : !Categories.Contains(value[18] - '0') ? new("category-not-admitted", "This exam is for another category of disability.") : null;

    [System.Text.RegularExpressions.GeneratedRegex(@"\A[1-8][0-9]{16}[0-9X][1-7][1-4](B[1-9])?\z")]
    private static partial System.Text.RegularExpressions.Regex Form();
}

/// <summary>A permit of a Hong Kong, Macao or Taiwan resident to travel to the mainland (往来大陆通行证).</summary>
public sealed partial record TravelPermitField(string Code, string Title, IReadOnlyList<Condition>? RequiredWhen = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, null, Source)
{
    public override Wrong? Check(string value, DateOnly today) => Form().IsMatch(value) ? null : new("not-a-travel-permit", "Hong Kong and Macao: H or M and 8 digits; Taiwan: 8 digits.");

    [System.Text.RegularExpressions.GeneratedRegex(@"\A([HM][0-9]{8}([0-9]{2})?|[0-9]{8}|[0-9]{10}\([A-Z]\))\z")]
    private static partial System.Text.RegularExpressions.Regex Form();
}

/// <summary>Dates of month precision (C4).</summary>
public static class Month
{
    public static Wrong? Check(string value, DateOnly? notAfter) =>
        !DateOnly.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) || month.Year < 1900 ? new("not-a-month", "Write the month as YYYY-MM, for example 2019-07.")
        : month > notAfter ? new("in-future", "This month has not come yet.") : null;
}
