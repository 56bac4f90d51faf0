using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>One national officer asks for a published announcement to go to all who follow the official account; a second one approves or declines.</summary>
internal static class PushToFollowers
{
    /// <param name="Reason">Why it is declined.</param>
    public sealed record PushDecision(bool Approve, string? Reason = null);

    /// <param name="State">Null: nobody has asked for it.</param>
    /// <param name="Text">What everybody gets.</param>
    /// <param name="Followers">How many follow now; null where WeChat does not say.</param>
    /// <param name="LastCode">WeChat's code where it was refused.</param>
    public sealed record PushView(PushState? State, string Text, long? Followers, Guid? AskedBy, DateTimeOffset? AskedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Reason, string? LastCode);

    public static void MapPushToFollowers(this IEndpointRouteBuilder app)
    {
        var push = app.MapGroup("/api/content/desk/articles/{id:guid}/push").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        push.MapGet("", Show).Produces<PushView>().ProducesProblem(403).ProducesProblem(404).WithName("get-article-push").WithSummary("The words, how many would get them, and what became of it: nothing is sent.");
        push.MapPost("", Ask).Steps().WithName("ask-article-push").WithSummary("Asks for an announcement to be sent to all who follow the official account.");
        push.MapPost("/decision", Decide).Steps().WithName("decide-article-push").WithSummary("A second officer approves, and it is sent; or declines, with the reason, as who asked may too.");
    }

    private static RouteHandlerBuilder Steps(this RouteHandlerBuilder endpoint) => endpoint.Produces<PushView>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> Show(Guid id, Me me, NotificationDb db, Followers followers, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        if (await db.Articles.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, ct) is not { } article) return Problems.NotFound();
        return TypedResults.Ok(View(await Last(id, db, ct), followers.Words(article), await followers.Count(ct)));
    }

    private static async Task<IResult> Ask(Guid id, Me me, NotificationDb db, Followers followers, TimeProvider clock, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        var now = clock.GetUtcNow();
        if (await db.Articles.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, ct) is not { } article) return Problems.NotFound();
        if (!followers.Reachable) return new Refusal("no-account", "No official account is set up.").ToProblem();
        if (!Followers.MayHave(article, now)) return new Refusal("not-to-push", "Only an announcement for the whole country that everybody can read now goes to the followers.").ToProblem();
        if (await Last(id, db, ct) is { State: not (PushState.Declined or PushState.Failed) } before) return new Refusal($"push-{Words.Of(before.State)}", "It was asked for before.").ToProblem();
        var push = new FollowerPush { Id = Guid.CreateVersion7(now), ArticleId = id, Text = followers.Words(article), AskedBy = me.Id, AskedAt = now };
        db.FollowerPushes.Add(push);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(View(push, push.Text, null));
    }

    private static async Task<IResult> Decide(Guid id, PushDecision decision, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (Refused(me) is { } refused) return refused;
        var reason = decision.Reason?.Trim() ?? "";
        if (new Faults().Add(!decision.Approve && !ContentDesk.IsText(reason, FollowerPush.LongestReason), "reason", "required", $"1 to {FollowerPush.LongestReason} characters: why.") is { Any: true } faults) return faults.ToProblem();
        var now = clock.GetUtcNow();
        if (await db.FollowerPushes.Where(p => p.ArticleId == id).OrderByDescending(p => p.Id).FirstOrDefaultAsync(ct) is not { } push) return Problems.NotFound();
        if ((decision.Approve ? push.Approve(me.Id, now) : push.Decline(me.Id, reason, now)) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(View(push, push.Text, null));
    }

    /// <summary>Followers are of the whole country.</summary>
    private static ProblemHttpResult? Refused(Me me) => me.Level is "national" ? null : Problems.Of(403, "wrong-level", "Only national officers write to all who follow the official account.");

    private static Task<FollowerPush?> Last(Guid article, NotificationDb db, CancellationToken ct) => db.FollowerPushes.AsNoTracking().Where(p => p.ArticleId == article).OrderByDescending(p => p.Id).FirstOrDefaultAsync(ct);

    private static PushView View(FollowerPush? push, string text, long? followers) =>
        new(push?.State, push is null or { State: PushState.Declined or PushState.Failed } ? text : push.Text, followers, push?.AskedBy, push?.AskedAt, push?.DecidedBy, push?.DecidedAt, push?.Reason, push?.LastCode);
}

