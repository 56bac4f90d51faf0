using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExamPlatform.Gateways;

/// <summary>
/// The public API document. <c>/openapi/v1.json</c> is the file kept in the repository, so that it is there whoever is away; a test compares it with the live one,
/// which only Development serves at <c>/openapi/live.json</c>.
/// </summary>
internal static class ApiDocument
{
    public static void MapApiDocument(this WebApplication app)
    {
        var kept = Path.Combine(AppContext.BaseDirectory, "openapi.json");
        app.MapGet("/openapi/v1.json", () => TypedResults.PhysicalFile(kept, "application/json")).AllowAnonymous().ExcludeFromDescription();
        if (app.Environment.IsDevelopment())
            app.MapGet("/openapi/live.json", async (LiveApiDocument live, CancellationToken ct) => TypedResults.Text(await live.MergeAsync(ct), "application/json")).AllowAnonymous().ExcludeFromDescription();
    }
}

/// <summary>Merges the documents of all services into one: paths as they are, schemas by name, one security scheme, one kind of problem.</summary>
internal sealed class LiveApiDocument(HttpClient http, IConfiguration configuration)
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<string> MergeAsync(CancellationToken cancellationToken)
    {
        var (paths, schemas) = (new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal), new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal));
        foreach (var service in Routes.Services)
        {
            var part = JsonNode.Parse(await http.GetStringAsync(new Uri(configuration.Address(service), "/openapi/v1.json"), cancellationToken))!.AsObject();
            part = QualifyClashes(part, service, schemas);
            foreach (var (path, item) in part["paths"]?.AsObject() ?? []) paths.TryAdd(path, item?.DeepClone());
            foreach (var (name, schema) in part["components"]?["schemas"]?.AsObject() ?? []) schemas.TryAdd(name, schema?.DeepClone());
        }
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "ExamPlatform gateway API", ["version"] = "v1", ["description"] = "Refusals are RFC 9457 problems whose type is urn:exam:<code>." },
            ["paths"] = new JsonObject(paths.Select(p => KeyValuePair.Create(p.Key, p.Value))),
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.Select(s => KeyValuePair.Create(s.Key, s.Value))),
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } },
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
        return document.ToJsonString(Written) + "\n";
    }

    /// <summary>Two services may give one name to different things: the later one's gets its service's name in front.</summary>
    private static JsonObject QualifyClashes(JsonObject part, string service, SortedDictionary<string, JsonNode?> taken)
    {
        var clashes = (part["components"]?["schemas"]?.AsObject() ?? []).Where(s => taken.TryGetValue(s.Key, out var other) && !JsonNode.DeepEquals(other, s.Value)).Select(s => s.Key).ToList();
        if (clashes.Count == 0) return part;
        var text = part.ToJsonString();
        foreach (var name in clashes)
        {
            var qualified = char.ToUpperInvariant(service[0]) + service[1..] + name;
            text = text.Replace($"\"#/components/schemas/{name}\"", $"\"#/components/schemas/{qualified}\"", StringComparison.Ordinal);
            text = text.Replace($"\"{name}\":{{", $"\"{qualified}\":{{", StringComparison.Ordinal);
        }
        return JsonNode.Parse(text)!.AsObject();
    }
}
