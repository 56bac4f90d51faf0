using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>Which channels a notice leaves by, and when.</summary>
public sealed class Routes(NoticeTemplates templates, IEnumerable<IMessageChannel> channels, IOptions<NotificationOptions> options, TimeProvider clock)
{
    private readonly HashSet<DeliveryChannel> on = [DeliveryChannel.Sms, .. channels.Where(channel => channel.IsOn).Select(channel => channel.Channel)];

    /// <summary>Adds a new notice with what leaves at once. Digits are no notice in an inbox, and have one channel.</summary>
    /// <param name="outside">Whether it leaves the platform.</param>
    public void Begin(NotificationDb db, Notice notice, bool outside = true)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(notice);
        db.Notices.Add(notice);
        if (notice.Event is NoticeEvent.SmsCode) notice.Deliveries.Add(New(notice, DeliveryChannel.Sms));
        else
        {
            notice.Deliveries.Add(New(notice, DeliveryChannel.Inbox));
            var route = new Route { NoticeId = notice.Id };
            if (outside && Step(db, notice, route, 0)) db.Routes.Add(route);
        }
    }

    /// <summary>By which channels a notice of this event leaves at once.</summary>
    public IReadOnlyList<DeliveryChannel> First(NoticeEvent of) => templates.StepOf(of, 0, on.Contains)?.Channels ?? [];

    /// <summary>The next step of a route whose channels have not reached the person; after the last it is an officer's task, where something is to be done until a deadline.</summary>
    public async Task GoOn(NotificationDb db, Route route, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(route);
        var notice = await db.Notices.Include(n => n.Deliveries).SingleAsync(n => n.Id == route.NoticeId, ct);
        if (notice.Deliveries.Exists(d => d.Channel is not DeliveryChannel.Inbox && d.State is DeliveryState.Delivered or DeliveryState.Withheld)) route.End();
        else if (notice.Deliveries.Find(d => d is { State: DeliveryState.Waiting, LastCode: Consideration.Quiet }) is { } resting) route.Wait(resting.NextAttemptAt, clock.GetUtcNow());
        else if (!Step(db, notice, route, route.Step + 1))
        {
            route.End();
            await Raise(db, notice, ct);
        }
    }

    private bool Step(NotificationDb db, Notice notice, Route route, int from)
    {
        if (templates.StepOf(notice.Event, from, on.Contains) is not { } step) return false;
        route.Begin(step.Step, notice.DueAt, TimeSpan.FromMinutes(options.Value.PatienceMinutes), clock.GetUtcNow());
        foreach (var channel in step.Channels.Where(channel => !notice.Deliveries.Exists(d => d.Channel == channel))) db.Deliveries.Add(New(notice, channel)); // found in the notice again by its key
        return true;
    }

    private async Task Raise(NotificationDb db, Notice notice, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (notice.ApplicationId is not { } application || notice.DueAt is not { } due || due <= now || await db.UndeliveredNotices.AnyAsync(u => u.NoticeId == notice.Id, ct)) return;
        var area = await db.KnownApplications.Where(a => a.ApplicationId == application).Select(a => a.AreaPath).SingleOrDefaultAsync(ct);
        db.UndeliveredNotices.Add(new() { NoticeId = notice.Id, CandidateId = notice.CandidateId, ApplicationId = application, Event = notice.Event, AreaPath = area ?? "", DueAt = due, RaisedAt = now });
    }

    private static Delivery New(Notice notice, DeliveryChannel channel) => new() { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = channel };
}

/// <summary>Looks each second for notices that have not reached anybody in time. Replicas share the work by row locks.</summary>
internal sealed class GoOnWithNotices(IServiceScopeFactory scopes, TimeProvider clock, ILogger<GoOnWithNotices> log) : BackgroundService
{
    private const int BatchSize = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                while (await GoOn(stoppingToken) == BatchSize) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Notices cannot go on now; looking again in a second");
            }
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> GoOn(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, routes) = (scope.ServiceProvider.GetRequiredService<NotificationDb>(), scope.ServiceProvider.GetRequiredService<Routes>());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Routes.FromSql($"select *, xmin from routes where go_on_at <= {clock.GetUtcNow()} order by go_on_at limit {BatchSize} for update skip locked").ToListAsync(ct);
        foreach (var route in due) await routes.GoOn(db, route, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }
}
