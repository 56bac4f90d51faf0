using System.Text.Json;
using ExamPlatform.Demo;

namespace ExamPlatform.EndToEnd;

/// <summary>An operation of the gateway's API document.</summary>
/// <param name="TakesJson">Whether it takes a JSON body.</param>
public sealed record ApiRoute(string Method, string Path, bool TakesJson)
{
    public string Name => $"{Method} {Path}";

    /// <summary>The address with something in the place of each parameter.</summary>
    public string With(Func<string, string> value) =>
        string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? value(part.Trim('{', '}')) : part));

    public static async Task<IReadOnlyList<ApiRoute>> All(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var paths = (await platform.Nobody.Get("/openapi/live.json")).Expect(200).Json.Find("paths")!.Value;
        return [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => Of(path.Name, operation)))];
    }

    private static ApiRoute Of(string path, JsonProperty operation)
    {
        var json = operation.Value.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _);
        return new(operation.Name.ToUpperInvariant(), path, json);
    }
}
