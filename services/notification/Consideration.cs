using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>Whether now is a time to tell somebody something by a channel: their quiet hours, the channels they do not want, how much they were told today.</summary>
public sealed class Consideration(NotificationDb db, IOptions<NotificationOptions> options, TimeProvider clock)
{
    public const string Quiet = "quiet", Stopped = "stopped";

    /// <param name="Until">When it may go; null: not at all by this channel.</param>
    public sealed record Hold(string Code, DateTimeOffset? Until);

    /// <returns>Null where nothing speaks against it.</returns>
    public async Task<Hold?> Of(Delivery delivery, Notice notice, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(notice);
        if (await IsStopped(notice, ct)) return new(Stopped, null);
        if (delivery.Channel is DeliveryChannel.Inbox || NoticePreference.IsUrgent(notice.Event)) return null;
        var preference = await db.NoticePreferences.AsNoTracking().SingleOrDefaultAsync(p => p.CandidateId == notice.CandidateId, ct) ?? new() { CandidateId = notice.CandidateId };
        if (!preference.Wants(delivery.Channel)) return new("not-wanted", null);
        var now = clock.GetUtcNow();
        if (preference.QuietEnd(now) is { } end && !(notice.DueAt <= end)) return new(Quiet, end); // in the morning it would be too late
        return await IsTooMuch(delivery, notice, now, ct) ? new("day-limit", null) : null;
    }

    /// <summary>Of an attempt that ended without an answer: only an SMS gateway is asked about it, elsewhere it would be sent again.</summary>
    public async Task<Hold?> OfDoubt(Delivery delivery, Notice notice, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(notice);
        return delivery.Channel is not DeliveryChannel.Sms && await IsStopped(notice, ct) ? new(Stopped, null) : null;
    }

    /// <summary>An officer has stopped the bulk send that it is part of.</summary>
    private async Task<bool> IsStopped(Notice notice, CancellationToken ct) => notice.BulkSendId is { } bulk && await db.BulkSends.AnyAsync(b => b.Id == bulk && b.State == BulkState.Stopped, ct);

    /// <summary>The attempt itself is written down already: those that were earlier count, so that of many at once just the allowed ones go.</summary>
    private async Task<bool> IsTooMuch(Delivery delivery, Notice notice, DateTimeOffset now, CancellationToken ct)
    {
        var (day, most) = (NoticePreference.DayOf(now), options.Value.MostPerDay);
        var earlier = await (from d in db.Deliveries
                             join n in db.Notices on d.NoticeId equals n.Id
                             where n.CandidateId == notice.CandidateId && d.Channel == delivery.Channel && d.Id != delivery.Id && d.SentAt >= day
                                 && (d.State == DeliveryState.Sending || d.State == DeliveryState.Delivered) && (d.SentAt < delivery.SentAt || (d.SentAt == delivery.SentAt && d.Id.CompareTo(delivery.Id) < 0))
                             select d.Id).Take(most).CountAsync(ct);
        return earlier >= most;
    }
}
