using System.Resources;

namespace ExamPlatform.Identities;

/// <summary>What the official account answers to a person, by the code of what came of it.</summary>
internal static class WeChatWords
{
    private static readonly ResourceManager All = new("ExamPlatform.Identities.WeChatWords", typeof(WeChatWords).Assembly);

    public static string Of(string code) => All.GetString(code, System.Globalization.CultureInfo.InvariantCulture)!;
}
