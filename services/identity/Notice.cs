using System.Text.Json;

namespace ExamPlatform.Identities;

/// <summary>The registration notice that a candidate accepts, in the candidate's language; a changed text is a new version.</summary>
public sealed record Notice(string Version, string Text)
{
    public static Notice Current { get; } = Read();

    private static Notice Read()
    {
        using var file = typeof(Notice).Assembly.GetManifestResourceStream("notice.json")!;
        return JsonSerializer.Deserialize<Notice>(file, JsonSerializerOptions.Web)!;
    }
}
