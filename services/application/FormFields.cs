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
public abstract record FormField(string Code, string Title, IReadOnlyList<Condition>? RequiredWhen, Prefill? Prefill, string? Source)
{
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

public sealed record ChoiceField(string Code, string Title, IReadOnlyList<Choice> Choices, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
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

public sealed record NumberField(string Code, string Title, int Min, int Max, IReadOnlyList<Condition>? RequiredWhen = null, Prefill? Prefill = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, Prefill, Source)
{
    public override Wrong? Check(string value, DateOnly today) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Min <= number && number <= Max ? null : new("not-in-range", $"A whole number from {Min} to {Max}.");
}

/// <summary>One entry chosen from a list of the profile, by its id. The entry is copied into the submission.</summary>
public sealed record EntryField(string Code, string Title, ProfileGroup Group, IReadOnlyList<Condition>? RequiredWhen = null, string? Source = null)
    : FormField(Code, Title, RequiredWhen, null, Source)
{
    public override Wrong? Check(string value, DateOnly today) => Guid.TryParse(value, out _) ? null : new("not-an-id", "Send the id of an entry of the profile.");

    public override Wrong? CheckWithin(string value, Filling filling) =>
        filling.Profile.Entry(Group, value) is null ? new("entry-gone", "The profile no longer holds this entry; choose another.") : null;

    public override string Show(string value, ProfileGroups profile) => profile.Entry(Group, value) ?? value;
}

/// <summary>Dates of month precision (C4).</summary>
public static class Month
{
    public static Wrong? Check(string value, DateOnly? notAfter) =>
        !DateOnly.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) || month.Year < 1900 ? new("not-a-month", "Write the month as YYYY-MM, for example 2019-07.")
        : month > notAfter ? new("in-future", "This month has not come yet.") : null;
}
