using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Notifications.Tests;

public sealed class QuestionTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const string Own = "/api/content/questions", Desk = "/api/content/desk/questions", Site = "110000/110100/";
    private readonly Guid me = Guid.NewGuid();

    [Fact]
    public async Task An_answer_reaches_the_candidates_inbox_once_without_its_words()
    {
        var id = await Ask("什么时候开始确认？");
        Assert.Equal(HttpStatusCode.OK, (await Say(service.Officer("site", Site), $"{Desk}/{id}/answers", "一月二十日开始。")).StatusCode);

        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.QuestionAnswered, DeliveryChannel.Inbox);
        var notice = await service.NoticeTo(me, NoticeEvent.QuestionAnswered);
        Assert.Single(notice.Deliveries);
        Assert.DoesNotContain("一月二十日", notice.Title + notice.Text);
        var seen = await Read(service.Candidate(me), $"{Own}/{id}");
        Assert.Equal(("answered", "一月二十日开始。"), (seen.GetProperty("state").GetString(), seen.GetProperty("messages")[1].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Anothers_question_is_404_and_stays_as_it_was()
    {
        var id = await Ask("只有我能看。");
        var stranger = service.Candidate(Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Own}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Say(stranger, $"{Own}/{id}/messages", "插一句")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"{Own}/{id}/closing", null)).StatusCode);
        Assert.Equal(0, (await Read(stranger, Own)).GetProperty("items").GetArrayLength());
        var kept = await service.Query(db => db.Questions.Include(q => q.Messages).SingleAsync(q => q.Id == id));
        Assert.Equal((QuestionState.Waiting, 1), (kept.State, kept.Messages.Count));
    }

    [Theory]
    [InlineData("site", "110000/110200/", false)]
    [InlineData("area", "350000/", false)]
    [InlineData("site", Site, true)]
    [InlineData("area", "110000/", true)]
    [InlineData("national", "", true)]
    public async Task Only_staff_of_the_place_or_above_read_and_answer(string level, string path, bool may)
    {
        var id = await Ask("谁来答复？");
        var officer = service.Officer(level, path);

        Assert.Equal(may ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await officer.GetAsync($"{Desk}/{id}")).StatusCode);
        Assert.Equal(may ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await Say(officer, $"{Desk}/{id}/answers", "我来答复。")).StatusCode);
        Assert.Equal(may ? 2 : 1, await service.Query(db => db.Set<QuestionMessage>().CountAsync(m => m.QuestionId == id)));
    }

    [Fact]
    public async Task A_follow_up_waits_again_and_counts_and_a_closed_question_takes_no_more()
    {
        var (id, officer) = (await Ask("第一问"), service.Officer("site", Site));
        await Say(officer, $"{Desk}/{id}/answers", "第一答");
        var between = await Waiting(officer);
        await Say(service.Candidate(me), $"{Own}/{id}/messages", "再问");
        Assert.Equal(between + 1, await Waiting(officer));
        Assert.Contains(id.ToString(), await officer.GetStringAsync(Desk));

        Assert.Equal(HttpStatusCode.OK, (await service.Candidate(me).PostAsync($"{Own}/{id}/closing", null)).StatusCode);
        Assert.Equal(between, await Waiting(officer));
        foreach (var (who, where) in ((HttpClient, string)[])[(service.Candidate(me), $"{Own}/{id}/messages"), (officer, $"{Desk}/{id}/answers")])
        {
            var refused = await Say(who, where, "还有");
            Assert.Equal((HttpStatusCode.Conflict, "urn:exam:question-closed"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
        }
        Assert.Equal(HttpStatusCode.Conflict, (await officer.PostAsync($"{Desk}/{id}/closing", null)).StatusCode);
    }

    [Fact]
    public void After_fifty_messages_a_question_takes_no_more()
    {
        var seal = service.Services.GetRequiredService<QuestionSeal>();
        var question = Question.Ask(me, "HP", Site, "第一问", seal, service.Clock.Now);
        for (var n = 1; n < 50; n++) Assert.Null(question.FollowUp("再问", seal, service.Clock.Now));

        Assert.Equal("question-too-long", question.Answer(Guid.NewGuid(), "答", seal, service.Clock.Now)?.Code);
        Assert.Equal(50, question.Messages.Count);
    }

    [Fact]
    public async Task Ten_questions_may_be_open_also_when_all_are_asked_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 14).Select(n => service.Candidate(me).PostAsJsonAsync(Own, new { programme = "HP", areaPath = Site, text = $"问题{n}" })));

        Assert.Equal((10, 4), (answers.Count(a => a.StatusCode == HttpStatusCode.Created), answers.Count(a => a.StatusCode == HttpStatusCode.Conflict)));
        var first = (await Read(service.Candidate(me), Own)).GetProperty("items")[0].GetProperty("id").GetGuid();
        await service.Candidate(me).PostAsync($"{Own}/{first}/closing", null);
        await Ask("现在可以再问");
    }

    [Fact]
    public async Task Of_answers_at_the_same_moment_each_is_kept_or_refused_and_none_twice()
    {
        var (id, officer) = (await Ask("谁先答复？"), service.Officer("site", Site));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Say(officer, $"{Desk}/{id}/answers", $"答复{n}")));

        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict]));
        Assert.Equal(1 + answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), await service.Query(db => db.Set<QuestionMessage>().CountAsync(m => m.QuestionId == id)));
    }

    [Fact]
    public async Task That_an_officer_read_a_question_is_logged()
    {
        var (id, me) = (await Ask("谁看过？"), Guid.NewGuid());

        await service.Officer("site", Site, me).GetAsync($"{Desk}/{id}");

        Assert.Contains(service.Told, told => told.Contains($"{me}", StringComparison.Ordinal) && told.Contains($"{id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_asked_lies_sealed_and_goes_with_the_account()
    {
        var id = await Ask("我的身份证号是110101199003070003");
        var held = await service.Query(db => db.Set<QuestionMessage>().Where(m => m.QuestionId == id).Select(m => m.Sealed).SingleAsync());
        Assert.DoesNotContain("110101199003070003", Encoding.UTF8.GetString(held));

        await service.Deliver(new AccountDeleted(me, service.Clock.Now));

        Assert.False(await service.Query(db => db.Questions.AnyAsync(q => q.Id == id)));
        Assert.False(await service.Query(db => db.Set<QuestionMessage>().AnyAsync(m => m.QuestionId == id)));
    }

    [Theory]
    [InlineData("HP", Site, "", "#/text")]
    [InlineData("HP", Site, "有\u0000字符", "#/text")]
    [InlineData("hp", Site, "问题", "#/programme")]
    [InlineData("HP", "", "问题", "#/areaPath")]
    [InlineData("HP", "北京/", "问题", "#/areaPath")]
    public async Task A_fault_is_told_at_its_field(string programme, string areaPath, string text, string pointer)
    {
        var refused = await service.Candidate(me).PostAsJsonAsync(Own, new { programme, areaPath, text });

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(pointer, Assert.Single((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_question_has_a_thousand_characters_and_they_come_back_as_they_were_typed()
    {
        const string hostile = "<script>alert(1)</script> [x](javascript:alert(1)) **粗**";
        var id = await Ask(hostile);

        Assert.Equal(hostile, (await Read(service.Candidate(me), $"{Own}/{id}")).GetProperty("messages")[0].GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Candidate(me).PostAsJsonAsync(Own, new { programme = "HP", areaPath = Site, text = new string('长', 1001) })).StatusCode);
        await Ask(new string('长', 1000));
    }

    private async Task<Guid> Ask(string text)
    {
        var answer = await service.Candidate(me).PostAsJsonAsync(Own, new { programme = "HP", areaPath = Site, text });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private static Task<HttpResponseMessage> Say(HttpClient who, string path, string text) => who.PostAsJsonAsync(path, new { text });
    private static Task<JsonElement> Read(HttpClient who, string path) => who.GetFromJsonAsync<JsonElement>(path);
    private static async Task<int> Waiting(HttpClient officer) => (await Read(officer, $"{Desk}/count")).GetProperty("waiting").GetInt32();
}
