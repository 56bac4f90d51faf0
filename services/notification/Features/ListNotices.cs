using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

internal static class ListNotices
{
    private const int PageSize = 20;

    public sealed record DeliveryView(DeliveryChannel Channel, DeliveryState State);

    public sealed record NoticeView(Guid Id, NoticeEvent Event, Guid? ApplicationId, string Title, string Text, DateTimeOffset At, bool Read, IReadOnlyList<DeliveryView> Deliveries);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    /// <param name="Unread">Of all notices, not only of this page.</param>
    public sealed record NoticePage(IReadOnlyList<NoticeView> Items, string? Next, int Unread);

    public static void MapListNotices(this IEndpointRouteBuilder app) => app.MapGet("/api/notices", List).RequireAuthorization(TokenNames.Candidate)
        .WithName("list-notices").WithTags("notification").WithSummary("The candidate's inbox, newest first, by cursor.");

    private static async Task<Results<Ok<NoticePage>, ProblemHttpResult>> List(Me me, NotificationDb db, CancellationToken ct, string? cursor = null)
    {
        var before = long.MaxValue;
        if (cursor is not null && !(long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before > 0))
            return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it in 'next', or none.").ToProblem();
        var inbox = db.Notices.AsNoTracking().Where(n => n.CandidateId == me.Id && n.Title != null);
        var found = await inbox.Where(n => n.Position < before).OrderByDescending(n => n.Position).Take(PageSize + 1)
            .Select(n => new
            {
                n.Position,
                View = new NoticeView(n.Id, n.Event, n.ApplicationId, n.Title!, n.Text!, n.At, n.ReadAt != null, n.Deliveries.Where(d => d.State != DeliveryState.Skipped).OrderBy(d => d.Channel).Select(d => new DeliveryView(d.Channel, d.State)).ToList()),
            }).ToListAsync(ct);
        var page = found.Take(PageSize).ToList();
        var next = found.Count > PageSize ? page[^1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new NoticePage([.. page.Select(n => n.View)], next, await inbox.CountAsync(n => n.ReadAt == null, ct)));
    }
}
