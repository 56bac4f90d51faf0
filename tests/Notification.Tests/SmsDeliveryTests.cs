using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Notifications.Contracts;
using ExamPlatform.Sandbox;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Notifications.Tests;

public sealed class SmsDeliveryTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private string Mobile => NotificationFixture.MobileOf(me);

    [Fact]
    public async Task A_gateway_that_fails_and_recovers_delivers_once()
    {
        service.World.Misbehave(Mobile, Effect.Fail, times: 2);
        await Registered();

        for (var n = 1; n <= 2; n++)
        {
            await Until.Async(async () => await Sms() is { State: DeliveryState.Waiting } sms && sms.Attempts == n, what: $"attempt {n} was refused");
            service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var delivery = await In(DeliveryState.Delivered);
        Assert.Equal((3, 1), (delivery.Attempts, service.World.To(Mobile).Count));
    }

    [Theory]
    [InlineData(Effect.LoseAnswer)]
    [InlineData(Effect.Drop)]
    public async Task A_lost_answer_is_asked_about_and_never_leads_to_a_second_sms(Effect effect)
    {
        service.World.Misbehave(Mobile, effect);
        await Registered();
        await Until.Async(async () => (await Sms())?.LastCode == "no-answer", what: "the answer was lost");

        await Until.Async(async () =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(30));
            return (await Sms())!.State is DeliveryState.Delivered;
        }, what: "the delivery is settled");

        Assert.Single(service.World.To(Mobile));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_died_while_sending_leaves_exactly_one_sms(bool theGatewayHadIt)
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.Registered, Occurrence = $"{me}", ApplicationId = Guid.NewGuid(), At = service.Clock.Now };
        var delivery = new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = DeliveryChannel.Sms };
        delivery.Start(service.Clock.Now); // written down, and then the process was gone
        notice.Deliveries.Add(delivery);
        if (theGatewayHadIt) ((Sandbox.Sms.SentMessages)service.World.Services.GetService(typeof(Sandbox.Sms.SentMessages))!).Add(new("1^0", Mobile, "s", "t", null, delivery.Id.ToString(), service.Clock.Now));
        await service.Query(db =>
        {
            db.Notices.Add(notice);
            return db.SaveChangesAsync();
        });

        await Until.Async(async () =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(30));
            return (await Sms())!.State is DeliveryState.Delivered;
        }, what: "the delivery is settled");

        Assert.Single(service.World.To(Mobile));
    }

    [Fact]
    public async Task What_this_process_is_still_sending_is_in_no_doubt_however_long_it_takes()
    {
        service.World.Services.GetRequiredService<Behaviours>().Add(new(Channel.Sms, Effect.Delay, OnlyContaining: Mobile, DelaySeconds: 2));
        await Registered();
        await Until.Async(async () => (await Sms())?.State is DeliveryState.Sending, what: "it is being sent");

        service.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(1, (await In(DeliveryState.Delivered)).Attempts);
        Assert.Single(service.World.To(Mobile));
    }

    [Fact]
    public async Task What_was_refused_is_not_sent_again_before_its_time()
    {
        service.World.Misbehave(Mobile, Effect.Fail);
        await Registered();
        await Until.Async(async () => await Sms() is { State: DeliveryState.Waiting, Attempts: 1 }, what: "it was refused");

        var other = Guid.NewGuid(); // whoever comes later goes out meanwhile
        await service.Deliver(new RegistrationCompleted(Guid.NewGuid(), other, "HP", "2027", service.Clock.Now));
        await service.DeliveryIn(DeliveryState.Delivered, other, NoticeEvent.Registered, DeliveryChannel.Sms);

        Assert.Equal(1, (await Sms())!.Attempts);
    }

    [Fact]
    public async Task A_doubt_is_settled_in_quiet_hours_too()
    {
        service.World.Misbehave(Mobile, Effect.LoseAnswer);
        await Registered();
        await Until.Async(async () => (await Sms())?.LastCode == "no-answer", what: "the answer was lost");
        (await service.Candidate(me).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = "00:00", quietUntil = "23:59", off = Array.Empty<string>() })).EnsureSuccessStatusCode();

        service.Clock.Advance(TimeSpan.FromMinutes(2));

        await In(DeliveryState.Delivered);
        Assert.Single(service.World.To(Mobile));
    }

    [Theory]
    [InlineData(1, DeliveryState.Sending)]
    [InlineData(13, DeliveryState.Failed)]
    public async Task While_nobody_can_be_asked_a_doubt_stays_one_for_half_a_day(int hours, DeliveryState state)
    {
        service.PeersAway = true;
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.Registered, Occurrence = $"{me}", ApplicationId = Guid.NewGuid(), At = service.Clock.Now };
        var delivery = new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = DeliveryChannel.Sms };
        delivery.Start(service.Clock.Now.AddHours(-hours));
        notice.Deliveries.Add(delivery);
        await service.Query(db =>
        {
            db.Notices.Add(notice);
            return db.SaveChangesAsync();
        });

        await Until.Async(async () => (await Sms())?.LastCode == "peer-Unavailable", what: "nobody could be asked");
        service.PeersAway = false;

        Assert.Equal(state, (await Sms())!.State);
    }

    [Fact]
    public async Task A_number_the_gateway_never_takes_fails_at_once_and_the_inbox_still_has_the_notice()
    {
        service.World.Misbehave(Mobile, Effect.Fail, code: "isv.MOBILE_NUMBER_ILLEGAL");
        await Registered();

        var delivery = await In(DeliveryState.Failed);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Registered, DeliveryChannel.Inbox);
        var failed = Assert.Single(await service.Published<NoticeFailed>(delivery.NoticeId));
        Assert.Equal(("registered", "sms", "isv.MOBILE_NUMBER_ILLEGAL"), (failed.Event, failed.Channel, failed.Reason));
    }

    [Fact]
    public async Task While_the_other_services_are_away_notices_wait_and_then_go_out()
    {
        service.PeersAway = true;
        await Registered();
        await Until.Async(async () => (await Sms())?.LastCode == "peer-Unavailable" && (await By(DeliveryChannel.Inbox))?.LastCode == "peer-Unavailable", what: "the peers were asked in vain");
        service.PeersAway = false;

        service.Clock.Advance(TimeSpan.FromMinutes(1));

        await In(DeliveryState.Delivered);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Registered, DeliveryChannel.Inbox);
        Assert.Single(service.World.To(Mobile));
    }

    [Fact]
    public async Task The_mobile_is_kept_nowhere()
    {
        await Registered();
        await In(DeliveryState.Delivered);

        var rows = await service.Query(db => db.Database.SqlQuery<string>($"""
            select n::text as "Value" from notices n union all select d::text from deliveries d union all select h::text from delivery_history h union all select o::text from outbox o
            """).ToListAsync());
        Assert.DoesNotContain(rows, row => row.Contains(Mobile));
    }

    private Task Registered() => service.Deliver(new RegistrationCompleted(Guid.NewGuid(), me, "HP", "2027", service.Clock.Now));

    private Task<Delivery> In(DeliveryState state) => service.DeliveryIn(state, me, NoticeEvent.Registered, DeliveryChannel.Sms);

    private Task<Delivery?> Sms() => By(DeliveryChannel.Sms);

    private Task<Delivery?> By(DeliveryChannel channel) => service.Query(db => db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Channel == channel
        && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)));
}
