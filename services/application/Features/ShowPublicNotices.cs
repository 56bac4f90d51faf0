using System.Globalization;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>Officers put up who has passed; everybody reads it until it comes down by itself (公示).</summary>
public static class ShowPublicNotices
{
    private const int PageSize = 100, Most = 200;

    public sealed record Request(string Session);

    /// <param name="More">Whether so many have passed that a second notice is needed: put it up now.</param>
    public sealed record Reply(Guid Id, DateTimeOffset From, DateTimeOffset Until, int Rows, bool More);

    /// <param name="Area">In words; null for the whole country.</param>
    public sealed record NoticeHead(Guid Id, string Programme, string Session, string SessionTitle, string Stage, string StageTitle, string? Area, DateTimeOffset From, DateTimeOffset Until, bool Objections);

    /// <param name="Columns">What the values of the rows are.</param>
    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record NoticePage(NoticeHead Notice, IReadOnlyList<NoticeColumn> Columns, IReadOnlyList<NoticeLine> Rows, string? Next);

    public static void MapShowPublicNotices(this IEndpointRouteBuilder app)
    {
        var notices = app.MapGroup("/api/programmes/{code}/public-notices").WithTags("application");
        notices.MapPost("", PutUp).RequireAuthorization(TokenNames.Officer).WithIdempotencyKey<ApplicationDb>().Produces<Reply>(StatusCodes.Status201Created).ProducesProblem(404).ProducesProblem(409)
            .WithName("put-up-public-notice").WithSummary("Puts up who has passed in your jurisdiction and is not shown yet; it comes down by itself.");
        notices.MapGet("", List).AllowAnonymous().Produces<List<NoticeHead>>().ProducesProblem(404).WithName("list-public-notices").WithSummary("The public notices that are up, newest first.");
        notices.MapGet("/{id:guid}", Show).AllowAnonymous().Produces<NoticePage>().ProducesProblem(400).ProducesProblem(404)
            .WithName("get-public-notice").WithSummary("A public notice with masked names, for everybody while it is up, later for officers of its area.");
    }

    private static async Task<IResult> PutUp(string code, Request request, Me me, ApplicationDb db, Programmes programmes, TimeProvider clock, ILogger<PublicNotice> log, CancellationToken ct)
    {
        if (await programmes.Newest(code, ct) is not { } programme || programme.Session(request.Session) is not { } session) return Problems.NotFound();
        if (programme.PublicNotice is not { } rule || !me.Level.Equals(rule.By.ToString(), StringComparison.OrdinalIgnoreCase))
            return new Refusal("no-public-notice", "This exam has no public notices, or officers of another level put them up.").ToProblem();
        if (session.Trial is not null) return new Refusal("trial-session", "Practice is not made public: nothing of it leaves the platform.").ToProblem();
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        var now = clock.GetUtcNow();
        var passed = await db.ToBeShown(programmes, programme, session.Code, me.AreaPath, now, ct);
        if (passed.Count == 0) return new Refusal("nobody-to-show", "Nobody has passed in your jurisdiction who is not in a notice that is up.").ToProblem();
        var notice = PublicNotice.PutUp(programme, session.Code, me, passed, now);
        db.PublicNotices.Add(notice);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        log.LogInformation("Officer {OfficerId} put up the public notice {NoticeId} with {Rows} rows", me.Id, notice.Id, passed.Count);
        return TypedResults.Created($"/api/programmes/{code}/public-notices/{notice.Id}", new Reply(notice.Id, notice.From, notice.Until, passed.Count, passed.Count == PublicNotice.MostRows));
    }

    private static async Task<IResult> List(string code, HttpResponse response, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        if (await programmes.Newest(code, ct) is null) return Problems.NotFound();
        var (now, heads) = (clock.GetUtcNow(), new List<NoticeHead>());
        foreach (var notice in await db.PublicNotices.AsNoTracking().Where(n => n.ProgrammeCode == code && n.Until > now).OrderByDescending(n => n.Id).Take(Most).ToListAsync(ct))
            heads.Add(Head(notice, await programmes.Get(code, notice.ProgrammeVersion, ct)));
        response.Headers.CacheControl = Cacheable(heads.Select(h => h.Until).DefaultIfEmpty(now + NoticeLines.Lifetime).Min() - now);
        return TypedResults.Ok(heads);
    }

    private static async Task<IResult> Show(string code, Guid id, HttpContext http, ApplicationDb db, Programmes programmes, NoticeLines lines, IdentityAnswers.IdentityAnswersClient identity,
        TimeProvider clock, CancellationToken ct, string? cursor = null)
    {
        var (now, after) = (clock.GetUtcNow(), 0);
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
        var notice = await db.PublicNotices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.ProgrammeCode == code, ct);
        if (notice is null || (now >= notice.Until && !IsForOfficer(notice, http))) return Problems.NotFound();
        var programme = await programmes.Get(code, notice.ProgrammeVersion, ct);
        var all = await lines.Of(id, () => Read(notice, programme, db, programmes, identity));
        http.Response.Headers.CacheControl = now < notice.Until ? Cacheable(notice.Until - now) : "no-store";
        var page = all.Where(l => l.Row > after).Take(PageSize + 1).ToList();
        return TypedResults.Ok(new NoticePage(Head(notice, programme), programme.PublicNotice!.Columns, [.. page.Take(PageSize)], page.Count > PageSize ? $"{page[PageSize - 1].Row}" : null));
    }

    /// <summary>Names are asked for in one call, and come masked: no whole name is ever in this service.</summary>
    private static async Task<IReadOnlyList<NoticeLine>> Read(PublicNotice notice, ExamProgramme programme, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity)
    {
        var session = programme.Session(notice.SessionCode)!;
        var rows = (await (await db.RowsOf(notice, programmes, CancellationToken.None)).ToListAsync(CancellationToken.None)).OrderBy(r => r.Number)
            .Select(r => (Row: r, Values: programme.PublicNotice!.Columns.Select(c => r.Value(c, session)).ToList())).ToList();
        var request = new GetMaskedNamesRequest { Rows = { rows.Select(r => new Identities.Contracts.NoticeRow { CandidateId = r.Row.CandidateId.ToString(), Beside = string.Join('\n', r.Values) }) } };
        var names = (await identity.GetMaskedNamesAsync(request)).Names.ToDictionary(n => Guid.Parse(n.CandidateId));
        return [.. rows.Where(r => names.ContainsKey(r.Row.CandidateId)).Select(r => (r.Row, r.Values, Person: names[r.Row.CandidateId]))
            .Select(r => new NoticeLine(r.Row.Number, r.Person.Name, r.Person.Number.Length > 0 ? r.Person.Number : null, r.Values))];
    }

    private static NoticeHead Head(PublicNotice notice, ExamProgramme programme) => new(notice.Id, notice.ProgrammeCode, notice.SessionCode, programme.Session(notice.SessionCode)!.Title, notice.Stage,
        programme.Stage(notice.Stage).Title, notice.AreaPath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var area, .. var below] ? AreaTree.Title(area, below is [var site, ..] ? site : area) : null,
        notice.From, notice.Until, programme.PublicNotice!.Objections);

    private static bool IsForOfficer(PublicNotice notice, HttpContext http) => http.User.Identity?.IsAuthenticated == true && Me.From(http.User).Covers(notice.AreaPath);

    /// <summary>For as long as our own copy, and never beyond the end: what is down is in nobody's cache.</summary>
    private static string Cacheable(TimeSpan left) => $"public, max-age={(int)Math.Min(left.TotalSeconds, NoticeLines.Lifetime.TotalSeconds)}";
}
