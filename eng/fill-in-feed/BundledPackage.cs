using System.Text.Json;

namespace ExamPlatform.FillInFeed;

/// <summary>One NuGet package a program was built from: what its deps.json says of it.</summary>
/// <param name="Assemblies">Paths as in the package (<c>lib/net10.0/Name.dll</c>); none for a package that only gathers others.</param>
internal sealed record BundledPackage(
    string Id, string Version, IReadOnlyList<string> Assemblies, IReadOnlyList<(string Id, string Version)> Dependencies)
{
    public static IEnumerable<BundledPackage> ReadAll(SingleFileBundle bundle)
    {
        var path = bundle.Paths.SingleOrDefault(p => p.EndsWith(".deps.json", StringComparison.Ordinal))
            ?? throw new InvalidDataException("It has no deps.json.");
        using var document = JsonDocument.Parse(bundle.Read(path));
        var root = document.RootElement;
        var targetName = root.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        var libraries = root.GetProperty("libraries");
        return [.. root.GetProperty("targets").GetProperty(targetName).EnumerateObject()
            .Where(entry => libraries.GetProperty(entry.Name).GetProperty("type").GetString() == "package")
            .Select(Parse)];
    }

    private static BundledPackage Parse(JsonProperty entry)
    {
        var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
        return new(
            entry.Name[..slash],
            entry.Name[(slash + 1)..],
            [.. Members(entry.Value, "runtime").Select(file => file.Name)],
            [.. Members(entry.Value, "dependencies").Select(needed => (needed.Name, needed.Value.GetString()!))]);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.EnumerateObject() : default;
}
