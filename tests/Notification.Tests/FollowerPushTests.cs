using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Sandbox;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Announcements to all who follow the official account, spoken with the sandbox's WeChat.</summary>
public sealed class FollowerPushTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private static readonly DateTimeOffset Now = new(2027, 1, 12, 4, 0, 0, TimeSpan.Zero);
    private readonly Guid first = Guid.NewGuid(), second = Guid.NewGuid();
    private readonly string person = $"person-{Guid.NewGuid()}";

    private HttpClient Asker => service.Officer("national", "", first);

    private HttpClient Other => service.Officer("national", "", second);

    public static TheoryData<PushState, PushState> Pairs
    {
        get
        {
            var pairs = new TheoryData<PushState, PushState>();
            foreach (var from in Enum.GetValues<PushState>())
                foreach (var to in Enum.GetValues<PushState>().Where(to => to is not PushState.Asked)) pairs.Add(from, to);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_push_goes_only_the_ways_of_the_table(PushState from, PushState to)
    {
        var push = new FollowerPush { Id = Guid.NewGuid(), Text = "x", AskedBy = first, AskedAt = Now };
        if (from is PushState.Declined) push.Decline(second, "x", Now);
        else if (from is not PushState.Asked) push.Approve(second, Now);
        if (from is PushState.Taken or PushState.Sent) push.Take("1", Now);
        if (from is PushState.Sent) push.Finish();
        if (from is PushState.Failed) push.Fail("x");
        Assert.Equal(from, push.State);

        var refusal = to switch { PushState.Declined => push.Decline(second, "x", Now), PushState.Sending => push.Approve(second, Now), PushState.Taken => push.Take("1", Now), PushState.Sent => push.Finish(), _ => push.Fail("x") };

        var legal = FollowerPush.Legal.Contains((from, to));
        Assert.Equal((legal ? to : from, legal), (push.State, refusal is null));
    }

    [Fact]
    public async Task What_two_national_officers_agree_on_goes_to_everybody_who_follows_once()
    {
        service.World.WeChat.SetFollows(person, true);
        service.World.WeChat.SetFollows(person + "-gone", false);
        var article = await Article("报名开始");

        var shown = await Asker.GetFromJsonAsync<JsonElement>(Push(article));
        Assert.Equal((JsonValueKind.Null, true), (shown.GetProperty("state").ValueKind, shown.GetProperty("followers").GetInt64() >= 1));
        Assert.Equal(HttpStatusCode.OK, (await Asker.PostAsync(Push(article), null)).StatusCode);
        Assert.Empty(Got());
        Assert.Equal(HttpStatusCode.OK, (await Decide(Other, article, true)).StatusCode);

        await StateIs(article, PushState.Taken);
        service.World.WeChat.ForgetTokens(); // another one is fetched to ask with
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        await StateIs(article, PushState.Sent);
        var got = Assert.Single(Got());
        Assert.Equal($"报名开始\nhttps://exam.test/articles/{article}", got.Data["content"]);
        Assert.Empty(service.World.News.To(person + "-gone"));
    }

    [Fact]
    public async Task A_lost_answer_is_followed_by_the_same_message_which_nobody_gets_twice()
    {
        service.World.WeChat.SetFollows(person, true);
        var article = await Article("考点调整");
        await Asker.PostAsync(Push(article), null);
        service.World.Misbehave(Channel.WeChat, "考点调整", Effect.LoseAnswer);
        await Decide(Other, article, true);
        await Until.Async(async () => (await Row(article)).LastCode == "no-answer", what: "the answer was lost");

        service.Clock.Advance(TimeSpan.FromMinutes(2));

        await StateIs(article, PushState.Taken);
        Assert.Single(Got());
    }

    [Fact]
    public void After_a_day_WeChat_would_not_know_it_again_and_nothing_is_repeated()
    {
        var push = new FollowerPush { Id = Guid.NewGuid(), Text = "x", AskedBy = first, AskedAt = Now };
        push.Approve(second, Now);

        push.Postpone("no-answer", Now.AddHours(23));
        Assert.Equal((PushState.Sending, Now.AddHours(24)), (push.State, push.NextAt));
        push.Postpone("no-answer", Now.AddHours(24));

        Assert.Equal((PushState.Failed, "no-answer"), (push.State, push.LastCode));
        Assert.Null(push.NextAt);
    }

    [Fact]
    public async Task Whoever_withdraws_the_announcement_before_it_goes_out_stops_it()
    {
        service.World.WeChat.SetFollows(person, true);
        var article = await Article("有误的公告");
        await Asker.PostAsync(Push(article), null);
        await service.Query(async db =>
        {
            (await db.Articles.SingleAsync(a => a.Id == article)).Withdraw("有误", first, service.Clock.Now);
            return await db.SaveChangesAsync();
        });

        await Decide(Other, article, true);

        await StateIs(article, PushState.Failed);
        Assert.Empty(Got());
    }

    [Fact]
    public async Task Nobody_approves_their_own_and_who_asked_may_take_it_back()
    {
        var article = await Article("本人申请");
        await Asker.PostAsync(Push(article), null);

        Assert.Equal("same-asker", await Code(await Decide(Asker, article, true), HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.BadRequest, (await Decide(Asker, article, false, " ")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Decide(Asker, article, false, "标题有误")).StatusCode);

        Assert.Equal("push-declined", await Code(await Decide(Other, article, true), HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.OK, (await Asker.PostAsync(Push(article), null)).StatusCode); // once it is mended
    }

    [Fact]
    public async Task An_announcement_is_asked_for_once_also_by_two_at_the_same_time()
    {
        var article = await Article("只推送一次");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? Asker : Other).PostAsync(Push(article), null)));

        Assert.Single(answers, a => a.StatusCode is HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.StatusCode is not HttpStatusCode.OK), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        Assert.Equal(1, await service.Query(db => db.FollowerPushes.CountAsync(p => p.ArticleId == article)));
        Assert.Equal("push-asked", await Code(await Other.PostAsync(Push(article), null), HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData(ArticleKind.Policy, "", true)]
    [InlineData(ArticleKind.Announcement, "110000/", true)]
    [InlineData(ArticleKind.Announcement, "", false)]
    public async Task Only_a_published_announcement_for_the_whole_country_goes_to_the_followers(ArticleKind kind, string area, bool published) =>
        Assert.Equal("not-to-push", await Code(await Asker.PostAsync(Push(await Article("不能推送", kind, area, published)), null), HttpStatusCode.Conflict));

    [Fact]
    public async Task Officers_below_the_nation_neither_see_nor_ask_nor_decide()
    {
        var article = await Article("全国公告");
        var area = service.Officer("area", "110000/");

        foreach (var answer in (HttpResponseMessage[])[await area.GetAsync(new Uri(Push(article), UriKind.Relative)), await area.PostAsync(Push(article), null), await Decide(area, article, true)])
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private List<Sandbox.WeChat.SentNewsItem> Got() => [.. service.World.News.To(person).Where(item => item.Kind == "mass")];

    private static string Push(Guid article) => $"/api/content/desk/articles/{article}/push";

    private static Task<HttpResponseMessage> Decide(HttpClient officer, Guid article, bool approve, string? reason = null) => officer.PostAsJsonAsync($"{Push(article)}/decision", new { approve, reason });

    private static async Task<string?> Code(HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.Equal(expected, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!["urn:exam:".Length..];
    }

    private Task<FollowerPush> Row(Guid article) => service.Query(db => db.FollowerPushes.AsNoTracking().Where(p => p.ArticleId == article).OrderByDescending(p => p.Id).FirstAsync());

    private Task StateIs(Guid article, PushState state) => Until.Async(async () => (await Row(article)).State == state, what: $"the push is {state}");

    private async Task<Guid> Article(string title, ArticleKind kind = ArticleKind.Announcement, string area = "", bool published = true)
    {
        var article = Notifications.Article.Write(Guid.CreateVersion7(), kind, null, area, title, "内容", first, service.Clock.Now);
        if (published) article.Publish(null, null, first, service.Clock.Now);
        await service.Query(db =>
        {
            db.Articles.Add(article);
            return db.SaveChangesAsync();
        });
        return article.Id;
    }
}
