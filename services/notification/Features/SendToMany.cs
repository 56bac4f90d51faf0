using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>An officer writes to many candidates at once, looks at the dry run and asks for approval; a second officer approves or refuses; any of them stops it.</summary>
internal static class SendToMany
{
    private const int PageSize = 20;

    /// <param name="AreaPath">Whose candidates: within your jurisdiction, area and site at most; empty for the whole country.</param>
    /// <param name="Outside">Also by SMS and WeChat, with the approved template that leads to the inbox.</param>
    public sealed record BulkDraft(string Programme, string Session, string AreaPath, IReadOnlyList<AudienceState> States, string Title, string Text, bool Outside);
    public sealed record BulkDecision(bool Approve, string? Reason = null);
    public sealed record BulkStop(string Reason);

    public sealed record BulkLine(Guid Id, string Programme, string Session, string AreaPath, string Title, BulkState State, int People, Guid WrittenBy, DateTimeOffset WrittenAt);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record BulkPage(IReadOnlyList<BulkLine> Items, string? Next);

    /// <param name="InboxOnly">Whom nothing but the inbox reaches.</param>
    /// <param name="SmsText">As one of them would get it; null where there is no SMS.</param>
    /// <param name="SmsParts">Of all SMS together: what is paid for.</param>
    /// <param name="GoodUntil">Later it is not approved any more.</param>
    public sealed record DryRun(int People, int Sms, int SmsParts, int WeChat, int InboxOnly, string? SmsText, DateTimeOffset GoodUntil);

    /// <param name="Waiting">Not gone out yet, also because somebody sleeps.</param>
    /// <param name="Stopped">Would have gone out.</param>
    public sealed record ChannelCount(DeliveryChannel Channel, int Waiting, int Delivered, int Failed, int Skipped, int Stopped);

    /// <param name="Taken">People whose notice was made; the others wait, or were spared by the stop.</param>
    public sealed record BulkProgress(int Taken, int Left, IReadOnlyList<ChannelCount> Channels);
    public sealed record BulkStepLine(BulkVerb Verb, Guid? By, DateTimeOffset At, string? Reason);
    public sealed record BulkView(BulkLine Bulk, IReadOnlyList<string> States, string Text, bool Outside, DryRun? Count, BulkProgress? Progress, IReadOnlyList<BulkStepLine> History);

    public static void MapSendToMany(this IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("/api/notices/bulk").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        desk.MapGet("", List).Produces<BulkPage>().ProducesProblem(400).ProducesProblem(403).WithName("list-bulk-sends").WithSummary("Bulk sends within your jurisdiction, the newest first, by cursor.");
        desk.MapPost("", Write).WithIdempotencyKey<NotificationDb>().Produces<BulkLine>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(422).WithName("write-bulk-send").WithSummary("Writes to many at once; who gets it is counted and fixed, and nothing is sent.");
        desk.MapGet("/{id:guid}", Show).Produces<BulkView>().ProducesProblem(404).WithName("get-bulk-send").WithSummary("A bulk send with its dry run, its progress and its steps.");
        desk.MapPost("/{id:guid}/proposal", Propose).Steps().WithName("propose-bulk-send").WithSummary("Its writer asks for the approval of a second officer.");
        desk.MapPost("/{id:guid}/decision", Decide).Steps().WithName("decide-bulk-send").WithSummary("A second officer approves, and it is sent; or refuses, with the reason.");
        desk.MapPost("/{id:guid}/stop", Stop).Steps().WithName("stop-bulk-send").WithSummary("What has not gone out is not sent. Any officer who covers its area.");
    }

    private static RouteHandlerBuilder Steps(this RouteHandlerBuilder endpoint) => endpoint.Produces<BulkLine>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> List(Me me, NotificationDb db, CancellationToken ct, string? cursor = null)
    {
        if (Refused(me) is { } refused) return refused;
        var before = Guid.Empty;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
        var found = await Within(me, db).AsNoTracking().Where(b => cursor == null || b.Id < before).OrderByDescending(b => b.Id).Take(PageSize + 1).ToListAsync(ct);
        return TypedResults.Ok(new BulkPage([.. found.Take(PageSize).Select(Line)], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null));
    }

    private static async Task<IResult> Write(BulkDraft draft, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        var faults = new Faults()
            .Add(!ContentArticles.IsProgramme(draft.Programme), "programme", "not-a-choice", "The code of an exam.")
            .Add(draft.Session.Length is 0 or > 40, "session", "required", "The code of a session of the exam.")
            .Add(!ContentArticles.IsArea(draft.AreaPath) || draft.AreaPath.Count(c => c == '/') > 2 || !me.Covers(draft.AreaPath), "areaPath", "outside-jurisdiction", $"An area and a site at most, each code ended by a slash, within your own jurisdiction '{me.AreaPath}'.")
            .Add(draft.States.Count == 0, "states", "required", "At least one state of an application.")
            .Add(!ContentDesk.IsText(draft.Title, BulkSend.LongestTitle) || draft.Title.Contains('\n', StringComparison.Ordinal), "title", string.IsNullOrWhiteSpace(draft.Title) ? "required" : "too-long", $"One line of 1 to {BulkSend.LongestTitle} characters.")
            .Add(!ContentDesk.IsText(draft.Text, BulkSend.LongestText), "text", string.IsNullOrWhiteSpace(draft.Text) ? "required" : "too-long", $"1 to {BulkSend.LongestText} characters of plain text.");
        if (faults.Any) return faults.ToProblem();
        var bulk = BulkSend.Write(draft.Programme, draft.Session, draft.AreaPath, draft.States, draft.Title.Trim(), draft.Text.Trim(), draft.Outside, me.Id, clock.GetUtcNow());
        db.BulkSends.Add(bulk);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/notices/bulk/{bulk.Id}", Line(bulk));
    }

