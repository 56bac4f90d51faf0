using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Notices that reached nobody, as tasks of the officers of their area: they call, and say what they did.</summary>
internal static class SettleUndelivered
{
    private const int PageSize = 50, LongestNote = 500;

    public sealed record UndeliveredLine(Guid Notice, Guid ApplicationId, Guid CandidateId, NoticeEvent Event, string AreaPath, DateTimeOffset DueAt, DateTimeOffset RaisedAt,
        IReadOnlyList<Tried> Tried, DateTimeOffset? SettledAt, Guid? SettledBy, string? Note);

    /// <param name="Code">What the channel said last.</param>
    public sealed record Tried(DeliveryChannel Channel, DeliveryState State, string? Code);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record UndeliveredPage(IReadOnlyList<UndeliveredLine> Items, string? Next);

    public sealed record Settlement(string Note);

    public static void MapSettleUndelivered(this IEndpointRouteBuilder app)
    {
        var office = app.MapGroup("/api/notices/undelivered").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        office.MapGet("", List).WithName("list-undelivered-notices").WithSummary("Notices of your jurisdiction that reached nobody before their deadline, the nearest deadline first.");
        office.MapPost("/{id:guid}/settlement", Settle).WithName("settle-undelivered-notice").WithSummary("Says what was done about a notice that reached nobody.");
    }

    private static async Task<Results<Ok<UndeliveredPage>, ProblemHttpResult>> List(Me me, NotificationDb db, CancellationToken ct, bool settled = false, string? cursor = null)
    {
        var skip = 0;
        if (cursor is not null && !(int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skip) && skip > 0))
            return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it in 'next', or none.").ToProblem();
        var found = await db.UndeliveredNotices.AsNoTracking().Where(u => u.AreaPath.StartsWith(me.AreaPath) && u.SettledAt != null == settled).OrderBy(u => u.DueAt).ThenBy(u => u.NoticeId).Skip(skip).Take(PageSize + 1).ToListAsync(ct);
        var page = found.Take(PageSize).ToList();
        var ids = page.ConvertAll(u => u.NoticeId);
        var tried = (await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.NoticeId) && d.Channel != DeliveryChannel.Inbox).OrderBy(d => d.Id).ToListAsync(ct)).ToLookup(d => d.NoticeId, d => new Tried(d.Channel, d.State, d.LastCode));
        return TypedResults.Ok(new UndeliveredPage(page.ConvertAll(u => new UndeliveredLine(u.NoticeId, u.ApplicationId, u.CandidateId, u.Event, u.AreaPath, u.DueAt, u.RaisedAt, [.. tried[u.NoticeId]], u.SettledAt, u.SettledBy, u.Note)),
            found.Count > PageSize ? (skip + PageSize).ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Settle(Guid id, Settlement settlement, Me me, NotificationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (new Faults().Add(settlement.Note.Trim().Length is 0 or > LongestNote, "note", "note-length", $"Say in 1 to {LongestNote} characters what was done.") is { Any: true } faults) return faults.ToProblem();
        if (await db.UndeliveredNotices.SingleOrDefaultAsync(u => u.NoticeId == id && u.AreaPath.StartsWith(me.AreaPath), ct) is not { } undelivered) return Problems.NotFound();
        if (undelivered.Settle(me.Id, settlement.Note.Trim(), clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
