using System.Text.Json.Serialization;

namespace ExamPlatform.Applications;

/// <summary>When a rule of a programme applies. A closed set; a list of them holds when all do.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Always), "always")]
[JsonDerivedType(typeof(FieldIs), "fieldIs")]
[JsonDerivedType(typeof(FieldIsNot), "fieldIsNot")]
[JsonDerivedType(typeof(ConfirmationIs), "confirmationIs")]
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
    public override bool Holds(Filling filling) => filling.Answers.TryGetValue(Field, out var value) && Values.Contains(value);
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

public static class Conditions
{
    public static bool AllHold(this IReadOnlyList<Condition>? conditions, Filling filling) => conditions is null || conditions.All(c => c.Holds(filling));
}
