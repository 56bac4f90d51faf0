using System.Text.RegularExpressions;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;

namespace ExamPlatform.Web.Pages.Public;

/// <param name="Address">Of its page.</param>
/// <param name="Markdown">What it says after its title.</param>
/// <param name="Summary">Its first paragraph, as plain text.</param>
/// <param name="Text">All of it as plain text, to be searched.</param>
public sealed record HelpArticle(string Address, string Title, string Markdown, string Summary, string Text)
{
    public static HelpArticle Of(string address, string title, string markdown)
    {
        var plain = SafeMarkdown.ToPlainText(markdown);
        return new(address, title, markdown, plain.Split('\n')[0], plain);
    }

    public static HelpArticle Of(ArticleShown shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return Of($"/articles/{shown.Article.Id}", shown.Article.Title, shown.Text);
    }
}

/// <summary>The help that comes along, as it lies in Help/*.md: the first line is the title. What staff wrote stands beside it in the search.</summary>
public static partial class HelpArticles
{
    private const string Prefix = "help/";

    public static IReadOnlyList<HelpArticle> All { get; } = [.. typeof(HelpArticles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

    public static HelpArticle? Find(string code) => All.FirstOrDefault(article => article.Address == $"/help/{code}");

    private static HelpArticle Read(string name)
    {
        using var reader = new StreamReader(typeof(HelpArticles).Assembly.GetManifestResourceStream(name)!);
        var (title, text) = (reader.ReadLine()!.TrimStart('#', ' '), reader.ReadToEnd().Trim());
        return HelpArticle.Of($"/help/{Number().Replace(name[Prefix.Length..^".md".Length], "")}", title, text);
    }

    /// <summary>Files are numbered in the order in which they are listed.</summary>
    [GeneratedRegex("^[0-9]+-")]
    private static partial Regex Number();
}
