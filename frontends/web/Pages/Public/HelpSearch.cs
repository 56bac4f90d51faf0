using System.Text;
using System.Text.RegularExpressions;

namespace ExamPlatform.Web.Pages.Public;

/// <summary>
/// Searches Chinese, which puts no blanks between its words: a run of characters is looked for by each two that follow each other, so that 上传照片 is found in 照片怎样上传.
/// Half of what was asked must be there; a title counts more than a text.
/// </summary>
public static partial class HelpSearch
{
    private const int InTitle = 5, InText = 1, WholeInTitle = 20, WholeInText = 5;

    /// <summary>What people put around what they look for.</summary>
    private static readonly string[] Fillers = ["为什么", "怎么办", "怎么", "怎样", "如何", "什么", "请问", "哪里", "可以", "是否", "吗", "呢", "的", "了", "我"];

    /// <summary>Of those given, the ones that answer, the best first; all as they are where nothing is sought.</summary>
    public static IReadOnlyList<HelpArticle> Find(IReadOnlyList<HelpArticle> among, string? sought)
    {
        ArgumentNullException.ThrowIfNull(among);
        var whole = Plain(sought ?? "");
        var terms = Terms(whole);
        if (whole.Length == 0) return among;
        return [.. among.Select((article, order) => (article, order, score: Score(article, terms, whole))).Where(a => a.score > 0).OrderByDescending(a => a.score).ThenBy(a => a.order).Select(a => a.article)];
    }

    private static int Score(HelpArticle article, IReadOnlyCollection<string> terms, string whole)
    {
        var (title, text) = (Plain(article.Title), Plain(article.Text));
        var (score, found) = (0, 0);
        foreach (var term in terms)
        {
            var (inTitle, inText) = (title.Contains(term, StringComparison.Ordinal), text.Contains(term, StringComparison.Ordinal));
            if (inTitle || inText) found++;
            score += (inTitle ? InTitle : 0) + (inText ? InText : 0);
        }
        if (found == 0 || found * 2 < terms.Count) return 0;
        return score + (title.Contains(whole, StringComparison.Ordinal) ? WholeInTitle : 0) + (text.Contains(whole, StringComparison.Ordinal) ? WholeInText : 0);
    }

    private static HashSet<string> Terms(string whole)
    {
        var lean = Fillers.Aggregate(whole, (text, filler) => text.Replace(filler, " ", StringComparison.Ordinal));
        var words = Words().Matches(string.IsNullOrWhiteSpace(lean) ? whole : lean).Select(m => m.Value);
        return [.. words.SelectMany(word => word.Length <= 2 || word[0] < '\u2E80' ? [word] : Enumerable.Range(0, word.Length - 1).Select(n => word.Substring(n, 2)))];
    }

    /// <summary>Full-width letters and digits as the others, capitals as small ones.</summary>
    private static string Plain(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Trim();

    [GeneratedRegex(@"[a-z0-9]+|[\p{IsCJKUnifiedIdeographs}\p{IsCJKUnifiedIdeographsExtensionA}]+")]
    private static partial Regex Words();
}
