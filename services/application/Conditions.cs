using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>When a rule of a programme applies. A closed set; a list of them holds when all do.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Always), "always")]
[JsonDerivedType(typeof(FieldIs), "fieldIs")]
[JsonDerivedType(typeof(FieldIsNot), "fieldIsNot")]
[JsonDerivedType(typeof(ConfirmationIs), "confirmationIs")]
[JsonDerivedType(typeof(AreaIs), "areaIs")]
[JsonDerivedType(typeof(PersonDocumentIs), "personDocumentIs")]
[JsonDerivedType(typeof(ChosenEntryIs), "chosenEntryIs")]
[JsonDerivedType(typeof(AnyOf), "anyOf")]
public abstract record Condition
{
    public abstract bool Holds(Filling filling);
}

public sealed record Always : Condition
{
    public override bool Holds(Filling filling) => true;
}

/// <param name="Field"><c>section/field</c>.</param>
public sealed record FieldIs(string Field, IReadOnlyList<string> Values) : Condition
{
    public override bool Holds(Filling filling) => Holds(filling.Answers);
    public bool Holds(IReadOnlyDictionary<string, string> answers) => answers.TryGetValue(Field, out var value) && Values.Contains(value);
}

/// <summary>The field is answered, with none of the values.</summary>
public sealed record FieldIsNot(string Field, IReadOnlyList<string> Values) : Condition
{
    public override bool Holds(Filling filling) => filling.Answers.TryGetValue(Field, out var value) && !Values.Contains(value);
}

/// <summary>The chosen area confirms in this way.</summary>
public sealed record ConfirmationIs(ConfirmationMode Mode) : Condition
{
    public override bool Holds(Filling filling) => filling.Policy?.Confirmation == Mode;
}

/// <summary>The application is made in one of these areas.</summary>
public sealed record AreaIs(IReadOnlyList<string> Areas) : Condition
{
    public override bool Holds(Filling filling) => filling.Area is { } area && Areas.Contains(area);
}

/// <summary>The person registered with one of these identity documents, in identity's words.</summary>
public sealed record PersonDocumentIs(IReadOnlyList<string> Types) : Condition
{
    public override bool Holds(Filling filling) => Types.Contains(filling.PersonDocumentType);
}

/// <summary>One of the profile's entries that <paramref name="Field"/> chooses is of one of these kinds: education levels, training or certificate types.</summary>
public sealed record ChosenEntryIs(string Field, IReadOnlyList<string> Kinds) : Condition
{
    public override bool Holds(Filling filling) => filling.Chosen(Field).Any(entry => Kinds.Contains(entry.Kind));
}

/// <summary>At least one of these holds.</summary>
public sealed record AnyOf(IReadOnlyList<Condition> Conditions) : Condition
{
    public override bool Holds(Filling filling) => Conditions.Any(c => c.Holds(filling));
}

public static class Conditions
{
    public static bool AllHold(this IReadOnlyList<Condition>? conditions, Filling filling) => conditions is null || conditions.All(c => c.Holds(filling));
}
