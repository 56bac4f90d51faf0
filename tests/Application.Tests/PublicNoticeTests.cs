using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>公示: who has passed is shown masked, to everybody, for so many days.</summary>
public sealed class PublicNoticeTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose() => (service.Clock.Now, service.Identity.Away) = (Hp.Now, false);

    [Fact]
    public async Task An_officer_puts_up_who_has_passed_in_the_own_area_and_nobody_else()
    {
        var exam = await service.Publish(Notices.Exam("OWN"));
        var passed = await service.Passed(exam, Person.Beijing, 2);
        await service.Passed(exam, Person.Fujian);
        await service.Passed(exam, Person.Beijing, stages: 0);
        var notice = await Notices.Json(await service.PutUp("OWN"), HttpStatusCode.Created);

        Assert.Equal((2, service.Clock.Now.AddDays(5), false), ((int)notice["rows"]!, (DateTimeOffset)notice["until"]!, (bool)notice["more"]!));
        Assert.Equal(passed.Order(), (await Rows((Guid)notice["id"]!)).Order());
    }

    [Fact]
    public async Task Everybody_reads_the_masked_name_and_the_columns_and_nothing_else()
    {
        var exam = await service.Publish(Exams.WithPlaces("SEEN", a: 2) with { PublicNotice = new("first", DeciderLevel.Area, 5, true, [NoticeColumn.Area, NoticeColumn.Site, NoticeColumn.Base, NoticeColumn.Speciality], "test") });
        await service.Passed(exam, null);
        var other = await service.CandidateOf((await service.Passed(exam, null))[0]);
        service.Identity.Masked[other] = "欧***";
        var page = await Show("SEEN", await Up("SEEN"));

        Assert.Equal(["""{"row":1,"name":"张*","number":"****0011","values":["北京市","北京市","基地A","内科"]}""", """{"row":2,"name":"欧***","number":null,"values":["北京市","北京市","基地A","内科"]}"""], page["rows"]!.AsArray().Select(Notices.Text));
        Assert.Equal("""["area","site","base","speciality"]""", page["columns"]!.ToJsonString());
        Assert.Equal(["area", "from", "id", "objections", "programme", "session", "sessionTitle", "stage", "stageTitle", "until"], page["notice"]!.AsObject().Select(m => m.Key).Order());
        Assert.Equal("北京市\n北京市\n基地A\n内科", service.Identity.MaskedAsked.Last().Rows[0].Beside);
    }

    [Theory]
    [InlineData("site", "110000/110100/", HttpStatusCode.Conflict, "no-public-notice")]
    [InlineData("national", "", HttpStatusCode.Conflict, "no-public-notice")]
    [InlineData("area", "350000/", HttpStatusCode.Conflict, "nobody-to-show")]
    [InlineData(null, "", HttpStatusCode.Forbidden, "not-allowed")]
    public async Task Nobody_puts_up_a_notice_but_officers_of_the_level_and_the_area(string? level, string place, HttpStatusCode status, string code)
    {
        var exam = await service.Publish(Notices.Exam($"LEVEL{Guid.NewGuid():N}"));
        await service.Passed(exam, Person.Beijing);

        Assert.Equal((status, code), await (await service.PutUp(exam.Code, level is null ? service.Candidate(Guid.NewGuid()) : service.Officer(level, place))).Problem());
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.PutUp(exam.Code, service.Anonymous())).StatusCode);
        Assert.False(await service.Query(db => db.PublicNotices.AnyAsync(n => n.ProgrammeCode == exam.Code)));
    }

    [Fact]
    public async Task An_exam_without_public_notices_has_none()
    {
        Assert.Equal((HttpStatusCode.Conflict, "no-public-notice"), await (await service.PutUp("HP")).Problem());
        Assert.Equal(HttpStatusCode.NotFound, (await service.PutUp("NOBODY")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync("/api/programmes/NOBODY/public-notices")).StatusCode);
    }

    [Fact]
    public async Task Nobody_is_in_two_notices_that_are_up()
    {
        var exam = await service.Publish(Notices.Exam("ONCE"));
        var first = await service.Passed(exam, Person.Beijing);
        await Up("ONCE");
        Assert.Equal((HttpStatusCode.Conflict, "nobody-to-show"), await (await service.PutUp("ONCE")).Problem());
        var second = await service.Passed(exam, Person.Beijing);

        Assert.Equal(second, await Rows(await Up("ONCE")));
        service.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(first.Concat(second), await Rows(await Up("ONCE")));
    }

    [Fact]
    public async Task Officers_who_put_up_at_once_show_each_person_once()
    {
        var exam = await service.Publish(Notices.Exam("RUSH"));
        await service.Passed(exam, Person.Beijing, 3);
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.PutUp("RUSH")));

        Assert.Single(replies, r => r.StatusCode == HttpStatusCode.Created);
        Assert.Equal(3, await service.Query(db => db.PublicNotices.Where(n => n.ProgrammeCode == "RUSH").SelectMany(n => n.Rows).CountAsync()));
    }

    [Fact]
    public async Task The_same_key_puts_up_once()
    {
        await service.Passed(await service.Publish(Notices.Exam("SAME")), Person.Beijing);
        var (officer, key) = (service.Officer("area", "110000/"), Guid.NewGuid().ToString());
        var replies = new[] { await service.PutUp("SAME", officer, key), await service.PutUp("SAME", officer, key) };

        Assert.All(replies, r => Assert.Equal(HttpStatusCode.Created, r.StatusCode));
        Assert.Equal(await replies[0].Content.ReadAsStringAsync(), await replies[1].Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_comes_down_by_itself_at_its_end_and_stays_for_the_officers_of_its_area()
    {
        await service.Passed(await service.Publish(Notices.Exam("DOWN")), Person.Beijing);
        var (notice, end) = (await Up("DOWN"), service.Clock.Now.AddDays(5));
        service.Clock.Now = end.AddMilliseconds(-1);
        Assert.Single((await Show("DOWN", notice))["rows"]!.AsArray()); // read just now
        Assert.Single(await Listed("DOWN"));
        service.Clock.Now = end;

        HttpClient[] nobody = [service.Anonymous(), service.Candidate(Guid.NewGuid()), service.Officer("area", "350000/"), service.Officer("site", "110000/110100/"), service.Operator()];
        foreach (var client in nobody) Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Address("DOWN", notice))).StatusCode);
        Assert.Empty(await Listed("DOWN"));
        foreach (var officer in (HttpClient[])[service.Officer("area", "110000/"), service.National()])
        {
            var reply = await officer.GetAsync(Address("DOWN", notice));
            Assert.Equal((HttpStatusCode.OK, "no-store"), (reply.StatusCode, $"{reply.Headers.CacheControl}"));
        }
    }

    [Theory]
    [InlineData(5 * 86400, "public, max-age=30")]
    [InlineData(10.9, "public, max-age=10")]
    [InlineData(0.5, "public, max-age=0")]
    public async Task An_answer_may_be_kept_for_half_a_minute_and_never_beyond_the_end(double secondsLeft, string told)
    {
        var exam = await service.Publish(Notices.Exam($"KEEP{Guid.NewGuid():N}"));
        await service.Passed(exam, Person.Beijing);
        var notice = await Up(exam.Code);
        service.Clock.Advance(TimeSpan.FromDays(5) - TimeSpan.FromSeconds(secondsLeft));

        foreach (var address in (string[])[Address(exam.Code, notice), $"/api/programmes/{exam.Code}/public-notices"])
            Assert.Equal(told, Assert.Single((await service.Anonymous().GetAsync(address)).Headers.GetValues("Cache-Control")));
    }

    [Fact]
    public async Task However_many_ask_identity_is_asked_once_in_half_a_minute()
    {
        var passed = await service.Passed(await service.Publish(Notices.Exam("STORM")), Person.Beijing);
        var (notice, person) = (await Up("STORM"), await service.CandidateOf(passed[0]));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Show("STORM", notice)));
        Assert.Equal(1, Asked());
        service.Clock.Advance(TimeSpan.FromSeconds(29.9));
        await Show("STORM", notice);
        Assert.Equal(1, Asked());
        service.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await Show("STORM", notice);

        Assert.Equal(2, Asked());
        int Asked() => service.Identity.MaskedAsked.Count(r => r.Rows.Any(row => row.CandidateId == $"{person}"));
    }

    [Fact]
    public async Task While_identity_is_away_it_is_told_so_and_not_kept()
    {
        await service.Passed(await service.Publish(Notices.Exam("AWAY")), Person.Beijing);
        var notice = await Up("AWAY");
        service.Identity.Away = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Anonymous().GetAsync(Address("AWAY", notice))).StatusCode);
        service.Identity.Away = false;

        Assert.Single((await Show("AWAY", notice))["rows"]!.AsArray());
    }

    [Fact]
    public async Task Who_has_failed_or_given_up_since_disappears_and_the_others_keep_their_number()
    {
        var exam = await service.Publish(Notices.Exam("GONE"));
        var passed = await service.Passed(exam, Person.Beijing, 5);
        var notice = await Up("GONE");
        await service.Change(passed[0], a => a.GiveUp(exam, Hp.Now));
        await service.Change(passed[1], a => a.Fail(Hp.On(a, "second"), ["other"], "", exam, Hp.Now));
        await service.Change(passed[2], a => a.StepBack(Hp.On(a, "second"), exam, Hp.Now));
        await service.Change(passed[3], a => a.Pass(Hp.On(a, "second"), exam, Hp.Now)); // goes on

        Assert.Equal([4, 5], (await Show("GONE", notice))["rows"]!.AsArray().Select(r => (int)r!["row"]!));
        service.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(passed[3..], await Rows(await Up("GONE")));
    }

    [Fact]
    public async Task Who_is_withdrawn_while_it_is_up_disappears_within_half_a_minute()
    {
        var exam = Notices.Exam("BACK") with { Change = new(new("second", WindowKind.Registration, "test"), "test") };
        var passed = await service.Passed(await service.Publish(exam), Person.Beijing, 2);
        var notice = await Up("BACK");
        Assert.Equal(2, (await Show("BACK", notice))["rows"]!.AsArray().Count);
        await service.Change(passed[0], a => a.Withdraw(exam, Hp.Now));
        service.Clock.Advance(NoticeLines.Lifetime);

        Assert.Equal([2], (await Show("BACK", notice))["rows"]!.AsArray().Select(r => (int)r!["row"]!));
    }

    [Fact]
    public async Task Who_passed_is_counted_by_the_stages_of_the_version_one_is_under()
    {
        var exam = await service.Publish(Notices.Exam("ORDER"));
        var old = await service.Passed(exam, Person.Beijing); // at second, behind first
        var turned = await service.Publish(exam with { Version = 2, Stages = [exam.Stages[1], exam.Stages[0] with { OnFail = new RejectForGood("test") }], Change = new(null, "test") });
        await service.Passed(turned, Person.Beijing, stages: 0); // at second, before first
        var both = await service.Passed(turned, Person.Beijing, stages: 2);

        Assert.Equal(old.Concat(both).Order(), (await Rows(await Up("ORDER"))).Order());
    }

    [Fact]
    public async Task Pages_hold_every_row_once_whatever_disappears_between_them()
    {
        var exam = await service.Publish(Notices.Exam("PAGES"));
        var passed = await service.Passed(exam, Person.Beijing, 205);
        var notice = await Up("PAGES");
        var first = await Show("PAGES", notice);
        await service.Change(passed[3], a => a.GiveUp(exam, Hp.Now));
        await service.Change(passed[150], a => a.GiveUp(exam, Hp.Now));
        service.Clock.Advance(NoticeLines.Lifetime);
        var second = await Show("PAGES", notice, (string)first["next"]!);
        var last = await Show("PAGES", notice, (string)second["next"]!);

        Assert.Equal(Enumerable.Range(1, 205).Except([151]), new[] { first, second, last }.SelectMany(p => p["rows"]!.AsArray()).Select(r => (int)r!["row"]!));
        Assert.Null(last["next"]);
        Assert.Equal(["#/cursor unknown-cursor"], await DraftTests.Faults(await service.Anonymous().GetAsync($"{Address("PAGES", notice)}?cursor=-1")));
    }

    [Fact]
    public async Task More_than_identity_masks_in_one_call_come_into_a_second_notice()
    {
        var exam = await service.Publish(Notices.Exam("MANY"));
        await service.Passed(exam, Person.Beijing, PublicNotice.MostRows + 1);
        var (first, second) = (await Notices.Json(await service.PutUp("MANY"), HttpStatusCode.Created), await Notices.Json(await service.PutUp("MANY"), HttpStatusCode.Created));

        Assert.Equal((2000, true, 1, false), ((int)first["rows"]!, (bool)first["more"]!, (int)second["rows"]!, (bool)second["more"]!));
    }

    [Fact]
    public async Task Who_was_shown_is_never_rewritten()
    {
        await service.Passed(await service.Publish(Notices.Exam("FIXED")), Person.Beijing);
        var notice = await Up("FIXED");

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Query(db => db.PublicNotices.Where(n => n.Id == notice).ExecuteUpdateAsync(set => set.SetProperty(n => n.Until, n => n.Until.AddDays(1)))));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Query(db => db.Set<PublicNoticeRow>().Where(r => r.NoticeId == notice).ExecuteDeleteAsync()));
    }

    private async Task<Guid> Up(string exam) => (Guid)(await Notices.Json(await service.PutUp(exam), HttpStatusCode.Created))["id"]!;

    private Task<JsonNode> Show(string exam, Guid notice, string? cursor = null) => service.Show(exam, notice, cursor);

    private async Task<JsonArray> Listed(string exam) => (await Notices.Json(await service.Anonymous().GetAsync($"/api/programmes/{exam}/public-notices"))).AsArray();

    private Task<List<Guid>> Rows(Guid notice) => service.Query(db => db.Set<PublicNoticeRow>().Where(r => r.NoticeId == notice).OrderBy(r => r.Number).Select(r => r.ApplicationId).ToListAsync());

    private static string Address(string exam, Guid notice) => $"/api/programmes/{exam}/public-notices/{notice}";
}

