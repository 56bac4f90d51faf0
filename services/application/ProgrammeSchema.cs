using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;

namespace ExamPlatform.Applications;

/// <summary>The JSON Schema of a programme document, made from the types that read it, with their own descriptions: an editor that knows it names members and words while one writes.</summary>
public static class ProgrammeSchema
{
    private static readonly Lazy<XDocument?> Words = new(() => Path.ChangeExtension(typeof(ProgrammeSchema).Assembly.Location, ".xml") is var file && File.Exists(file) ? XDocument.Load(file) : null);
    private static readonly Lazy<string> Text = new(() => Create().ToJsonString(ProgrammeReader.Json));

    public static string Json => Text.Value;

    private static JsonNode Create()
    {
        var schema = ProgrammeReader.Json.GetJsonSchemaAsNode(typeof(ExamProgramme), new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }).AsObject();
        Close(schema);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "ExamProgramme");
        return schema;
    }

    /// <summary>A value is of exactly one kind, so the exporter's anyOf is said as oneOf, in references into it, too.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray items) foreach (var item in items) Close(item);
        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            if (name == "$ref") members[name] = value!.GetValue<string>().Replace("/anyOf/", "/oneOf/", StringComparison.Ordinal);
            else if (name == "anyOf" && members.Remove(name)) members["oneOf"] = value;
            Close(value);
        }
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        // what is said of the member beats what is said of its type
        var words = context.PropertyInfo is { DeclaringType: var owner, Name: var name } ? Parameter(owner, name) ?? Summary(context.TypeInfo.Type) : Summary(context.TypeInfo.Type);
        if (words is not null && schema is JsonObject described && !described.ContainsKey("description")) described.Insert(0, "description", words);
        return schema;
    }

    private static string? Summary(Type type) => Plain(Member(type)?.Element("summary"));

    private static string? Parameter(Type type, string name) =>
        Plain(Member(type)?.Elements("param").FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName((string?)p.Attribute("name") ?? "") == name));

    private static XElement? Member(Type type) => Words.Value?.Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == $"T:{type.FullName}");

    private static string? Plain(XElement? element)
    {
        if (element is null) return null;
        foreach (var reference in element.Descendants().Where(e => e.IsEmpty).ToList())
            reference.ReplaceWith(((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? "").Split('.', ':')[^1]);
        return string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
