using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>What is published, for everybody, without sign-in. Caches keep it for a minute: what is withdrawn is in nobody's cache after that.</summary>
internal static partial class ContentArticles
{
    private const int PageSize = 20, MostPages = 1000, MostHelp = 500;
    private const string Cacheable = "public, max-age=60";
    private static readonly ArticleKind[] Helpful = [ArticleKind.Help, ArticleKind.Note, ArticleKind.Flow, ArticleKind.Support, ArticleKind.Download];

    /// <param name="Programme">Null: of all exams.</param>
    /// <param name="AreaPath">Empty: for the whole country.</param>
    /// <param name="At">Since when everybody sees it.</param>
    public sealed record ArticleLine(Guid Id, ArticleKind Kind, string? Programme, string AreaPath, string Title, bool Pinned, DateTimeOffset At, DateTimeOffset ChangedAt);

    /// <param name="Total">On all pages.</param>
    public sealed record ArticlePage(IReadOnlyList<ArticleLine> Items, int Page, int Pages, int Total);

    /// <param name="Text">Markdown: show it without markup of its own and with http, https and relative links only.</param>
    public sealed record ArticleShown(ArticleLine Article, string Text, IReadOnlyList<FileLine> Files);

    /// <param name="Document">Its content: <c>/api/content/articles/{id}/files/{document}</c>.</param>
    public sealed record FileLine(Guid Document, string Name, string ContentType, long Bytes)
    {
        internal static IReadOnlyList<FileLine> Of(Article article) => [.. article.Files.OrderBy(f => f.AddedAt).ThenBy(f => f.DocumentId).Select(f => new FileLine(f.DocumentId, f.Name, f.ContentType, f.Bytes))];
    }

    public static void MapContentArticles(this IEndpointRouteBuilder app)
    {
        var content = app.MapGroup("/api/content").AllowAnonymous().WithTags("notification");
        content.MapGet("/articles", List).Produces<ArticlePage>().ProducesProblem(400).WithName("list-articles")
            .WithSummary("Published articles, pinned ones first, then the newest. Of a programme: also what is for all of them; of an area: also what is for all above it.");
        content.MapGet("/articles/{id:guid}", Show).Produces<ArticleShown>().ProducesProblem(404).WithName("get-article").WithSummary("A published article.");
        content.MapGet("/help", Help).Produces<IReadOnlyList<ArticleShown>>().WithName("list-help").WithSummary("All that helps, with its words, to be searched.");
    }

    private static async Task<IResult> List(HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct, string? kind = null, string? programme = null, string? area = null, int page = 1)
    {
        var known = Enum.GetValues<ArticleKind>().Where(k => Words.Of(k) == kind).Select(k => (ArticleKind?)k).FirstOrDefault();
        var faults = new Faults().Add(kind is not null && known is null, "kind", "not-a-choice", $"Say one of {string.Join(", ", Enum.GetValues<ArticleKind>().Select(Words.Of))}.")
            .Add(programme is not null && !IsProgramme(programme), "programme", "not-a-choice", "The code of an exam.")
            .Add(area is not null && !IsArea(area), "area", "unknown-area", "Area codes, each ended by a slash.")
            .Add(page is < 1 or > MostPages, "page", "not-in-range", $"1 to {MostPages}.");
        if (faults.Any) return faults.ToProblem();
        var up = db.Articles.AsNoTracking().Where(IsUp(clock.GetUtcNow())).Where(a => (known == null || a.Kind == known) && (programme == null || a.ProgrammeCode == null || a.ProgrammeCode == programme) && (area == null || area.StartsWith(a.AreaPath)));
        var total = await up.CountAsync(ct);
        var lines = await up.OrderByDescending(a => a.Pinned).ThenByDescending(a => a.From).ThenByDescending(a => a.Id).Skip((page - 1) * PageSize).Take(PageSize).Select(Line).ToListAsync(ct);
        return Cached(http, new ArticlePage(lines, page, Math.Max(1, (total + PageSize - 1) / PageSize), total), $"{total} {string.Join(' ', lines)}");
    }

    private static async Task<IResult> Show(Guid id, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        var article = await db.Articles.AsNoTracking().Include(a => a.Files).Where(IsUp(clock.GetUtcNow())).SingleOrDefaultAsync(a => a.Id == id, ct);
        return article is null ? Problems.NotFound() : Cached(http, new ArticleShown(Line.Compile()(article), article.Text, FileLine.Of(article)), $"{article.Id} {article.Version}");
    }

    private static async Task<IResult> Help(HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        var found = await db.Articles.AsNoTracking().Include(a => a.Files).Where(IsUp(clock.GetUtcNow())).Where(a => Helpful.Contains(a.Kind)).OrderByDescending(a => a.From).ThenBy(a => a.Id).Take(MostHelp).ToListAsync(ct);
        var line = Line.Compile();
        return Cached(http, found.Select(a => new ArticleShown(line(a), a.Text, FileLine.Of(a))).ToList(), string.Join(' ', found.Select(a => $"{a.Id} {a.Version}")));
    }

    private static readonly Expression<Func<Article, ArticleLine>> Line = a => new ArticleLine(a.Id, a.Kind, a.ProgrammeCode, a.AreaPath, a.Title, a.Pinned, a.From!.Value, a.ChangedAt);

    /// <summary>The same as <see cref="Article.StateAt"/> being published, for the database.</summary>
    internal static Expression<Func<Article, bool>> IsUp(DateTimeOffset now) => a => a.WithdrawnAt == null && a.From <= now && (a.Until == null || a.Until > now);

    /// <summary>Whoever has it already is told so, without a body.</summary>
    private static IResult Cached<T>(HttpContext http, T value, string version)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)))[..32]}\"";
        (http.Response.Headers.CacheControl, http.Response.Headers.ETag) = (Cacheable, tag);
        return http.Request.Headers.IfNoneMatch.ToString() == tag ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(value);
    }

    public static bool IsProgramme(string code) => ProgrammeForm().IsMatch(code);

    public static bool IsArea(string path) => AreaForm().IsMatch(path);

    [GeneratedRegex(@"^[A-Z][A-Z0-9]{1,9}\z")]
    private static partial Regex ProgrammeForm();

    [GeneratedRegex(@"^([0-9]{6}/){0,3}\z")]
    private static partial Regex AreaForm();
}