/// <summary>Exams with public notices, and people who have passed in them.</summary>
internal static class Notices
{
    public static ExamProgramme Exam(string code, bool objections = true) => Exams.Small(code) with { PublicNotice = new("first", DeciderLevel.Area, 5, objections, [NoticeColumn.Area], "test") };

    /// <summary>Applications that have passed so many stages.</summary>
    /// <param name="at">Area and site; null: a place at base A.</param>
    public static Task<List<Guid>> Passed(this ApplicationFixture service, ExamProgramme exam, string[]? at, int count = 1, int stages = 1) => service.Query(async db =>
    {
        var applications = Enumerable.Range(0, count).Select(_ =>
        {
            var application = Application.Start(Guid.NewGuid(), "residentId", exam, exam.Sessions[0], Hp.Profile, Hp.Now);
            Hp.Must(at is null ? application.Prefer([new("A", "内科")], exam, Hp.Profile, Hp.Now) : application.ChooseArea(at[0], at[1], exam, Hp.Profile, Hp.Now));
            Hp.Must(application.Submit(exam, Hp.Profile, Hp.Now, at is null ? new("1", "A", "内科") : null));
            for (var n = 0; n < stages; n++) Hp.Must(application.Pass(Hp.On(application, application.Stage!), exam, Hp.Now));
            return application;
        }).ToList();
        db.Applications.AddRange(applications);
        await db.SaveChangesAsync();
        return applications.Select(a => a.Id).Order().ToList();
    });

