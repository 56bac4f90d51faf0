using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Demo;

/// <summary>What the platform answered, read whole.</summary>
public sealed record Answer(string Request, int Status, EntityTagHeaderValue? Tag, TimeSpan? RetryAfter, string? MediaType, byte[] Body)
{
    private const string TypePrefix = "urn:exam:";

    private JsonElement? json;

    public string Text => Encoding.UTF8.GetString(Body);
    public bool IsProblem => MediaType == "application/problem+json";

    /// <summary>The entity tag as If-Match takes it.</summary>
    public string? ETag => Tag?.ToString();

    /// <summary>The body as JSON; undefined when it is none.</summary>
    public JsonElement Json => json ??= Parse();

    /// <summary>The stable code of a problem; null for other answers.</summary>
    public string? Code => IsProblem && Json.Find("type")?.GetString() is { } type && type.StartsWith(TypePrefix, StringComparison.Ordinal) ? type[TypePrefix.Length..] : null;

    /// <summary>The faults of a refused input as <c>#/field code</c>.</summary>
    public IReadOnlyList<string> Faults => [.. (Json.Find("errors")?.EnumerateArray() ?? default).Select(fault => $"{fault.Text("pointer")} {fault.Text("code")}")];

    public string this[string path] => Json.Text(path);

    public Answer Expect(int status)
    {
        if (Status == status) return this;
        var faults = Faults.Count > 0 ? $" ({string.Join(", ", Faults)})" : "";
        var said = IsProblem ? $"{Code}: {Json.Find("detail")?.GetString()}{faults}" : Text[..Math.Min(Text.Length, 300)];
        throw new Surprise($"{Request} answered {Status} instead of {status} — {said}");
    }

    public Answer ExpectRefusal(int status, string code)
    {
        Expect(status);
        return Code == code ? this : throw new Surprise($"{Request} was refused for '{Code}' instead of '{code}'");
    }

    public static async Task<Answer> Of(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var request = response.RequestMessage!;
        return new($"{request.Method} {request.RequestUri!.PathAndQuery}", (int)response.StatusCode, response.Headers.ETag, response.Headers.RetryAfter?.Delta,
            response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private JsonElement Parse()
    {
        if (Body.Length == 0) return default;
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new Surprise($"{Request} answered {Status} with a body that is not JSON: {Text[..Math.Min(Text.Length, 300)]}");
        }
    }
}

/// <summary>Reading JSON by slash-separated paths; a number is an index.</summary>
public static class JsonPaths
{
    public static JsonElement? Find(this JsonElement json, string path)
    {
        var at = json;
        foreach (var name in path.Split('/'))
        {
            if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out var n) && n < at.GetArrayLength()) at = at[n];
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        }
        return at.ValueKind == JsonValueKind.Null ? null : at;
    }

    /// <summary>The text (or number, as text) at a path, which must be there.</summary>
    public static string Text(this JsonElement json, string path) => json.Find(path)?.ToString() ?? throw new Surprise($"there is no '{path}' in {json}");

    /// <summary>The list at a path, which must be there.</summary>
    public static IReadOnlyList<JsonElement> List(this JsonElement json, string path) =>
        json.Find(path) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : throw new Surprise($"there is no list '{path}' in {json}");
}