    private static async Task<IResult> Show(Guid id, Me me, NotificationDb db, CancellationToken ct)
    {
        var bulk = Refused(me) is null ? await Within(me, db).AsNoTracking().Include(b => b.History).SingleOrDefaultAsync(b => b.Id == id, ct) : null;
        if (bulk is null) return Problems.NotFound();
        var count = bulk.CountedAt is { } at ? new DryRun(bulk.People, bulk.BySms, bulk.BySms * bulk.SmsParts, bulk.ByWeChat, bulk.InboxOnly, bulk.SmsText, at + BulkSend.GoodFor) : null;
        return TypedResults.Ok(new BulkView(Line(bulk), bulk.States, bulk.Text, bulk.Outside, count, bulk.History.Exists(h => h.Verb is BulkVerb.Approve) ? await ProgressOf(id, db, ct) : null,
            [.. bulk.History.OrderBy(h => h.Id).Select(h => new BulkStepLine(h.Verb, h.By, h.At, h.Reason))]));
    }

    private static async Task<BulkProgress> ProgressOf(Guid id, NotificationDb db, CancellationToken ct)
    {
        var taken = await db.BulkRecipients.CountAsync(r => r.BulkSendId == id && r.TakenAt != null, ct);
        var left = await db.BulkRecipients.CountAsync(r => r.BulkSendId == id && r.TakenAt == null, ct);
        var counts = await (from d in db.Deliveries
                            join n in db.Notices on d.NoticeId equals n.Id
                            where n.BulkSendId == id
                            group d by new { d.Channel, d.State, Stopped = d.State == DeliveryState.Skipped && d.LastCode == Consideration.Stopped } into same
                            select new { same.Key.Channel, same.Key.State, same.Key.Stopped, Count = same.Count() }).ToListAsync(ct);
        return new(taken, left, [.. counts.GroupBy(c => c.Channel).OrderBy(of => of.Key).Select(of => new ChannelCount(of.Key,
            of.Where(c => c.State is DeliveryState.Waiting or DeliveryState.Sending).Sum(c => c.Count), of.Where(c => c.State is DeliveryState.Delivered).Sum(c => c.Count),
            of.Where(c => c.State is DeliveryState.Failed).Sum(c => c.Count), of.Where(c => c.State is DeliveryState.Skipped or DeliveryState.Withheld && !c.Stopped).Sum(c => c.Count), of.Where(c => c.Stopped).Sum(c => c.Count)))]);
    }

    private static Task<IResult> Propose(Guid id, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct) => Step(id, me, db, (bulk, now) => bulk.Propose(me.Id, now), clock, ct);

    private static async Task<IResult> Decide(Guid id, BulkDecision decision, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (decision.Approve) return await Step(id, me, db, (bulk, now) => bulk.Approve(me.Id, now), clock, ct);
        return CheckReason(decision.Reason ?? "") is { Any: true } faults ? faults.ToProblem() : await Step(id, me, db, (bulk, now) => bulk.Refuse(me.Id, decision.Reason!.Trim(), now), clock, ct);
    }

    private static async Task<IResult> Stop(Guid id, BulkStop stop, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (CheckReason(stop.Reason) is { Any: true } faults) return faults.ToProblem();
        var answer = await Step(id, me, db, (bulk, now) => bulk.Stop(me.Id, stop.Reason.Trim(), now), clock, ct);
        if (answer is not Ok<BulkLine>) return answer;
        var now = clock.GetUtcNow(); // what rests until the morning need not: it is stopped at once
        await db.Deliveries.Where(d => d.State == DeliveryState.Waiting && db.Notices.Any(n => n.Id == d.NoticeId && n.BulkSendId == id)).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, now), CancellationToken.None);
        return answer;
    }

    private static async Task<IResult> Step(Guid id, Me me, NotificationDb db, Func<BulkSend, DateTimeOffset, Refusal?> step, TimeProvider clock, CancellationToken ct)
    {
        if (Refused(me) is not null) return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var bulk = await db.BulkSends.FromSql($"select *, xmin from bulk_sends where id = {id} for update").SingleOrDefaultAsync(ct);
        if (bulk is null || !me.Covers(bulk.AreaPath)) return Problems.NotFound();
        if (step(bulk, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Line(bulk));
    }

    private static Faults CheckReason(string reason) => new Faults().Add(!ContentDesk.IsText(reason, BulkSend.LongestReason), "reason", "required", $"1 to {BulkSend.LongestReason} characters: why.");

    /// <summary>The lowest level decides on the spot, and writes to nobody.</summary>
    private static IResult? Refused(Me me) => me.Level is "national" or "area" or "site" ? null : Problems.Of(403, "wrong-level", "Officers of your level send nothing to many at once.");

    private static IQueryable<BulkSend> Within(Me me, NotificationDb db) => db.BulkSends.Where(b => b.AreaPath.StartsWith(me.AreaPath));

    private static BulkLine Line(BulkSend b) => new(b.Id, b.ProgrammeCode, b.SessionCode, b.AreaPath, b.Title, b.State, b.People, b.WrittenBy, b.WrittenAt);
}
