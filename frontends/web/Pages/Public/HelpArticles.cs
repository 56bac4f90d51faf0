using System.Text.RegularExpressions;
using Markdig;

namespace ExamPlatform.Web.Pages.Public;

/// <param name="Code">Its address below /help.</param>
/// <param name="Html">What it says after its title.</param>
/// <param name="Summary">Its first paragraph, as plain text.</param>
/// <param name="Text">All of it as plain text, to be searched.</param>
public sealed record HelpArticle(string Code, string Title, string Html, string Summary, string Text)
{
    /// <summary>Whether each of the words occurs in it.</summary>
    public bool Says(IEnumerable<string> words) => words.All(word => Title.Contains(word, StringComparison.OrdinalIgnoreCase) || Text.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The help, as it lies in Help/*.md: the first line is the title. The one place that knows where articles come from.</summary>
public static partial class HelpArticles
{
    private const string Prefix = "help/";

    // written by us, but no markup of its own gets in, so that an article is never more than text
    private static readonly MarkdownPipeline Rules = new MarkdownPipelineBuilder().DisableHtml().Build();

    public static IReadOnlyList<HelpArticle> All { get; } = [.. typeof(HelpArticles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

    public static HelpArticle? Find(string code) => All.FirstOrDefault(article => article.Code == code);

    /// <summary>The articles in which every word of the search occurs; all of them where nothing is searched.</summary>
    public static IReadOnlyList<HelpArticle> Search(string? sought)
    {
        var words = (sought ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. All.Where(article => article.Says(words)).OrderBy(article => !words.All(word => article.Title.Contains(word, StringComparison.OrdinalIgnoreCase)))];
    }

    private static HelpArticle Read(string name)
    {
        using var reader = new StreamReader(typeof(HelpArticles).Assembly.GetManifestResourceStream(name)!);
        var (title, text) = (reader.ReadLine()!.TrimStart('#', ' '), reader.ReadToEnd().Trim());
        var plain = Markdown.ToPlainText(text, Rules).Trim();
        return new(Number().Replace(name[Prefix.Length..^".md".Length], ""), title, Markdown.ToHtml(text, Rules), plain.Split('\n')[0], plain);
    }

    /// <summary>Files are numbered in the order in which they are listed.</summary>
    [GeneratedRegex("^[0-9]+-")]
    private static partial Regex Number();
}
