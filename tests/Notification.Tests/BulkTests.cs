using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Messages of officers to many at once: the dry run, the second person, the sending, the stop.</summary>
public sealed class BulkTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const string Bulk = "/api/notices/bulk", Beijing = "110000/110100/";
    private static readonly DateTimeOffset Now = new(2027, 1, 12, 4, 0, 0, TimeSpan.Zero);
    private readonly Guid writer = Guid.NewGuid(), second = Guid.NewGuid();
    private readonly string programme = "X" + Random.Shared.Next(10_000_000, 99_999_999);

    private HttpClient Writer => service.Officer("site", Beijing, writer);

    private HttpClient Second => service.Officer("area", "110000/", second);

    public static TheoryData<BulkState, BulkVerb> Steps
    {
        get
        {
            var steps = new TheoryData<BulkState, BulkVerb>();
            foreach (var state in Enum.GetValues<BulkState>())
                foreach (var verb in Enum.GetValues<BulkVerb>().Where(v => v is not BulkVerb.Write)) steps.Add(state, verb);
            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Every_step_out_of_the_table_is_refused_and_leaves_no_trace(BulkState state, BulkVerb verb)
    {
        var bulk = In(state);
        var before = bulk.History.Count;

        var refusal = Do(bulk, verb);

        Assert.Equal(BulkSend.Legal.TryGetValue((state, verb), out var to), refusal is null);
        if (refusal is not null) Assert.Equal((before, state), (bulk.History.Count, bulk.State));
        else Assert.Equal((verb, state, to, to), bulk.History[^1] is var step ? (step.Verb, step.From, step.To, bulk.State) : default);
    }

    [Fact]
    public async Task What_two_officers_agree_on_reaches_each_person_once_in_the_inbox_and_by_the_approved_words()
    {
        var (anna, bo) = (Guid.NewGuid(), Guid.NewGuid());
        service.World.WeChat.SetFollows($"person-{bo}", true);
        service.Addresses[("weChat", bo.ToString())] = service.World.WeChat.OpenIdOf("test-AccountAppId", $"person-{bo}");
        var id = await Approved(To(anna, bo, anna));

        await service.DeliveryIn(DeliveryState.Delivered, anna, NoticeEvent.OfficeMessage, DeliveryChannel.Sms);
        await service.DeliveryIn(DeliveryState.Delivered, bo, NoticeEvent.OfficeMessage, DeliveryChannel.WeChat);
        await StateIs(id, "sent");
        var notice = (await service.Inbox(anna)).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("officeMessage", "考点调整", "第{3}考场改在东楼。"), (Text(notice, "event"), Text(notice, "title"), Text(notice, "text")));
        var sms = Assert.Single(service.World.To(NotificationFixture.MobileOf(anna)));
        Assert.Equal(("SMS_100000027", "卫生专业技术资格考试", "2027年度"), (sms.TemplateCode, Text(sms.TemplateParam!.Value, "programme"), Text(sms.TemplateParam.Value, "session")));
        Assert.Equal("https://exam.test/inbox", Assert.Single(service.World.News.To($"person-{bo}")).Url);
        var sent = (await Seen(id)).GetProperty("progress");
        Assert.Equal((2, 0, 2), (sent.GetProperty("taken").GetInt32(), sent.GetProperty("left").GetInt32(), sent.GetProperty("channels").EnumerateArray().Single(c => Text(c, "channel") == "sms").GetProperty("delivered").GetInt32()));
    }

    [Fact]
    public async Task The_dry_run_counts_people_by_channel_shows_the_words_and_sends_nothing()
    {
        var (follower, mobile, quiet, gone) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        service.Addresses[("weChat", follower.ToString())] = "open";
        service.Gone[gone.ToString()] = true;
        await service.Candidate(quiet).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = "22:00", quietUntil = "07:00", off = new[] { "sms" } });
        var id = await Counted(To(follower, mobile, quiet, gone, follower));

        var count = (await Seen(id)).GetProperty("count");
        Assert.Equal((3, 2, 2, 1, 1), (Number("people"), Number("sms"), Number("smsParts"), Number("weChat"), Number("inboxOnly")));
        Assert.Equal("【考试报名平台】您报名的卫生专业技术资格考试（2027年度）有一条重要通知，请登录平台，在“消息”中查看。", Text(count, "smsText"));
        Assert.False(await service.Query(db => db.Notices.AnyAsync(n => n.BulkSendId == id)));
        var asked = service.AskedAudiences.First(a => a.ProgrammeCode == programme);
        Assert.Equal(("2027", Beijing, "returned,unpaid"), (asked.SessionCode, asked.AreaPath, string.Join(',', asked.States)));
        int Number(string name) => count.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Nobody_approves_their_own_and_nobody_else_asks_for_the_approval()
    {
        var id = await Counted(To(Guid.NewGuid()));

        await Refused(Second.PostAsync($"{Bulk}/{id}/proposal", null), "not-the-writer");
        await Refused(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }), "bulk-counted");
        await Took(Writer.PostAsync($"{Bulk}/{id}/proposal", null));
        await Refused(Writer.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }), "same-writer");
        await Refused(Writer.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = false, reason = "x" }), "same-writer");
        Assert.False(await service.Query(db => db.Notices.AnyAsync(n => n.BulkSendId == id)));
    }

    [Fact]
    public async Task Only_officers_who_cover_the_area_see_decide_and_stop_it()
    {
        var id = await Proposed(To(Guid.NewGuid()));

        foreach (var other in (HttpClient[])[service.Officer("site", "350000/350100/"), service.Officer("area", "350000/"), service.Officer("site", "110000/110200/"), service.Officer("point", "110000/110100/BASE01/")])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{Bulk}/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true })).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync($"{Bulk}/{id}/stop", new { reason = "x" })).StatusCode);
            Assert.DoesNotContain(id.ToString(), await (await other.GetAsync(Bulk)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal("proposed", Text((await Seen(id)).GetProperty("bulk"), "state"));
    }

    [Fact]
    public async Task What_is_refused_is_refused_with_a_reason_and_for_good()
    {
        var id = await Proposed(To(Guid.NewGuid()));

        Assert.Equal(HttpStatusCode.BadRequest, (await Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = false, reason = " " })).StatusCode);
        await Took(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = false, reason = "日期有误" }));

        await Refused(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }), "bulk-refused");
        var step = await service.Query(db => db.Set<BulkHistory>().SingleAsync(h => h.BulkSendId == id && h.Verb == BulkVerb.Refuse));
        Assert.Equal(("日期有误", second), (step.Reason, step.By!.Value));
        Assert.Equal(4, (await service.Query(db => db.Audit.Where(e => e.Source == "bulk_history").Select(e => e.Row).ToListAsync())).Count(row => row.Contains(id.ToString(), StringComparison.Ordinal)));
        Assert.True(await service.Query(db => db.Audit.AnyAsync(e => e.Source == "bulk_sends" && e.Key == id.ToString())));
    }

    [Fact]
    public async Task A_dry_run_that_is_too_old_is_approved_by_nobody()
    {
        var id = await Proposed(To(Guid.NewGuid()));
        await service.Query(db => db.BulkSends.Where(b => b.Id == id).ExecuteUpdateAsync(set => set.SetProperty(b => b.CountedAt, service.Clock.Now - BulkSend.GoodFor - TimeSpan.FromMinutes(1))));

        await Refused(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }), "dry-run-too-old");
    }

    [Fact]
    public async Task Where_nobody_meets_the_conditions_nothing_is_asked_for() =>
        await Refused(Writer.PostAsync($"{Bulk}/{await Counted([])}/proposal", null), "nobody-to-tell");

    [Fact]
    public async Task Who_was_in_the_dry_run_gets_it_and_who_came_later_does_not()
    {
        var (then, later) = (Guid.NewGuid(), Guid.NewGuid());
        var id = await Proposed(To(then));
        service.Audiences[programme] = To(later);
        await Took(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }));

        await StateIs(id, "sent");
        Assert.Equal([then], await service.Query(db => db.Notices.Where(n => n.BulkSendId == id).Select(n => n.CandidateId).ToListAsync()));
    }

    [Fact]
    public async Task What_rests_until_the_morning_is_stopped_and_counted()
    {
        var sleeper = Guid.NewGuid();
        await service.Candidate(sleeper).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = "09:00", quietUntil = "11:00", off = Array.Empty<string>() }); // it is about ten in Beijing
        var id = await Approved(To(sleeper));
        await Until.Async(async () => (await service.DeliveryIn(DeliveryState.Waiting, sleeper, NoticeEvent.OfficeMessage, DeliveryChannel.Sms)).LastCode == "quiet", what: "it rests");
        await service.DeliveryIn(DeliveryState.Delivered, sleeper, NoticeEvent.OfficeMessage, DeliveryChannel.Inbox);

        Assert.Equal(HttpStatusCode.BadRequest, (await Writer.PostAsJsonAsync($"{Bulk}/{id}/stop", new { reason = "" })).StatusCode);
        await Took(Second.PostAsJsonAsync($"{Bulk}/{id}/stop", new { reason = "内容有误" }));

        Assert.Equal("stopped", (await service.DeliveryIn(DeliveryState.Skipped, sleeper, NoticeEvent.OfficeMessage, DeliveryChannel.Sms)).LastCode);
        Assert.Empty(service.World.To(NotificationFixture.MobileOf(sleeper)));
        var sms = (await Seen(id)).GetProperty("progress").GetProperty("channels").EnumerateArray().Single(c => Text(c, "channel") == "sms");
        Assert.Equal((1, 0), (sms.GetProperty("stopped").GetInt32(), sms.GetProperty("skipped").GetInt32()));
    }

    [Fact]
    public async Task Only_in_the_inbox_means_only_there()
    {
        var reader = Guid.NewGuid();
        var id = await Approved(To(reader), outside: false);

        await StateIs(id, "sent");
        Assert.Equal([DeliveryChannel.Inbox], (await service.NoticeTo(reader, NoticeEvent.OfficeMessage)).Deliveries.ConvertAll(d => d.Channel));
        Assert.Equal((1, 1), (await Seen(id)).GetProperty("count") is var count ? (count.GetProperty("people").GetInt32(), count.GetProperty("inboxOnly").GetInt32()) : default);
    }

    [Fact]
    public async Task Whose_account_or_application_is_gone_before_it_is_sent_gets_nothing()
    {
        var (stays, leaves, cleared) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var audience = To(stays, leaves, cleared);
        var id = await Proposed(audience);
        await service.Deliver(new AccountDeleted(leaves, service.Clock.Now));
        await service.Deliver(new Applications.Contracts.ApplicationsCleared([audience[2].Application], [], service.Clock.Now));
        await Took(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }));

        await StateIs(id, "sent");
        Assert.Equal([stays], await service.Query(db => db.Notices.Where(n => n.BulkSendId == id).Select(n => n.CandidateId).ToListAsync()));
    }

    [Fact]
    public async Task What_cannot_be_counted_now_is_counted_when_application_is_back()
    {
        service.PeersAway = true;
        service.Audiences[programme] = To(Guid.NewGuid());
        var id = await Written();
        await Until.Async(() => Task.FromResult(service.AskedAudiences.Any(a => a.ProgrammeCode == programme)), what: "application was asked");
        Assert.Equal("counting", Text((await Seen(id)).GetProperty("bulk"), "state"));

        service.PeersAway = false;

        await StateIs(id, "counted");
    }

    [Fact]
    public async Task All_faults_of_a_message_are_told_at_once()
    {
        var refused = await Writer.PostAsJsonAsync(Bulk, new { programme = "x", session = "", areaPath = "350000/", states = Array.Empty<string>(), title = "", text = new string('字', BulkSend.LongestText + 1), outside = true });

        var told = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Select(e => Text(e, "pointer"));
        Assert.Equal(["#/programme", "#/session", "#/areaPath", "#/states", "#/title", "#/text"], told);
    }

    [Fact]
    public async Task Nobody_writes_to_less_than_a_site()
    {
        var refused = await Writer.PostAsJsonAsync(Bulk, new { programme, session = "2027", areaPath = Beijing + "110101/", states = new[] { "unpaid" }, title = "标题", text = "正文", outside = true });

        Assert.Equal("#/areaPath", Text((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0], "pointer"));
    }

    [Fact]
    public async Task Officers_of_the_lowest_level_write_to_nobody() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Officer("point", "110000/110100/BASE01/").PostAsJsonAsync(Bulk, Draft(true))).StatusCode);

    private object Draft(bool outside) => new { programme, session = "2027", areaPath = Beijing, states = new[] { "unpaid", "returned" }, title = "考点调整", text = "第{3}考场改在东楼。", outside };

    private async Task<Guid> Written(bool outside = true)
    {
        var answer = await Writer.PostAsJsonAsync(Bulk, Draft(outside));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task<Guid> Counted(IReadOnlyList<(Guid, Guid)> audience, bool outside = true)
    {
        service.Audiences[programme] = audience;
        var id = await Written(outside);
        await StateIs(id, "counted");
        return id;
    }

    private async Task<Guid> Proposed(IReadOnlyList<(Guid, Guid)> audience, bool outside = true)
    {
        var id = await Counted(audience, outside);
        await Took(Writer.PostAsync($"{Bulk}/{id}/proposal", null));
        return id;
    }

    private async Task<Guid> Approved(IReadOnlyList<(Guid, Guid)> audience, bool outside = true)
    {
        var id = await Proposed(audience, outside);
        await Took(Second.PostAsJsonAsync($"{Bulk}/{id}/decision", new { approve = true }));
        return id;
    }

    private static IReadOnlyList<(Guid Candidate, Guid Application)> To(params Guid[] people) => [.. people.Select(id => (id, Guid.NewGuid()))];

    private async Task<JsonElement> Seen(Guid id) => await Writer.GetFromJsonAsync<JsonElement>($"{Bulk}/{id}");

    private Task StateIs(Guid id, string state) => Until.Async(async () => Text((await Seen(id)).GetProperty("bulk"), "state") == state, what: $"it is {state}");

    private static async Task Took(Task<HttpResponseMessage> sending) => Assert.Equal((HttpStatusCode.OK, ""), (await sending) is var answer ? (answer.StatusCode, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync()) : default);

    private static async Task Refused(Task<HttpResponseMessage> sending, string code)
    {
        var answer = await sending;
        Assert.Equal((HttpStatusCode.Conflict, $"urn:exam:{code}"), (answer.StatusCode, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "type")));
    }

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();

    private BulkSend In(BulkState state)
    {
        var bulk = BulkSend.Write("HP", "2027", "", [AudienceState.Unpaid], "标题", "正文", true, writer, Now);
        BulkVerb[] way = state switch
        {
            BulkState.Counting => [],
            BulkState.Counted => [BulkVerb.Count],
            BulkState.Proposed => [BulkVerb.Count, BulkVerb.Propose],
            BulkState.Sending => [BulkVerb.Count, BulkVerb.Propose, BulkVerb.Approve],
            BulkState.Sent => [BulkVerb.Count, BulkVerb.Propose, BulkVerb.Approve, BulkVerb.Finish],
            BulkState.Refused => [BulkVerb.Count, BulkVerb.Propose, BulkVerb.Refuse],
            _ => [BulkVerb.Stop],
        };
        foreach (var verb in way) Assert.Null(Do(bulk, verb));
        return bulk;
    }

    private Refusal? Do(BulkSend bulk, BulkVerb verb) => verb switch
    {
        BulkVerb.Count => bulk.Count(1, 1, 0, 0, "短信", 1, Now),
        BulkVerb.Propose => bulk.Propose(writer, Now),
        BulkVerb.Approve => bulk.Approve(second, Now),
        BulkVerb.Refuse => bulk.Refuse(second, "有误", Now),
        BulkVerb.Finish => bulk.Finish(Now),
        _ => bulk.Stop(second, "有误", Now),
    };
}
