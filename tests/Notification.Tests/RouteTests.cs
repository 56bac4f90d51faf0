using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Notifications.Features;
using ExamPlatform.Sandbox;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Step by step until somebody is reached, and an officer's task where nobody is; quiet hours, channels and limits of the person.</summary>
public sealed class RouteTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private readonly Guid me = Guid.NewGuid(), application = Guid.NewGuid();

    private string Mobile => NotificationFixture.MobileOf(me);

    private async Task Near(DateTimeOffset? due = null, string area = "110000/110100/")
    {
        await service.Deliver(new ApplicationSubmitted(application, me, 1, "HP", 1, "2027", area, [], service.Clock.Now));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Inbox);
        await service.Deliver(new DeadlineNear(application, me, "pay", due ?? service.Clock.Now.AddDays(2), service.Clock.Now));
    }

    private Task<Delivery> In(DeliveryState state, DeliveryChannel channel = DeliveryChannel.Sms) => service.DeliveryIn(state, me, NoticeEvent.PaySoon, channel);

    private Task<UndeliveredNotice?> Raised() => service.Query(db => db.UndeliveredNotices.AsNoTracking().SingleOrDefaultAsync(u => u.CandidateId == me));

    private async Task Choose(string from, string until, params string[] off) =>
        Assert.Equal(HttpStatusCode.NoContent, (await service.Candidate(me).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = from, quietUntil = until, off })).StatusCode);

    [Fact]
    public async Task What_reached_nobody_before_a_deadline_is_a_task_of_the_officers_of_its_area_until_one_says_what_was_done()
    {
        service.WithoutMobile[me.ToString()] = true;
        await Near();
        await Until.Async(async () => await Raised() is not null, what: "there is a task");
        var (mine, others) = (service.Officer("site", "110000/110100/"), service.Officer("site", "350000/350100/"));

        var line = (await mine.GetFromJsonAsync<JsonElement>("/api/notices/undelivered")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("candidateId").GetGuid() == me);
        Assert.Equal(("paySoon", "no-address"), (line.GetProperty("event").GetString(), line.GetProperty("tried").EnumerateArray().Single(t => t.GetProperty("channel").GetString() == "sms").GetProperty("code").GetString()));
        Assert.DoesNotContain((await others.GetFromJsonAsync<JsonElement>("/api/notices/undelivered")).GetProperty("items").EnumerateArray(), item => item.GetProperty("candidateId").GetGuid() == me);

        var settlement = $"/api/notices/undelivered/{line.GetProperty("notice").GetGuid()}/settlement";
        Assert.Equal(HttpStatusCode.NotFound, (await others.PostAsJsonAsync(settlement, new { note = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await mine.PostAsJsonAsync(settlement, new { note = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await mine.PostAsJsonAsync(settlement, new { note = "已电话通知" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await mine.PostAsJsonAsync(settlement, new { note = "again" })).StatusCode);
        Assert.Equal("已电话通知", (await Raised())!.Note);
        Assert.DoesNotContain($"{me}", await mine.GetStringAsync("/api/notices/undelivered"), StringComparison.Ordinal);
        Assert.Contains($"{me}", await mine.GetStringAsync("/api/notices/undelivered?settled=true"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_reached_nobody_is_no_task_where_nothing_is_to_be_done_or_it_is_too_late(bool tooLate)
    {
        service.WithoutMobile[me.ToString()] = true;
        if (tooLate) await Near(due: service.Clock.Now.AddMinutes(-1));
        else await service.Deliver(new RegistrationCompleted(application, me, "HP", "2027", service.Clock.Now));
        var of = tooLate ? NoticeEvent.PaySoon : NoticeEvent.Registered;

        await Until.Async(() => service.Query(db => db.Routes.AnyAsync(r => r.GoOnAt == null && db.Notices.Any(n => n.Id == r.NoticeId && n.CandidateId == me && n.Event == of))), what: "the route has ended");
        Assert.Null(await Raised());
    }

    [Fact]
    public async Task Tasks_are_read_page_by_page_the_nearest_deadline_first()
    {
        var (officer, area) = (service.Officer("site", "990000/990100/"), "990000/990100/");
        await service.Query(db =>
        {
            for (var n = 0; n < 51; n++) db.UndeliveredNotices.Add(new() { NoticeId = Guid.NewGuid(), CandidateId = Guid.NewGuid(), ApplicationId = Guid.NewGuid(), AreaPath = area, DueAt = service.Clock.Now.AddMinutes(n), RaisedAt = service.Clock.Now });
            return db.SaveChangesAsync();
        });

        var first = await officer.GetFromJsonAsync<JsonElement>("/api/notices/undelivered");
        var second = await officer.GetFromJsonAsync<JsonElement>($"/api/notices/undelivered?cursor={first.GetProperty("next").GetString()}");

        var due = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("dueAt").GetDateTimeOffset()).ToList();
        Assert.Equal(Enumerable.Range(0, 51).Select(n => service.Clock.Now.AddMinutes(n)), due);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.GetAsync("/api/notices/undelivered?cursor=x")).StatusCode);
    }

    [Fact]
    public async Task A_channel_that_the_operator_has_not_set_up_is_no_step()
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.PaySoon, Occurrence = $"{me}", At = service.Clock.Now };

        var channels = await service.Query(db =>
        {
            new Routes(NoticeTemplates.Load(Path.Combine(AppContext.BaseDirectory, "templates")), [], Options.Create(new NotificationOptions()), service.Clock).Begin(db, notice);
            return Task.FromResult(db.ChangeTracker.Entries<Delivery>().Select(d => d.Entity.Channel).Order().ToList());
        });

        Assert.Equal([DeliveryChannel.Inbox, DeliveryChannel.Sms], channels);
    }

    [Fact]
    public async Task Whoever_was_reached_is_nobodys_task()
    {
        await Near();
        await In(DeliveryState.Delivered);

        await Until.Async(() => service.Query(db => db.Routes.AnyAsync(r => r.GoOnAt == null && db.Notices.Any(n => n.Id == r.NoticeId && n.CandidateId == me && n.Event == NoticeEvent.PaySoon))), what: "the route has ended");
        Assert.Null(await Raised());
        Assert.False(await service.Query(db => db.Deliveries.AnyAsync(d => d.Channel == DeliveryChannel.MiniProgram && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me))));
    }

    [Fact]
    public async Task An_SMS_that_the_handset_did_not_take_has_failed_and_the_notice_goes_on_by_the_next_channel()
    {
        await Choose("03:00", "03:00");
        await service.Deliver(new ApplicationSubmitted(application, me, 1, "HP", 1, "2027", "110000/110100/", [], service.Clock.Now));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Sms);
        service.World.Misbehave(Mobile, Effect.Undelivered);
        await service.Deliver(new DeadlineNear(application, me, "pay", service.Clock.Now.AddDays(2), service.Clock.Now));

        Assert.Equal("MOBILE_NOT_ON_SERVICE", (await InBySteps(DeliveryState.Failed)).LastCode);
        await Until.Async(async () => await Raised() is not null, what: "no other channel was there, and it is a task");
        Assert.Contains(await service.Query(db => db.Deliveries.AsNoTracking().Where(d => db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)).Select(d => d.Channel).ToListAsync()), channel => channel is DeliveryChannel.MiniProgram);
    }

    [Fact]
    public async Task A_receipt_with_a_wrong_secret_changes_nothing()
    {
        await Near();
        var delivery = await In(DeliveryState.Delivered);

        var answer = await service.Anonymous().PostAsJsonAsync("/callbacks/aliyun-sms-receipts/not-the-token-at-all-0000000", new[] { new { out_id = delivery.Id.ToString(), success = false, err_code = "X" } });

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await In(DeliveryState.Delivered);
    }

    [Fact]
    public async Task In_quiet_hours_what_is_not_urgent_waits_for_the_morning_and_no_other_channel_begins()
    {
        await Choose("09:00", "11:00"); // it is about ten in Beijing
        await Near();

        var resting = await In(DeliveryState.Waiting);
        await Until.Async(async () => (resting = await In(DeliveryState.Waiting)).LastCode == "quiet", what: "it rests");
        Assert.Equal(new TimeSpan(3, 0, 0), resting.NextAttemptAt.UtcDateTime.TimeOfDay);
        Assert.Empty(service.World.To(Mobile));
        Assert.Null(await Raised());
    }

    [Fact]
    public async Task While_an_SMS_rests_its_route_waits_for_the_morning_however_little_patience_it_has()
    {
        var (now, morning) = (service.Clock.Now, service.Clock.Now.AddHours(8));
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.PaySoon, Occurrence = $"{me}", At = now };
        var (resting, route) = (new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = DeliveryChannel.Sms }, new Route { NoticeId = notice.Id });
        resting.Start(now);
        resting.Rest(Consideration.Quiet, morning, now);
        notice.Deliveries.Add(resting);

        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        db.Notices.Add(notice);
        await db.SaveChangesAsync();
        await scope.ServiceProvider.GetRequiredService<Routes>().GoOn(db, route, CancellationToken.None);

        Assert.Equal((0, morning.AddMinutes(5)), (route.Step, route.GoOnAt));
        Assert.Single(db.ChangeTracker.Entries<Delivery>());
    }

    [Fact]
    public async Task While_another_channel_of_its_step_is_under_way_a_route_does_not_go_on()
    {
        var (now, nobodyTakesItUp) = (service.Clock.Now, service.Clock.Now.AddYears(1));
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.PaySoon, Occurrence = $"{me}", ApplicationId = application, At = now };
        foreach (var channel in (DeliveryChannel[])[DeliveryChannel.Sms, DeliveryChannel.WeChat]) notice.Deliveries.Add(new() { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = channel });
        foreach (var delivery in notice.Deliveries) delivery.Start(nobodyTakesItUp);
        var route = new Route { NoticeId = notice.Id };
        route.Begin(0, null, TimeSpan.FromHours(2), now);

        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        db.AddRange(notice, route);
        await db.SaveChangesAsync();
        await scope.ServiceProvider.GetRequiredService<DeliverNotice>().Attempt(notice.Deliveries[1].Id, inDoubt: false, CancellationToken.None);

        Assert.Equal((DeliveryState.Skipped, now.AddHours(2)), (notice.Deliveries[1].State, await service.Query(db => db.Routes.Where(r => r.NoticeId == notice.Id).Select(r => r.GoOnAt!.Value).SingleAsync())));
    }

    [Fact]
    public async Task A_deadline_within_the_quiet_hours_does_not_wait()
    {
        await Choose("09:00", "23:00");
        await Near(due: service.Clock.Now.AddHours(1));

        await In(DeliveryState.Delivered);
    }

    [Fact]
    public async Task What_may_be_a_theft_of_the_account_is_told_at_any_hour_and_by_a_channel_that_was_turned_off()
    {
        await Choose("09:00", "23:00", "sms");
        await service.Deliver(new Identities.Contracts.SignInMeansChanged(me, service.Clock.Now));

        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.SignInMeansChanged, DeliveryChannel.Sms);
        Assert.NotEqual("", service.AskedAt[me.ToString()]); // the mobile of before the change
    }

    [Fact]
    public async Task A_channel_that_is_not_wanted_is_left_out()
    {
        await Choose("22:00", "07:00", "sms");
        await Near();

        Assert.Equal("not-wanted", (await In(DeliveryState.Skipped)).LastCode);
        Assert.Empty(service.World.To(Mobile));
    }

    [Fact]
    public async Task Nobody_gets_more_SMS_on_one_day_than_the_limit()
    {
        var most = new NotificationOptions().MostPerDay;
        await Choose("03:00", "03:00");
        for (var n = 0; n < most + 3; n++) await service.Deliver(new RegistrationCompleted(Guid.NewGuid(), me, "HP", "2027", service.Clock.Now));

        await Until.Async(async () => await service.Query(db => db.Deliveries.CountAsync(d => d.Channel == DeliveryChannel.Sms && d.LastCode == "day-limit" && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me))) == 3, what: "three are over the limit");
        await Until.Async(() => Task.FromResult(service.World.To(Mobile).Count == most), what: "the others went out");
        Assert.Equal(most, service.World.To(Mobile).Count);
    }

    [Theory]
    [InlineData("9", "22:00")]
    [InlineData("25:00", "22:00")]
    public async Task Hours_that_are_none_are_refused(string from, string until) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Candidate(me).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = from, quietUntil = until, off = Array.Empty<string>() })).StatusCode);

    [Fact]
    public async Task What_was_chosen_last_holds()
    {
        await Choose("21:00", "08:00", "sms");
        await Choose("23:00", "06:30", "weChat", "baidu", "weChat");

        var chosen = await service.Candidate(me).GetFromJsonAsync<JsonElement>("/api/notices/preferences");
        Assert.Equal(("23:00", "06:30", "weChat,baidu"), (chosen.GetProperty("quietFrom").GetString(), chosen.GetProperty("quietUntil").GetString(), string.Join(',', chosen.GetProperty("off").EnumerateArray().Select(c => c.GetString()))));
    }

    [Fact]
    public async Task The_inbox_cannot_be_turned_off_and_whoever_has_chosen_nothing_has_the_defaults()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Candidate(me).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = "22:00", quietUntil = "07:00", off = new[] { "inbox" } })).StatusCode);

        var chosen = await service.Candidate(me).GetFromJsonAsync<JsonElement>("/api/notices/preferences");
        Assert.Equal(("22:00", "07:00", 0), (chosen.GetProperty("quietFrom").GetString(), chosen.GetProperty("quietUntil").GetString(), chosen.GetProperty("off").GetArrayLength()));
    }

    private async Task<Delivery> InBySteps(DeliveryState state)
    {
        await Until.Async(async () =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(1));
            return await service.Query(db => db.Deliveries.AnyAsync(d => d.Channel == DeliveryChannel.Sms && d.State == state && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me && n.Event == NoticeEvent.PaySoon)));
        }, what: $"the SMS is {state}");
        return await In(state);
    }
}
