using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ExamPlatform.Web.Components;

/// <summary>
/// Markdown as it may be shown, whoever wrote it: no markup of its own, links to http, https and this site only, pictures as links, headings below the page's own.
/// What officers write is trusted no more than that.
/// </summary>
public static class SafeMarkdown
{
    private const int HighestHeading = 2, LowestHeading = 6;
    private static readonly MarkdownPipeline Rules = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    public static string ToHtml(string text)
    {
        var document = Markdown.Parse(text, Rules);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Tame(link);
        foreach (var link in document.Descendants<AutolinkInline>().Where(a => a.IsEmail || !IsSafe(a.Url)).ToList()) link.ReplaceBy(new LiteralInline(link.Url));
        SetHeadings([.. document.Descendants<HeadingBlock>()]);
        return document.ToHtml(Rules);
    }

    public static string ToPlainText(string text) => Markdown.ToPlainText(text, Rules).Trim();

    /// <summary>An address of http or https, or one below this site.</summary>
    public static bool IsSafe(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\')) return false;
        if (url.StartsWith("//", StringComparison.Ordinal)) return false;
        var scheme = url.IndexOf(':', StringComparison.Ordinal);
        var path = url.IndexOfAny(['/', '?', '#']);
        return scheme < 0 || (path >= 0 && path < scheme) || (Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps));
    }

    /// <summary>What leads elsewhere stays as its words. A link without words could not be told apart by ear.</summary>
    private static void Tame(LinkInline link)
    {
        link.IsImage = false;
        if (link.FirstChild is null) link.AppendChild(new LiteralInline(link.Url ?? ""));
        if (IsSafe(link.Url)) return;
        link.Url = "";
        var words = new ContainerInline();
        link.ReplaceBy(words, copyChildren: true);
    }

    /// <summary>The levels that are used follow each other, from below the page's heading.</summary>
    private static void SetHeadings(IReadOnlyList<HeadingBlock> headings)
    {
        var (levels, before) = (headings.Select(h => h.Level).Distinct().Order().ToList(), HighestHeading - 1);
        foreach (var heading in headings)
        {
            before = heading.Level = Math.Min(Math.Min(HighestHeading + levels.IndexOf(heading.Level), before + 1), LowestHeading);
        }
    }
}
