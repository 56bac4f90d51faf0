using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.WeChat;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Template messages of the official account and subscribe messages of the mini-program, spoken with the sandbox's WeChat.</summary>
public sealed class WeChatDeliveryTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const string PaySoonAtMiniProgram = "SM00000017";
    private readonly Guid me = Guid.NewGuid(), application = Guid.NewGuid();

    private string Person => $"person-{me}";

    private string OpenId(string app) => service.World.WeChat.OpenIdOf(app, Person);

    private void Follow()
    {
        service.World.WeChat.SetFollows(Person, true);
        service.Addresses[("weChat", me.ToString())] = OpenId("test-AccountAppId");
    }

    private Task Near() => service.Deliver(new DeadlineNear(application, me, "pay", service.Clock.Now.AddDays(2), service.Clock.Now));

    private Task<Delivery> In(DeliveryState state, DeliveryChannel channel) => service.DeliveryIn(state, me, NoticeEvent.PaySoon, channel);

    private Task<Delivery?> Now(DeliveryChannel channel) => service.Query(db => db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Channel == channel && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)));

    private List<SentNewsItem> Got() => [.. service.World.News.To(Person)];

    [Fact]
    public async Task Who_follows_gets_a_template_message_that_leads_to_the_application()
    {
        Follow();
        await Near();

        await In(DeliveryState.Delivered, DeliveryChannel.WeChat);
        var got = Assert.Single(Got());
        Assert.Equal(("template", $"https://exam.test/applications/{application}"), (got.Kind, got.Url));
        Assert.Equal(["卫生专业技术资格考试", "缴费即将截止", service.Clock.Now.AddDays(2).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy年M月d日HH:mm", System.Globalization.CultureInfo.InvariantCulture)], got.Data.Values);
    }

    [Fact]
    public async Task Who_has_bound_nothing_has_no_such_delivery_and_the_inbox_does_not_speak_of_it()
    {
        await Near();

        await In(DeliveryState.Skipped, DeliveryChannel.WeChat);
        await In(DeliveryState.Delivered, DeliveryChannel.Inbox);
        var told = (await service.Inbox(me)).GetProperty("items")[0].GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("channel").GetString());
        Assert.DoesNotContain("weChat", told);
    }

    [Fact]
    public async Task A_token_that_WeChat_has_voided_is_fetched_anew_and_the_message_still_goes_once()
    {
        Follow();
        service.World.WeChat.ForgetTokens();
        await Near();

        await In(DeliveryState.Delivered, DeliveryChannel.WeChat);
        Assert.Single(Got());
    }

    [Fact]
    public async Task Who_stopped_following_meanwhile_is_reached_by_SMS_and_WeChat_is_not_asked_again()
    {
        Follow();
        service.World.WeChat.SetFollows(Person, false);
        await Near();

        Assert.Equal(("43004", 1), await In(DeliveryState.Failed, DeliveryChannel.WeChat) is var failed ? (failed.LastCode, failed.Attempts) : default);
        await In(DeliveryState.Delivered, DeliveryChannel.Sms);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_passes_and_the_message_goes_later()
    {
        Follow();
        service.World.Misbehave(Channel.WeChat, OpenId("test-AccountAppId"), Effect.Fail, code: "45009");
        await Near();
        await Until.Async(async () => (await Now(DeliveryChannel.WeChat))?.LastCode == "45009", what: "the quota is used up");

        service.Clock.Advance(TimeSpan.FromMinutes(1));

        await In(DeliveryState.Delivered, DeliveryChannel.WeChat);
    }

    [Theory]
    [InlineData(Effect.LoseAnswer)]
    [InlineData(Effect.Drop)]
    public async Task A_lost_answer_leads_to_one_message_because_WeChat_drops_the_repeat(Effect effect)
    {
        Follow();
        service.World.Misbehave(Channel.WeChat, OpenId("test-AccountAppId"), effect);
        await Near();
        await Until.Async(async () => (await Now(DeliveryChannel.WeChat))?.LastCode == "no-answer", what: "the answer was lost");

        service.Clock.Advance(TimeSpan.FromMinutes(1));

        await In(DeliveryState.Delivered, DeliveryChannel.WeChat);
        Assert.Single(Got());
    }

    [Fact]
    public async Task A_doubt_that_is_older_than_WeChat_remembers_is_not_sent_again()
    {
        Follow();
        service.World.Misbehave(Channel.WeChat, OpenId("test-AccountAppId"), Effect.LoseAnswer);
        await Near();
        await Until.Async(async () => (await Now(DeliveryChannel.WeChat))?.LastCode == "no-answer", what: "the answer was lost");

        service.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("in-doubt", (await In(DeliveryState.Failed, DeliveryChannel.WeChat)).LastCode);
        Assert.Single(Got());
    }

    [Fact]
    public async Task Neither_open_ids_nor_secrets_are_kept_or_told()
    {
        Follow();
        await Near();
        await In(DeliveryState.Delivered, DeliveryChannel.WeChat);

        var rows = await service.Query(db => db.Database.SqlQuery<string>($"""
            select n::text as "Value" from notices n union all select d::text from deliveries d union all select h::text from delivery_history h union all select o::text from outbox o
            """).ToListAsync());
        Assert.DoesNotContain(rows.Concat(service.Told), text => text.Contains(OpenId("test-AccountAppId"), StringComparison.Ordinal) || text.Contains("test-AccountSecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_accept_is_good_for_one_subscribe_message()
    {
        await ByMiniProgramOnly();
        await Accept(HttpStatusCode.NoContent, PaySoonAtMiniProgram);
        service.World.News.Accept(Person, PaySoonAtMiniProgram, 2); // WeChat has counted one that was never told here: it is not used
        await Near();
        await In(DeliveryState.Delivered, DeliveryChannel.MiniProgram);

        await service.Deliver(new DeadlineNear(Guid.NewGuid(), me, "pay", service.Clock.Now.AddDays(3), service.Clock.Now));

        await Until.Async(() => service.Query(db => db.Deliveries.AnyAsync(d => d.LastCode == "no-subscription" && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me))), what: "the second has no accept");
        Assert.Equal("subscribe", Assert.Single(Got()).Kind);
        Assert.Equal(0, await Left());
    }

    [Fact]
    public async Task An_accept_is_given_back_where_surely_nothing_went_out_and_void_where_the_person_took_it_back()
    {
        await ByMiniProgramOnly();
        await Accept(HttpStatusCode.NoContent, PaySoonAtMiniProgram);
        service.World.Misbehave(Channel.WeChat, OpenId("test-MiniProgramAppId"), Effect.Fail, code: "45009");
        await Near();
        await Until.Async(async () => (await Now(DeliveryChannel.MiniProgram))?.LastCode == "45009", what: "it was refused");
        Assert.Equal(1, await Left());

        service.Clock.Advance(TimeSpan.FromMinutes(1)); // WeChat knows of no accept

        Assert.Equal("43101", (await In(DeliveryState.Failed, DeliveryChannel.MiniProgram)).LastCode);
        Assert.Equal(0, await Left());
    }

    [Fact]
    public async Task An_accept_is_given_back_where_the_message_can_never_go()
    {
        await ByMiniProgramOnly();
        await Accept(HttpStatusCode.NoContent, PaySoonAtMiniProgram);
        service.World.Misbehave(Channel.WeChat, OpenId("test-MiniProgramAppId"), Effect.Fail, code: "47003");
        await Near();

        Assert.Equal("47003", (await In(DeliveryState.Failed, DeliveryChannel.MiniProgram)).LastCode);
        Assert.Equal(1, await Left());
    }

    [Fact]
    public async Task Accepts_of_another_person_or_template_are_not_used()
    {
        await ByMiniProgramOnly();
        var other = Guid.NewGuid();
        await service.Query(db =>
        {
            db.Subscriptions.AddRange(new Subscription { CandidateId = other, TemplateId = PaySoonAtMiniProgram, Left = 1 }, new Subscription { CandidateId = me, TemplateId = "another", Left = 1 });
            return db.SaveChangesAsync();
        });
        await Near();

        Assert.Equal("no-subscription", (await In(DeliveryState.Skipped, DeliveryChannel.MiniProgram)).LastCode);
        Assert.Equal([1, 1], await service.Query(db => db.Subscriptions.Where(s => s.CandidateId == other || s.CandidateId == me).Select(s => s.Left).ToListAsync()));
    }

    [Fact]
    public async Task An_accept_told_twice_at_once_is_one_and_a_hundred_are_kept_at_most()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await service.Candidate(me).PostAsJsonAsync("/api/notices/subscriptions", new { accepted = new[] { PaySoonAtMiniProgram, PaySoonAtMiniProgram } })).StatusCode);
        Assert.Equal(1, await Left());
        await service.Query(db => db.Subscriptions.Where(s => s.CandidateId == me).ExecuteUpdateAsync(set => set.SetProperty(s => s.Left, 100)));

        await Accept(HttpStatusCode.NoContent, PaySoonAtMiniProgram);

        Assert.Equal(100, await Left());
        foreach (var count in (int[])[0, 6])
            Assert.Equal(HttpStatusCode.BadRequest, (await service.Candidate(me).PostAsJsonAsync("/api/notices/subscriptions", new { accepted = Enumerable.Repeat(PaySoonAtMiniProgram, count) })).StatusCode);
    }

    [Fact]
    public async Task A_doubtful_message_to_somebody_who_is_bound_no_longer_has_failed()
    {
        Follow();
        service.World.Misbehave(Channel.WeChat, OpenId("test-AccountAppId"), Effect.LoseAnswer);
        await Near();
        await Until.Async(async () => (await Now(DeliveryChannel.WeChat))?.LastCode == "no-answer", what: "the answer was lost");
        service.Addresses.TryRemove(("weChat", me.ToString()), out _);

        service.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("not-bound", (await In(DeliveryState.Failed, DeliveryChannel.WeChat)).LastCode);
    }

    [Fact]
    public async Task Templates_that_the_platform_does_not_send_by_cannot_be_accepted() => await Accept(HttpStatusCode.BadRequest, "SM99999999");

    [Fact]
    public async Task Whoever_is_reached_by_nothing_else_is_told_by_Baidu_once_for_what_they_accepted_there()
    {
        service.WithoutMobile[me.ToString()] = true;
        service.Addresses[("baidu", me.ToString())] = OpenId("test-BaiduClientId");
        Sandbox.WeChat.BaiduMessages.Accept(new(Person, $"{application:N}.paySoon"));
        await Near();

        await In(DeliveryState.Delivered, DeliveryChannel.Baidu);
        Assert.Equal(("baidu", "缴费即将截止"), Assert.Single(Got()) is var got ? (got.Kind, got.Data["keyword2"]) : default);
    }

    [Fact]
    public async Task What_was_not_accepted_at_Baidu_is_not_told_there()
    {
        service.WithoutMobile[me.ToString()] = true;
        service.Addresses[("baidu", me.ToString())] = OpenId("test-BaiduClientId");
        await Near();

        Assert.Equal("4007", (await In(DeliveryState.Skipped, DeliveryChannel.Baidu)).LastCode);
        Assert.Empty(Got());
    }

    /// <summary>No mobile, no official account: the route goes on to the mini-program.</summary>
    private Task ByMiniProgramOnly()
    {
        service.WithoutMobile[me.ToString()] = true;
        service.Addresses[("miniProgram", me.ToString())] = OpenId("test-MiniProgramAppId");
        return Task.CompletedTask;
    }

    private async Task Accept(HttpStatusCode expected, string template) =>
        Assert.Equal(expected, (await service.Candidate(me).PostAsJsonAsync("/api/notices/subscriptions", new { accepted = new[] { template } })).StatusCode);

    private Task<int> Left() => service.Query(db => db.Subscriptions.Where(s => s.CandidateId == me).Select(s => s.Left).SingleAsync());
}
