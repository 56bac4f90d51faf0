using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Officers write, schedule, pin and withdraw what everybody reads, each within their jurisdiction: for the whole country only national ones.</summary>
internal static class ContentDesk
{
    private const int PageSize = 50;

    /// <param name="Programme">Null: of all exams.</param>
    /// <param name="AreaPath">Within the jurisdiction; empty for the whole country.</param>
    public sealed record Draft(ArticleKind Kind, string? Programme, string AreaPath, string Title, string Text);
    public sealed record Wording(string Title, string Text);

    /// <param name="From">Null: at once.</param>
    /// <param name="Until">Null: until it is withdrawn.</param>
    public sealed record Publication(DateTimeOffset? From, DateTimeOffset? Until);
    public sealed record Withdrawal(string Reason);
    public sealed record Pin(bool Pinned);

    public sealed record DeskLine(Guid Id, ArticleKind Kind, string? Programme, string AreaPath, string Title, ArticleState State, bool Pinned, DateTimeOffset? From, DateTimeOffset? Until, DateTimeOffset ChangedAt);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record DeskPage(IReadOnlyList<DeskLine> Items, string? Next);
    public sealed record VersionLine(int Number, string Title, string Text, Guid SavedBy, DateTimeOffset SavedAt);
    public sealed record StepLine(ArticleVerb Verb, ArticleState Was, ArticleState Became, int Number, Guid By, DateTimeOffset At, string? Reason, DateTimeOffset? From, DateTimeOffset? Until);
    public sealed record DeskArticle(DeskLine Article, string Text, int Number, IReadOnlyList<VersionLine> Versions, IReadOnlyList<StepLine> History, IReadOnlyList<ContentArticles.FileLine> Files);

    public static void MapContentDesk(this IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("/api/content/desk/articles").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        desk.MapGet("", List).Produces<DeskPage>().ProducesProblem(400).ProducesProblem(403).WithName("list-desk-articles").WithSummary("Articles of your jurisdiction in every state, the newest first, by cursor.");
        desk.MapPost("", Write).WithIdempotencyKey<NotificationDb>().Produces<DeskLine>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(422).WithName("write-article").WithSummary("A new draft.");
        desk.MapGet("/{id:guid}", Show).Produces<DeskArticle>().ProducesProblem(404).WithName("get-desk-article").WithSummary("An article with all its versions and steps.");
        desk.MapPut("/{id:guid}", Edit).Changes().WithName("edit-article").WithSummary("New words, as a new version; what is published shows them at once. Takes If-Match.");
        desk.MapPost("/{id:guid}/publication", Publish).Changes().WithName("publish-article").WithSummary("From when and until when everybody sees it.");
        desk.MapPost("/{id:guid}/withdrawal", Withdraw).Changes().WithName("withdraw-article").WithSummary("Takes it from everybody's sight, with the reason.");
        desk.MapPost("/{id:guid}/reopening", Reopen).Changes().WithName("reopen-article").WithSummary("Makes a draft of what was withdrawn.");
        desk.MapPut("/{id:guid}/pin", SetPin).Changes().WithName("pin-article").WithSummary("Puts it above the others, or no longer.");
    }

