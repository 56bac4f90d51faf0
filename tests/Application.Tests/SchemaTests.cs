using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExamPlatform.Applications.Tests;

public sealed class SchemaTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly JsonNode Schema = JsonNode.Parse(ProgrammeSchema.Json)!;

    public static TheoryData<string> Documents() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json").Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public async Task Anybody_may_read_the_schema()
    {
        var reply = await service.Anonymous().GetAsync("/api/programmes/schema");

        Assert.Equal((HttpStatusCode.OK, "application/schema+json"), (reply.StatusCode, reply.Content.Headers.ContentType!.MediaType));
        Assert.True(JsonNode.DeepEquals(Schema, await Person.Json(reply)));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_document_says_only_what_the_schema_knows(string file) =>
        Assert.Empty(Unknown(JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programmes", file)))!, Schema, "#"));

    [Theory]
    [InlineData("colour", "\"blue\"", "#/colour")]
    [InlineData("title", "7", "#/title")]
    [InlineData("version", "\"1\"", "#/version")]
    [InlineData("subjects", "[1]", "#/subjects/0")]
    [InlineData("photo", "{}", "#/photo")]
    [InlineData("stages", "[{\"kind\":\"guess\"}]", "#/stages/0")]
    [InlineData("change", "null", "#/change")]
    public void What_the_reader_refuses_the_schema_does_not_know_either(string member, string value, string at)
    {
        var document = JsonNode.Parse(Hp.Document)!;
        document[member] = JsonNode.Parse(value);

        Assert.Contains(at, Unknown(document, Schema, "#"));
        Assert.NotEmpty(ProgrammeReader.Read(document.ToJsonString()).Faults);
    }

    [Fact]
    public void Every_kind_is_named_where_it_may_stand_and_no_other()
    {
        var kinds = Kinds(typeof(ExamProgramme), []).ToDictionary(t => t.Key, t => t.Value.Order().ToList());
        var named = Choices(Schema).Select(c => string.Join(' ', c.Order())).ToHashSet();

        Assert.Equal(["Condition", "EntryRule", "FailureRule", "FeeRule", "FormField", "RegisterCheck"], kinds.Keys.Order());
        Assert.All(kinds.Values, words => Assert.Contains(string.Join(' ', words), named));
        Assert.Equal(kinds.Values.Select(words => string.Join(' ', words)).Order(), named.Order());
    }

    [Fact]
    public void Members_and_kinds_are_described_in_the_words_of_the_code()
    {
        Assert.StartsWith("An exam as data", (string)Schema["description"]!, StringComparison.Ordinal);
        var stage = Schema["properties"]!["stages"]!["items"]!["properties"]!;
        Assert.Equal("The window in which it happens.", (string)stage["window"]!["description"]!);
        Assert.Contains("A month, YYYY-MM.", ProgrammeSchema.Json, StringComparison.Ordinal);
    }

    /// <summary>The places of a document that the schema does not allow: enough of JSON Schema to read what the exporter writes.</summary>
    private static IEnumerable<string> Unknown(JsonNode? value, JsonNode schema, string path)
    {
        if (schema is JsonValue) return schema.GetValue<bool>() ? [] : [path];
        if ((string?)schema["$ref"] is { } reference) return Unknown(value, Resolve(reference), path);
        if (schema["enum"] is JsonArray words) return words.Any(w => JsonNode.DeepEquals(w, value)) ? [] : [path];
        if (schema["const"] is { } only) return JsonNode.DeepEquals(only, value) ? [] : [path];
        if (schema["type"] is { } type && !Types(type).Contains(TypeOf(value))) return [path];
        if (schema["oneOf"] is JsonArray choices && value is not null)
        {
            var answers = choices.Select(c => Unknown(value, c!, path).ToList()).ToList();
            var kinds = choices.Zip(answers).Where(c => JsonNode.DeepEquals(c.First!["properties"]!["kind"]!["const"], value["kind"])).Select(c => c.Second).ToList();
            return answers.Count(a => a.Count == 0) == 1 ? [] : kinds.Count == 1 ? kinds[0] : [path];
        }
        return value switch
        {
            JsonArray items when schema["items"] is { } item => items.SelectMany((v, i) => Unknown(v, item, $"{path}/{i}")),
            JsonObject members => members.SelectMany(m => schema["properties"]?[m.Key] is { } known ? Unknown(m.Value, known, $"{path}/{m.Key}") : [$"{path}/{m.Key}"])
                .Concat(schema["required"]?.AsArray().Any(r => !members.ContainsKey((string)r!)) == true ? [path] : []),
            _ => [],
        };
    }

    private static JsonNode Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(Schema, (node, part) => (node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node[part])!);

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray many ? many.Select(t => (string)t!) : [(string)type!];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        _ => "boolean",
    };

    private static IEnumerable<IEnumerable<string>> Choices(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(Choices),
        JsonObject members => members.SelectMany(m => Choices(m.Value)).Concat(members["oneOf"] is JsonArray choices ? [choices.Select(c => (string)c!["properties"]!["kind"]!["const"]!)] : []),
        _ => [],
    };

    /// <summary>Every closed set that a document can reach, by the type that declares it.</summary>
    private static Dictionary<string, List<string>> Kinds(Type type, HashSet<Type> seen)
    {
        var found = new Dictionary<string, List<string>>();
        if (!seen.Add(type) || ProgrammeReader.Json.GetTypeInfo(type) is not { } info) return found;
        if (info.PolymorphismOptions is { } kinds) found[type.Name] = [.. kinds.DerivedTypes.Select(d => (string)d.TypeDiscriminator!)];
        IEnumerable<Type> next = [.. info.Properties.Select(p => p.PropertyType), .. info.PolymorphismOptions?.DerivedTypes.Select(d => d.DerivedType) ?? [], .. info.ElementType is { } item ? [item] : Type.EmptyTypes];
        foreach (var (name, words) in next.SelectMany(t => Kinds(t, seen))) found[name] = words;
        return found;
    }
}
