namespace ExamPlatform.Identities;

/// <summary>How a person wants pages to look and to be handled, wherever they sign in.</summary>
public sealed class DisplayChoice
{
    public const string StandardTheme = "auto";
    public const int StandardText = 100;

    public static readonly IReadOnlyList<string> Themes = [StandardTheme, "light", "dark", "contrast"];
    public static readonly IReadOnlyList<int> Texts = [StandardText, 125, 150, 200];

    public Guid AccountId { get; init; }
    public string Theme { get; set; } = StandardTheme;

    /// <summary>The size of the text in percent.</summary>
    public int Text { get; set; } = StandardText;

    /// <summary>Whether single keys are short cuts; screen readers have a use of their own for those.</summary>
    public bool Shortcuts { get; set; }
}