/// <summary>Those who follow the official account, as WeChat reaches them.</summary>
internal sealed class Followers(WeChatSender sender, IOptions<WeChatOptions> options)
{
    public bool Reachable => options.Value.Account.AppId.Length > 0;

    /// <summary>Whoever follows may live anywhere, and must be able to open what they are led to.</summary>
    public static bool MayHave(Article article, DateTimeOffset now) => article is { Kind: ArticleKind.Announcement, AreaPath: "" } && article.StateAt(now) is ArticleState.Published;

    public string Words(Article article) => $"{article.Title}\n{(options.Value.WebAddress is { } web ? new Uri(web, $"/articles/{article.Id}") : $"/articles/{article.Id}")}";

    public async Task<long?> Count(CancellationToken ct) =>
        Reachable && await sender.Ask(options.Value.Account, "/cgi-bin/user/get", null, ct) is { } said && said.TryGetProperty("total", out var total) ? total.GetInt64() : null;

    public Task<SendAnswer> Send(FollowerPush push, CancellationToken ct) => sender.Send(options.Value.Account, "/cgi-bin/message/mass/sendall", new
    {
        filter = new { is_to_all = true },
        text = new { content = push.Text },
        msgtype = "text",
        clientmsgid = push.Id.ToString("N"),
    }, ct);

    /// <returns>SEND_SUCCESS, SENDING, SEND_FAIL or DELETE; null where WeChat does not say.</returns>
    public async Task<string?> Fate(FollowerPush push, CancellationToken ct) =>
        await sender.Ask(options.Value.Account, "/cgi-bin/message/mass/get", new { msg_id = long.Parse(push.JobId!, CultureInfo.InvariantCulture) }, ct) is { } said && said.TryGetProperty("msg_status", out var status) ? status.GetString() : null;
}

/// <summary>Hands over to WeChat what was approved, and asks what became of it. Replicas share the work by row locks.</summary>
internal sealed class CarryPushes(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CarryPushes> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                while (await Turn(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "A push to followers cannot go on now; it is tried again in a minute");
            }
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> Turn(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, followers) = (scope.ServiceProvider.GetRequiredService<NotificationDb>(), scope.ServiceProvider.GetRequiredService<Followers>());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        if (await db.FollowerPushes.FromSql($"select *, xmin from follower_pushes where next_at <= {now} order by next_at limit 1 for update skip locked").SingleOrDefaultAsync(ct) is not { } push) return false;
        push.TakeTurn(now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (push.State is PushState.Taken) await Follow(push, followers, ct);
        else await Send(push, await db.Articles.AsNoTracking().SingleAsync(a => a.Id == push.ArticleId, ct), followers, ct);
        await db.SaveChangesAsync(CancellationToken.None); // what WeChat said is kept, also while stopping
        if (push.State is PushState.Failed) log.LogError("Alert: push {PushId} to the followers failed: {Code}", push.Id, push.LastCode);
        return true;
    }

    private async Task Send(FollowerPush push, Article article, Followers followers, CancellationToken ct)
    {
        if (!Followers.MayHave(article, clock.GetUtcNow())) // whoever withdraws the announcement stops it
        {
            push.Fail("withdrawn");
            return;
        }
        var answer = await followers.Send(push, ct);
        var now = clock.GetUtcNow();
        _ = answer.Outcome switch
        {
            SendOutcome.Accepted => push.Take(answer.Receipt, now),
            SendOutcome.Impossible => push.Fail(answer.Code),
            _ => push.Postpone(answer.Code, now),
        };
    }

    private async Task Follow(FollowerPush push, Followers followers, CancellationToken ct)
    {
        var fate = await followers.Fate(push, ct);
        _ = fate switch
        {
            "SEND_SUCCESS" => push.Finish(),
            "SEND_FAIL" or "DELETE" => push.Fail(fate),
            _ => push.Postpone(fate ?? "no-answer", clock.GetUtcNow()),
        };
    }
}
