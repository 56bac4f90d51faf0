using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ExamPlatform.Applications;

/// <summary>Reads a programme document, or lists all that is wrong with it, by path. Shape first (names, types), then the rules between its parts.</summary>
public static class ProgrammeReader
{
    public static readonly JsonSerializerOptions Json = Options();

    /// <returns>The programme, or null and the faults.</returns>
    public static (ExamProgramme? Programme, IReadOnlyList<Fault> Faults) Read(string text)
    {
        var faults = new List<Fault>();
        try
        {
            using var document = JsonDocument.Parse(text);
            Shape(document.RootElement, Json.GetTypeInfo(typeof(ExamProgramme)), "#", faults);
            if (faults.Count > 0) return (null, faults);
            var programme = document.Deserialize<ExamProgramme>(Json)!;
            faults.AddRange(ProgrammeRules.Faults(programme));
            return (faults.Count == 0 ? programme : null, faults);
        }
        catch (JsonException broken)
        {
            return (null, [new("#", "broken-json", $"This is not JSON (line {broken.LineNumber + 1}): mend it there.")]);
        }
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false, AllowOutOfOrderMetadataProperties = true, TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.UsePlatformRules();
        options.MakeReadOnly();
        return options;
    }

    private static void Shape(JsonElement value, JsonTypeInfo type, string path, List<Fault> faults)
    {
        if (type.PolymorphismOptions is { } kinds && value.ValueKind == JsonValueKind.Object) Kind(value, type, kinds, path, faults);
        else if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object) Members(value, type, path, faults);
        else if (type.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array)
        {
            var n = 0;
            foreach (var item in value.EnumerateArray()) Shape(item, Json.GetTypeInfo(type.ElementType!), $"{path}/{n++}", faults);
        }
        else if (!Fits(value, type)) faults.Add(new(path, "wrong-type", $"Write {Expected(type.Type)} here."));
    }

    private static void Kind(JsonElement value, JsonTypeInfo type, JsonPolymorphismOptions kinds, string path, List<Fault> faults)
    {
        var kind = value.TryGetProperty(kinds.TypeDiscriminatorPropertyName, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;
        var known = kinds.DerivedTypes.FirstOrDefault(d => d.TypeDiscriminator as string == kind);
        if (known.DerivedType is null)
            faults.Add(new($"{path}/{kinds.TypeDiscriminatorPropertyName}", "unknown-kind", $"Write one of: {string.Join(", ", kinds.DerivedTypes.Select(d => d.TypeDiscriminator))}."));
        else Members(value, Json.GetTypeInfo(known.DerivedType), path, faults, besides: kinds.TypeDiscriminatorPropertyName);
    }

    private static void Members(JsonElement value, JsonTypeInfo type, string path, List<Fault> faults, string? besides = null)
    {
        faults.AddRange(value.EnumerateObject().GroupBy(m => m.Name).Where(g => g.Count() > 1).Select(g => new Fault($"{path}/{g.Key}", "said-twice", "Write this member once.")));
        foreach (var member in value.EnumerateObject().Where(m => m.Name != besides))
        {
            if (type.Properties.FirstOrDefault(p => p.Name == member.Name && p.Set is not null || p.Name == member.Name && p.AssociatedParameter is not null) is not { } known)
                faults.Add(new($"{path}/{member.Name}", "unknown-field", $"There is no such member; known are: {string.Join(", ", type.Properties.Where(p => p.AssociatedParameter is not null).Select(p => p.Name))}."));
            else if (member.Value.ValueKind != JsonValueKind.Null || !known.IsSetNullable) Shape(member.Value, Json.GetTypeInfo(known.PropertyType), $"{path}/{member.Name}", faults);
        }
        faults.AddRange(type.Properties.Where(p => p.IsRequired && !value.TryGetProperty(p.Name, out _)).Select(p => new Fault($"{path}/{p.Name}", "required", "Add this member.")));
    }

    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        if (value.ValueKind == JsonValueKind.Null) return false;
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t.IsEnum => "one of: " + string.Join(", ", Enum.GetNames(t).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        var t when t == typeof(string) => "a text",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(DateTimeOffset) => "a moment with its offset, such as 2026-11-01T00:00:00+08:00",
        var t when t.IsPrimitive => "a whole number",
        var t when t.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "a list",
        _ => "an object",
    };
}
