using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

public sealed class NoticeTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private readonly Guid me = Guid.NewGuid();
    private readonly Guid application = Guid.NewGuid();

    [Fact]
    public async Task A_submission_is_told_in_the_inbox_and_by_sms_with_the_words_of_its_template()
    {
        await service.Deliver(Submitted());
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Inbox);
        var sms = await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Sms);

        var notice = (await service.Inbox(me)).GetProperty("items")[0];
        Assert.Equal("您的卫生专业技术资格考试（2027年度）报名信息已提交，这是第1次提交，受理考区：北京。接下来要做什么、最晚什么时候做，请看“我的报名”，并留意这里的通知。", notice.GetProperty("text").GetString());
        var sent = Assert.Single(service.World.To(NotificationFixture.MobileOf(me)));
        Assert.Equal(("SMS_100000001", sms.Id.ToString(), sms.Receipt), (sent.TemplateCode, sent.OutId, sent.BizId));
        Assert.Equal("""{"name":"欧阳䶮","programme":"卫生专业技术资格考试","session":"2027年度"}""", JsonSerializer.Serialize(sent.TemplateParam, Readable));
        Assert.Equal(["inbox", "sms"], (await service.Published<NoticeDelivered>(sms.NoticeId)).Select(m => m.Channel).Order());
    }

    [Fact]
    public async Task The_same_message_told_ten_times_side_by_side_is_one_notice_and_one_sms()
    {
        var (submitted, messageId) = (Submitted(), Guid.NewGuid());

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.Deliver(submitted, messageId)));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Sms);

        Assert.Equal(1, await service.Query(db => db.Notices.CountAsync(n => n.CandidateId == me)));
        Assert.Single(service.World.To(NotificationFixture.MobileOf(me)));
    }

    [Fact]
    public async Task The_same_event_under_another_message_id_is_still_one_notice()
    {
        for (var n = 0; n < 3; n++) await service.Deliver(Submitted());

        Assert.Equal(1, await service.Query(db => db.Notices.CountAsync(n => n.CandidateId == me)));
    }

    [Fact]
    public async Task A_refund_is_told_once_with_its_amount()
    {
        var refunded = new RefundCompleted(application, me, Guid.NewGuid(), Guid.NewGuid(), 12345, At);
        for (var n = 0; n < 2; n++) await service.Deliver(refunded);

        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Refunded, DeliveryChannel.Inbox);
        Assert.Contains("123.45元", Assert.Single((await service.Inbox(me)).GetProperty("items").EnumerateArray()).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Officers_see_every_text_of_every_channel_with_the_longest_values_and_candidates_do_not()
    {
        var previews = (await service.Officer("site", "110000/110100/").GetFromJsonAsync<JsonElement>("/api/notices/templates?programme=HP")).GetProperty("templates").EnumerateArray().ToList();
        JsonElement Of(string channel) => previews.Single(p => p.GetProperty("event").GetString() == "paySoon" && p.GetProperty("channel").GetString() == channel);

        Assert.Equal(("SMS_100000015", 1), (Of("sms").GetProperty("code").GetString(), Of("sms").GetProperty("parts").GetInt32()));
        Assert.StartsWith("【考试报名平台】", Of("sms").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(Of("sms").GetProperty("text").GetString()!.Length, Of("sms").GetProperty("characters").GetInt32());
        Assert.True(Of("weChat").GetProperty("on").GetBoolean());
        Assert.Equal("缴费即将截止", Of("baidu").GetProperty("fields")[1].GetProperty("value").GetString());
        Assert.All(Of("weChat").GetProperty("fields").EnumerateArray(), field => Assert.Equal(JsonValueKind.Null, field.GetProperty("fault").ValueKind));
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Candidate(me).GetAsync("/api/notices/templates")).StatusCode);
    }

    public static TheoryData<string, NoticeEvent> EventsOfAnApplication => new()
    {
        { "returned", NoticeEvent.ReturnedForCorrection },
        { "rejected", NoticeEvent.Rejected },
        { "withdrawn", NoticeEvent.Withdrawn },
        { "candidate", NoticeEvent.Abandoned },
        { "confirmation-missed", NoticeEvent.ConfirmationMissed },
        { "correction-missed", NoticeEvent.CorrectionMissed },
        { "payment-missed", NoticeEvent.PaymentMissed },
        { "entry-unanswered", NoticeEvent.CounterEntryVoid },
        { "entry-refused", NoticeEvent.CounterEntryVoid },
        { "fee", NoticeEvent.FeeDue },
        { "paid", NoticeEvent.PaymentReceived },
        { "registered", NoticeEvent.Registered },
        { "submit", NoticeEvent.SubmitSoon },
        { "correct", NoticeEvent.CorrectSoon },
        { "confirm", NoticeEvent.ConfirmSoon },
        { "pay", NoticeEvent.PaySoon },
        { "appeal", NoticeEvent.AppealSoon },
        { "counter", NoticeEvent.CounterEntryMade },
        { "extended", NoticeEvent.WindowExtended },
    };

    [Theory]
    [MemberData(nameof(EventsOfAnApplication))]
    public async Task Every_step_a_candidate_must_know_reaches_the_inbox(string what, NoticeEvent of)
    {
        await Tell(what);

        await service.DeliveryIn(DeliveryState.Delivered, me, of, DeliveryChannel.Inbox);
        var notice = Assert.Single((await service.Inbox(me)).GetProperty("items").EnumerateArray());
        Assert.DoesNotContain("{", notice.GetProperty("title").GetString() + notice.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_return_says_the_reasons_and_until_when_in_Beijing_time()
    {
        await Tell("returned");
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.ReturnedForCorrection, DeliveryChannel.Inbox);

        var text = (await service.NoticeTo(me, NoticeEvent.ReturnedForCorrection)).Text;
        Assert.Contains("未通过环节site-review，原因：原因a；原因b。请在2027年1月16日00:00前", text);
    }

    [Fact]
    public async Task An_entry_at_the_counter_is_told_once_by_sms_with_the_word_to_reply_until_when()
    {
        for (var n = 0; n < 3; n++) await Tell("counter");
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.CounterEntryMade, DeliveryChannel.Sms);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.CounterEntryMade, DeliveryChannel.Inbox);

        var sent = Assert.Single(service.World.To(NotificationFixture.MobileOf(me)));
        Assert.Equal("SMS_100000017", sent.TemplateCode);
        Assert.Equal("""{"area":"北京","programme":"卫生专业技术资格考试","session":"2027年度","due":"2027年1月16日00:00","word":"482913"}""", JsonSerializer.Serialize(sent.TemplateParam, Readable));
        Assert.Contains("前用登记的手机回复短信482913", (await service.NoticeTo(me, NoticeEvent.CounterEntryMade)).Text);
    }

    [Fact]
    public async Task An_extension_after_an_outage_is_told_once_with_the_new_deadline()
    {
        for (var n = 0; n < 3; n++) await Tell("extended");
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.WindowExtended, DeliveryChannel.Sms);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.WindowExtended, DeliveryChannel.Inbox);

        var sent = Assert.Single(service.World.To(NotificationFixture.MobileOf(me)));
        Assert.Equal("SMS_100000018", sent.TemplateCode);
        Assert.Equal("""{"programme":"卫生专业技术资格考试","session":"2027年度","due":"2027年1月16日00:00"}""", JsonSerializer.Serialize(sent.TemplateParam, Readable));
        Assert.Contains("顺延至2027年1月16日00:00", (await service.NoticeTo(me, NoticeEvent.WindowExtended)).Text);
    }

    [Fact]
    public async Task A_failed_identity_check_is_told_with_what_to_do_and_a_passed_one_is_not()
    {
        await service.Deliver(new IdentityVerified(me, true, service.Clock.Now));
        await service.Deliver(new IdentityVerified(me, false, service.Clock.Now));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.IdentityCheckFailed, DeliveryChannel.Sms);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.IdentityCheckFailed, DeliveryChannel.Inbox);

        Assert.Equal("SMS_100000025", Assert.Single(service.World.To(NotificationFixture.MobileOf(me))).TemplateCode);
        Assert.Contains("更正后会自动重新核验", (await service.NoticeTo(me, NoticeEvent.IdentityCheckFailed)).Text);
        Assert.Single(await service.Query(db => db.Notices.Where(n => n.CandidateId == me).ToListAsync()));
    }

    [Fact]
    public async Task An_entry_made_anew_with_another_word_is_told_anew()
    {
        await Tell("counter");
        await service.Deliver(new CounterEntryMade(application, me, "570146", At.AddDays(2), At));

        Assert.Equal(2, await service.Query(db => db.Notices.CountAsync(n => n.CandidateId == me && n.Event == NoticeEvent.CounterEntryMade)));
    }

    [Fact]
    public async Task A_passed_stage_is_told_to_the_candidate()
    {
        await service.Deliver(Submitted());
        await service.Deliver(new StagePassed(application, me, 1, "confirmation", At));

        var notice = await service.NoticeTo(me, NoticeEvent.StagePassed);
        Assert.Equal("confirmation", notice.Stage);
    }

    [Fact]
    public async Task A_welcome_is_told_in_the_inbox_only()
    {
        await service.Deliver(new CandidateRegistered(me, At));

        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Welcome, DeliveryChannel.Inbox);
        Assert.Single((await service.NoticeTo(me, NoticeEvent.Welcome)).Deliveries);
    }

    [Fact]
    public async Task Someone_elses_notice_is_404_and_in_nobody_elses_inbox()
    {
        await service.Deliver(new CandidateRegistered(me, At));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Welcome, DeliveryChannel.Inbox);
        var (id, other) = ((await service.NoticeTo(me, NoticeEvent.Welcome)).Id, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await service.Candidate(other).PostAsync($"/api/notices/{id}/read", null)).StatusCode);
        Assert.Equal(0, (await service.Inbox(other)).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Officer("national", "").GetAsync("/api/notices")).StatusCode);
    }

    [Fact]
    public async Task The_inbox_is_read_page_by_page_newest_first_and_counts_what_is_unread()
    {
        for (var n = 1; n <= 23; n++) await service.Deliver(new ApplicationWithdrawn(application, me, n, At));
        await Until.Async(async () => (await service.Inbox(me)).GetProperty("unread").GetInt32() == 23, what: "all have words");

        var first = await service.Inbox(me);
        var second = await service.Inbox(me, $"?cursor={first.GetProperty("next").GetString()}");
        var ids = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(n => n.GetProperty("id").GetGuid()).ToList();
        Assert.Equal((23, JsonValueKind.Null), (ids.Distinct().Count(), second.GetProperty("next").ValueKind));

        Assert.Equal(HttpStatusCode.NoContent, (await service.Candidate(me).PostAsync($"/api/notices/{ids[0]}/read", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await service.Candidate(me).PostAsync($"/api/notices/{ids[0]}/read", null)).StatusCode);
        Assert.Equal(22, (await service.Inbox(me)).GetProperty("unread").GetInt32());
    }

    [Fact]
    public async Task What_has_no_words_yet_is_in_no_inbox_and_cannot_be_read()
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = NoticeEvent.Welcome, Occurrence = $"{me}", At = At };
        await service.Query(db =>
        {
            db.Notices.Add(notice);
            return db.SaveChangesAsync();
        });

        Assert.Equal((0, 0), await service.Inbox(me) is var inbox ? (inbox.GetProperty("items").GetArrayLength(), inbox.GetProperty("unread").GetInt32()) : default);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Candidate(me).PostAsync($"/api/notices/{notice.Id}/read", null)).StatusCode);
    }

    [Fact]
    public async Task Whose_officers_look_after_an_application_is_what_its_last_submission_says_in_whichever_order_they_arrive()
    {
        await service.Deliver(Submitted(2));
        await service.Deliver(Submitted(1) with { AreaPath = "350000/350100/" });

        Assert.Equal(("110000/110100/", 2), await service.Query(db => db.KnownApplications.Where(a => a.ApplicationId == application).Select(a => new ValueTuple<string, int>(a.AreaPath, a.Version)).SingleAsync()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("0")]
    public async Task An_unknown_cursor_is_400_at_its_field(string cursor)
    {
        var answer = await service.Candidate(me).GetAsync($"/api/notices?cursor={cursor}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("#/cursor", await answer.Content.ReadAsStringAsync());
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ApplicationSubmitted Submitted(int version = 1) => new(application, me, version, "HP", 1, "2027", "110000/110100/", [], At);

    private Task Tell(string what)
    {
        var due = new DateTimeOffset(2027, 1, 15, 16, 0, 0, TimeSpan.Zero);
        return what switch
        {
            "returned" => service.Deliver(new ReturnedForCorrection(application, me, 1, "site-review", ["a", "b"], due, At)),
            "rejected" => service.Deliver(new ApplicationRejected(application, me, 1, "area-review", ["a"], At)),
            "withdrawn" => service.Deliver(new ApplicationWithdrawn(application, me, 1, At)),
            "fee" => service.Deliver(new FeeDue(application, me, Guid.NewGuid(), "HP", "2027", "110000/110100/", 24400, due, At)),
            "paid" => service.Deliver(new PaymentReceived(application, me, Guid.NewGuid(), Guid.NewGuid(), 24400, "wechat-native", At, At)),
            "counter" => service.Deliver(new CounterEntryMade(application, me, "482913", due, At)),
            "extended" => service.Deliver(new WindowExtended(application, me, "submit", due, At)),
            "registered" => service.Deliver(new RegistrationCompleted(application, me, "HP", "2027", At)),
            "submit" or "correct" or "confirm" or "pay" or "appeal" => service.Deliver(new DeadlineNear(application, me, what, due, At)),
            _ => service.Deliver(new ApplicationAbandoned(application, me, 1, what, At)),
        };
    }
}