    public static Task<int> Change(this ApplicationFixture service, Guid id, Func<Application, Refusal?> change) => service.Query(async db =>
    {
        Hp.Must(change(await db.Applications.SingleAsync(a => a.Id == id)));
        return await db.SaveChangesAsync();
    });

    public static Task<Guid> CandidateOf(this ApplicationFixture service, Guid id) => service.Query(db => db.Applications.Where(a => a.Id == id).Select(a => a.CandidateId).SingleAsync());

    public static Task<HttpResponseMessage> PutUp(this ApplicationFixture service, string exam, HttpClient? officer = null, string? key = null) =>
        (officer ?? service.Officer("area", "110000/")).Post("""{"session":"2027"}""", $"/api/programmes/{exam}/public-notices", key);

    public static async Task<JsonNode> Show(this ApplicationFixture service, string exam, Guid notice, string? cursor = null) =>
        await Json(await service.Anonymous().GetAsync($"/api/programmes/{exam}/public-notices/{notice}{(cursor is null ? "" : $"?cursor={cursor}")}"));

    public static async Task<JsonNode> Json(HttpResponseMessage reply, HttpStatusCode expected = HttpStatusCode.OK)
    {
        Assert.True(reply.StatusCode == expected, await reply.Content.ReadAsStringAsync());
        return await Person.Json(reply);
    }

    public static string Text(JsonNode? node) => node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