    internal static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<DeskLine>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);

    private static async Task<IResult> List(Me me, NotificationDb db, TimeProvider clock, CancellationToken ct, string? kind = null, string? programme = null, string? cursor = null)
    {
        if (Refused(me) is { } refused) return refused;
        var before = Guid.Empty;
        var known = Enum.GetValues<ArticleKind>().Where(k => Words.Of(k) == kind).Select(k => (ArticleKind?)k).FirstOrDefault();
        var faults = new Faults().Add(kind is not null && known is null, "kind", "not-a-choice", "Say one of the kinds.")
            .Add(cursor is not null && !Guid.TryParseExact(cursor, "N", out before), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.");
        if (faults.Any) return faults.ToProblem();
        var found = await Within(me, db).AsNoTracking().Where(a => (known == null || a.Kind == known) && (programme == null || a.ProgrammeCode == programme) && (cursor == null || a.Id < before))
            .OrderByDescending(a => a.Id).Take(PageSize + 1).ToListAsync(ct);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new DeskPage([.. found.Take(PageSize).Select(a => Line(a, now))], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null));
    }

    private static async Task<IResult> Write(Draft draft, Me me, HttpResponse response, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        var faults = Check(draft.Title, draft.Text)
            .Add(draft.Programme is { } programme && !ContentArticles.IsProgramme(programme), "programme", "not-a-choice", "The code of an exam, or null for all.")
            .Add(!ContentArticles.IsArea(draft.AreaPath) || !me.Covers(draft.AreaPath), "areaPath", "outside-jurisdiction", $"Area codes, each ended by a slash, within your own jurisdiction '{me.AreaPath}'.");
        if (faults.Any) return faults.ToProblem();
        var now = clock.GetUtcNow();
        var article = Article.Write(Guid.CreateVersion7(now), draft.Kind, draft.Programme, draft.AreaPath, draft.Title.Trim(), draft.Text, me.Id, now);
        db.Articles.Add(article);
        await db.SaveChangesAsync(ct);
        response.SetETag(article.Version);
        return TypedResults.Created($"/api/content/desk/articles/{article.Id}", Line(article, now));
    }

    private static async Task<IResult> Show(Guid id, Me me, HttpResponse response, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        var article = Refused(me) is null ? await Within(me, db).AsNoTracking().Include(a => a.Versions).Include(a => a.History).Include(a => a.Files).AsSplitQuery().SingleOrDefaultAsync(a => a.Id == id, ct) : null;
        if (article is null) return Problems.NotFound();
        response.SetETag(article.Version);
        return TypedResults.Ok(new DeskArticle(Line(article, clock.GetUtcNow()), article.Text, article.Number,
            [.. article.Versions.OrderByDescending(v => v.Number).Select(v => new VersionLine(v.Number, v.Title, v.Text, v.SavedBy, v.SavedAt))],
            [.. article.History.OrderByDescending(h => h.Id).Select(h => new StepLine(h.Verb, h.Was, h.Became, h.Number, h.By, h.At, h.Reason, h.From, h.Until))], ContentArticles.FileLine.Of(article)));
    }

    private static Task<IResult> Edit(Guid id, Wording wording, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct) =>
        Change(id, me, http, db, clock, Check(wording.Title, wording.Text), (article, now) => article.Edit(wording.Title.Trim(), wording.Text, me.Id, now), ct);

    private static Task<IResult> Publish(Guid id, Publication times, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        var from = times.From is { } later && later > clock.GetUtcNow() ? later : clock.GetUtcNow();
        return Change(id, me, http, db, clock, new Faults().Add(times.Until <= from, "until", "ends-before-start", "It would be over before anybody sees it."),
            (article, now) => article.Publish(times.From, times.Until, me.Id, now), ct);
    }

    private static Task<IResult> Withdraw(Guid id, Withdrawal withdrawal, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct) =>
        Change(id, me, http, db, clock, new Faults().Add(!IsText(withdrawal.Reason, Article.LongestReason), "reason", "required", $"1 to {Article.LongestReason} characters: why it is taken back."),
            (article, now) => article.Withdraw(withdrawal.Reason.Trim(), me.Id, now), ct);

    private static Task<IResult> Reopen(Guid id, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct) =>
        Change(id, me, http, db, clock, new(), (article, now) => article.Reopen(me.Id, now), ct);

    private static Task<IResult> SetPin(Guid id, Pin pin, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct) =>
        Change(id, me, http, db, clock, new(), (article, now) => article.Pin(pin.Pinned, me.Id, now), ct);

    internal static async Task<IResult> Change(Guid id, Me me, HttpContext http, NotificationDb db, TimeProvider clock, Faults faults, Func<Article, DateTimeOffset, Refusal?> step, CancellationToken ct)
    {
        var article = Refused(me) is null ? await Within(me, db).Include(a => a.Files).SingleOrDefaultAsync(a => a.Id == id, ct) : null;
        if (article is null) return Problems.NotFound();
        if (http.Request.CheckIfMatch(article.Version) is { } stale) return stale;
        if (faults.Any) return faults.ToProblem();
        var now = clock.GetUtcNow();
        if (step(article, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(article.Version);
        return TypedResults.Ok(Line(article, now));
    }

    /// <summary>The lowest level decides on the spot and publishes nothing.</summary>
    private static IResult? Refused(Me me) => me.Level is "national" or "area" or "site" ? null : Problems.Of(403, "wrong-level", "Officers of your level publish nothing.");

    private static IQueryable<Article> Within(Me me, NotificationDb db) => db.Articles.Where(a => a.AreaPath.StartsWith(me.AreaPath));

    private static DeskLine Line(Article a, DateTimeOffset now) => new(a.Id, a.Kind, a.ProgrammeCode, a.AreaPath, a.Title, a.StateAt(now), a.Pinned, a.From, a.Until, a.ChangedAt);

    private static Faults Check(string title, string text) => new Faults()
        .Add(!IsText(title, Article.LongestTitle) || title.Contains('\n', StringComparison.Ordinal), "title", string.IsNullOrWhiteSpace(title) ? "required" : "too-long", $"One line of 1 to {Article.LongestTitle} characters.")
        .Add(!IsText(text, Article.LongestText), "text", string.IsNullOrWhiteSpace(text) ? "required" : "too-long", $"1 to {Article.LongestText} characters of Markdown.");

    internal static bool IsText(string text, int longest) => !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
}
