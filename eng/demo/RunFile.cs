using System.Text.Json;

namespace ExamPlatform.Demo;

/// <summary>What a running platform says about itself in artifacts/run.json. All ready-made people have one password.</summary>
public sealed record RunFile(Uri Web, Uri Gateway, Uri Sandbox, Uri? Dashboard, string Password)
{
    public static RunFile Read(string path)
    {
        using var run = JsonDocument.Parse(File.ReadAllText(path));
        var root = run.RootElement;
        var dashboard = Uri.TryCreate(root.GetProperty("dashboard").GetString(), UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? address : null;
        return new(new(root.GetProperty("web").GetString()!), new(root.GetProperty("gateway").GetString()!), new(root.GetProperty("sandbox").GetString()!), dashboard,
            root.GetProperty("people")[0].GetProperty("password").GetString()!);
    }
}
