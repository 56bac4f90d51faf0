using Microsoft.Extensions.Caching.Memory;

namespace ExamPlatform.Web.Gateways;

// What is published, what officers write, what candidates ask: only members that a page uses.
public sealed record ArticleLine(Guid Id, string Kind, string? Programme, string AreaPath, string Title, bool Pinned, DateTimeOffset At, DateTimeOffset ChangedAt);
public sealed record ArticlePage(IReadOnlyList<ArticleLine> Items, int Page, int Pages, int Total)
{
    public static readonly ArticlePage None = new([], 1, 1, 0);
}
public sealed record ArticleShown(ArticleLine Article, string Text, IReadOnlyList<ArticleFile> Files);
public sealed record ArticleFile(Guid Document, string Name, string ContentType, long Bytes);
public sealed record DeskLine(Guid Id, string Kind, string? Programme, string AreaPath, string Title, string State, bool Pinned, DateTimeOffset? From, DateTimeOffset? Until, DateTimeOffset ChangedAt);
public sealed record DeskPage(IReadOnlyList<DeskLine> Items, string? Next);
public sealed record ArticleVersion(int Number, string Title, string Text, Guid SavedBy, DateTimeOffset SavedAt);
public sealed record ArticleStep(string Verb, string Became, int Number, Guid By, DateTimeOffset At, string? Reason);
public sealed record DeskArticle(DeskLine Article, string Text, int Number, IReadOnlyList<ArticleVersion> Versions, IReadOnlyList<ArticleStep> History, IReadOnlyList<ArticleFile> Files);
public sealed record PushView(string? State, string Text, long? Followers, Guid? AskedBy, DateTimeOffset? AskedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Reason);
public sealed record QuestionMessage(bool Staff, DateTimeOffset At, string Text);
public sealed record QuestionView(Guid Id, string Programme, string AreaPath, string State, DateTimeOffset AskedAt, IReadOnlyList<QuestionMessage> Messages);
public sealed record QuestionPage(IReadOnlyList<QuestionView> Items, string? Next, int Waiting);
public sealed record WaitingQuestions(int Waiting);

/// <summary>Published content for pages that are about something else: where it cannot be had at the moment, they do without it.</summary>
public sealed class Contents(Gateway gateway, IMemoryCache cache)
{
    private static readonly TimeSpan HelpKept = TimeSpan.FromMinutes(1), CountKept = TimeSpan.FromSeconds(20);

    /// <summary>The kinds as they stand in addresses, in the order of the navigation. Help is found by its search.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["announcement", "policy", "outline", "passStandard", "download", "note", "flow", "support"];
    public static IReadOnlyList<string> Kinds { get; } = [.. Sections, "help"];

    public static string Title(string kind) => Words.ContentWords.ResourceManager.GetString($"kind-{kind}", System.Globalization.CultureInfo.InvariantCulture) ?? kind;

    public static string State(string state) => Words.ContentWords.ResourceManager.GetString($"state-{state}", System.Globalization.CultureInfo.InvariantCulture) ?? state;

    public Task<Reply<ArticlePage>> List(string kind, string? programme, int page) =>
        gateway.Get<ArticlePage>($"/api/content/articles?kind={kind}&page={page}{(programme is null ? "" : $"&programme={Uri.EscapeDataString(programme)}")}");

    public Task<ArticlePage> Newest() => Try(async () => (await List("announcement", null, 1)).Value, ArticlePage.None);

    /// <summary>All that helps, with its words.</summary>
    public async Task<IReadOnlyList<ArticleShown>> Help()
    {
        if (cache.TryGetValue(nameof(Help), out IReadOnlyList<ArticleShown>? kept)) return kept!;
        var help = await Try(async () => (await gateway.Get<IReadOnlyList<ArticleShown>>("/api/content/help")).Value, null);
        return help is null ? [] : cache.Set(nameof(Help), help, HelpKept);
    }

    /// <summary>How many questions wait for an officer of this jurisdiction.</summary>
    public async Task<int> Waiting(string areaPath)
    {
        var key = $"{nameof(Waiting)} {areaPath}";
        if (cache.TryGetValue(key, out int kept)) return kept;
        var count = await Try(async () => (await gateway.Get<WaitingQuestions>("/api/content/desk/questions/count")).Value, null);
        return count is null ? 0 : cache.Set(key, count.Waiting, CountKept);
    }

    private static async Task<T> Try<T>(Func<Task<T?>> ask, T instead)
    {
        try
        {
            return await ask() ?? instead;
        }
        catch (GatewayAwayException)
        {
            return instead;
        }
    }
}
