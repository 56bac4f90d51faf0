using System.Globalization;
using System.Text.Json;

namespace ExamPlatform.Sandbox;

/// <summary>The Chinese sentences of the real channels, kept as data in words.json.</summary>
public static class Words
{
    private static readonly Dictionary<string, string> All = Load();

    public static string Say(string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, All[key], values);

    private static Dictionary<string, string> Load()
    {
        using var stream = typeof(Words).Assembly.GetManifestResourceStream("words.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
