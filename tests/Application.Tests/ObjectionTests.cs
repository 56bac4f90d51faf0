using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ExamPlatform.Applications.Contracts;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

/// <summary>异议: anybody objects under their name, officers alone read who it is, and answer.</summary>
public sealed class ObjectionTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private const string Name = "李大钊", Mobile = "13912345678", Text = "此人并未取得毕业证书";

    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task An_objection_comes_to_the_officers_of_the_area_with_who_made_it()
    {
        var (notice, passed) = await AreUp("COMES");
        var id = (Guid)(await Notices.Json(await Object("COMES", notice), HttpStatusCode.Accepted))["id"]!;
        var told = Assert.Single(await Open("COMES"))!;

        Assert.Equal((id, notice, 1, passed[0], Text, Name, Mobile, "open"), ((Guid)told["id"]!, (Guid)told["notice"]!, (int)told["row"]!, (Guid)told["application"]!, (string)told["text"]!, (string)told["name"]!, (string)told["mobile"]!, (string)told["state"]!));
        Assert.Single(await Open("COMES", service.National()));
        service.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Single(await Open("COMES")); // though the notice is down
    }

    [Fact]
    public async Task Nobody_else_reads_or_settles_it()
    {
        var (notice, passed) = await AreUp("CLOSED");
        var id = (Guid)(await Notices.Json(await Object("CLOSED", notice), HttpStatusCode.Accepted))["id"]!;
        var concerned = service.Candidate(await service.CandidateOf(passed[0]));

        foreach (var (officer, list, settle) in ((HttpClient, int, int)[])[(service.Officer("area", "350000/"), 200, 404), (service.Officer("site", "110000/110100/"), 200, 404), (concerned, 403, 403), (service.Operator(), 403, 403), (service.Anonymous(), 401, 401)])
        {
            var reply = await officer.GetAsync("/api/programmes/CLOSED/objections");
            Assert.Equal((list, settle), ((int)reply.StatusCode, (int)(await Settle(officer, "CLOSED", id, upheld: true)).StatusCode));
            Assert.DoesNotContain(Name, await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(ObjectionState.Open, await service.Query(db => db.Objections.Where(o => o.Id == id).Select(o => o.State).SingleAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await service.National().GetAsync("/api/programmes/NOBODY/objections")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Settle(service.Officer("area", "110000/"), "HP", id, upheld: true)).StatusCode);
    }

    [Theory]
    [InlineData("row", 2, "#/row unknown-row")]
    [InlineData("row", 0, "#/row unknown-row")]
    [InlineData("text", " ", "#/text text")]
    [InlineData("text", "\u0000", "#/text text")]
    [InlineData("text", 1001, "#/text text")]
    [InlineData("name", "", "#/name name")]
    [InlineData("name", "李", "#/name name")]
    [InlineData("name", "李1", "#/name name")]
    [InlineData("name", "李\n钊", "#/name name")]
    [InlineData("name", 51, "#/name name")]
    [InlineData("mobile", "1391234567", "#/mobile mobile")]
    [InlineData("mobile", "139123456789", "#/mobile mobile")]
    [InlineData("mobile", "13912345678\n", "#/mobile mobile")]
    [InlineData("mobile", "01012345678", "#/mobile mobile")]
    [InlineData("colour", "blue", "#/colour unknown-field")]
    public async Task What_is_wrong_with_an_objection_is_told_at_its_field(string field, object value, string fault)
    {
        var exam = $"WRONG{Guid.NewGuid():N}";
        var (notice, _) = await AreUp(exam);
        var body = Body();
        body[field] = value is int number ? field == "row" ? number : new string('李', number) : (string)value;

        Assert.Equal([fault], await DraftTests.Faults(await Send(exam, notice, body)));
        Assert.Empty(await Open(exam));
    }

    [Fact]
    public async Task Sent_twice_with_one_key_it_is_one_objection_also_at_the_same_moment()
    {
        var (notice, _) = await AreUp("TWICE-SENT");
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Send("TWICE-SENT", notice, Body(), "a-key")));
        var ids = await Task.WhenAll(replies.Select(async reply => (Guid)(await Notices.Json(reply, HttpStatusCode.Accepted))["id"]!));

        Assert.Single(ids.Distinct());
        Assert.Single(await Open("TWICE-SENT"));
        await Notices.Json(await Send("TWICE-SENT", notice, Body(), "another-key"), HttpStatusCode.Accepted);
        Assert.Equal(2, (await Open("TWICE-SENT")).Count);
    }

    [Fact]
    public async Task One_key_for_two_objections_is_refused_and_no_hash_of_what_was_said_is_kept()
    {
        var (notice, _) = await AreUp("ONE-KEY", count: 2);
        await Notices.Json(await Send("ONE-KEY", notice, Body(), "a-key"), HttpStatusCode.Accepted);
        var other = Body();
        other["text"] = "另一件事";

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), await (await Send("ONE-KEY", notice, other, "a-key")).Problem());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), await (await Send("ONE-KEY", notice, Body(row: 2), "a-key")).Problem());
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency-key-too-long"), await (await Send("ONE-KEY", notice, Body(), new string('k', 101))).Problem());
        Assert.Single(await Open("ONE-KEY"));
        Assert.False(await service.Query(db => db.KeptAnswers.AnyAsync(a => a.Key == "a-key")));
    }

    [Fact]
    public async Task Without_name_and_mobile_nobody_objects()
    {
        var (notice, _) = await AreUp("EMPTY");
        Assert.Equal(["#/mobile required", "#/name required", "#/row required", "#/text required"], (await DraftTests.Faults(await Send("EMPTY", notice, []))).Order());
    }

    [Fact]
    public void An_objection_is_at_most_16_kilobytes_large() =>
        Assert.Equal(16 * 1024, service.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == "object-to-public-notice").Metadata.GetMetadata<IRequestSizeLimitMetadata>()!.MaxRequestBodySize);

    [Fact]
    public async Task A_row_that_has_disappeared_is_not_objected_to()
    {
        var (notice, passed) = await AreUp("VANISH", 2);
        await service.Change(passed[0], a => a.GiveUp(Notices.Exam("VANISH"), Hp.Now));

        Assert.Equal(["#/row unknown-row"], await DraftTests.Faults(await Object("VANISH", notice)));
        Assert.Equal(HttpStatusCode.Accepted, (await Object("VANISH", notice, row: 2)).StatusCode);
    }

    [Fact]
    public async Task Objections_are_taken_until_the_notice_is_down_and_only_where_the_exam_takes_them()
    {
        var (notice, _) = await AreUp("LATE");
        service.Clock.Now = Hp.Now.AddDays(5).AddMilliseconds(-1);
        Assert.Equal(HttpStatusCode.Accepted, (await Object("LATE", notice)).StatusCode);
        service.Clock.Now = Hp.Now.AddDays(5);
        Assert.Equal(HttpStatusCode.NotFound, (await Object("LATE", notice)).StatusCode);
        service.Clock.Now = Hp.Now;
        Assert.Equal(HttpStatusCode.NotFound, (await Object("HP", notice)).StatusCode);
        await service.Passed(await service.Publish(Notices.Exam("SILENT", objections: false)), Person.Beijing);
        var silent = (Guid)(await Notices.Json(await service.PutUp("SILENT"), HttpStatusCode.Created))["id"]!;

        Assert.Equal((HttpStatusCode.Conflict, "no-objections"), await (await Object("SILENT", silent)).Problem());
    }

    [Fact]
    public async Task Neither_names_nor_words_lie_readable_in_the_database()
    {
        var (notice, passed) = await AreUp("SEALED");
        service.Identity.Masked[await service.CandidateOf(passed[0])] = "尉***";
        await service.Show("SEALED", notice);
        var id = (Guid)(await Notices.Json(await Object("SEALED", notice), HttpStatusCode.Accepted))["id"]!;
        await Settle(service.Officer("area", "110000/"), "SEALED", id, upheld: false, "李大钊所说不实");
        var dump = await Dump();

        Assert.Contains(id.ToString(), dump, StringComparison.Ordinal);
        foreach (var personal in (string[])[Name, Mobile, Text, "尉***", "所说不实"])
        {
            Assert.DoesNotContain(personal, dump, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(personal)), dump, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_dismissed_objection_changes_nothing_and_is_answered_once()
    {
        var (notice, passed) = await AreUp("NO", stages: 2, at: Person.Fujian);
        var id = (Guid)(await Notices.Json(await Object("NO", notice), HttpStatusCode.Accepted))["id"]!;
        var (who, officer) = (Guid.NewGuid(), service.Officer("area", "350000/", Guid.NewGuid()));
        Assert.Equal(["#/answer text"], await DraftTests.Faults(await Settle(officer, "NO", id, upheld: false, " ")));
        Assert.Equal("""{"reopened":false,"reason":null}""", (await Notices.Json(await Settle(service.Officer("area", "350000/", who), "NO", id, upheld: false, "证书已核实"))).ToJsonString());

        Assert.Equal((HttpStatusCode.Conflict, "settled-already"), await (await Settle(officer, "NO", id, upheld: true)).Problem());
        var told = Assert.Single((await Notices.Json(await officer.GetAsync("/api/programmes/NO/objections?state=dismissed")))["objections"]!.AsArray())!;
        Assert.Equal(("证书已核实", who, service.Clock.Now), ((string)told["answer"]!, (Guid)told["settledBy"]!, (DateTimeOffset)told["settledAt"]!));
        Assert.Equal(Standing.Registered, await StandingOf(passed[0]));
        Assert.Empty(await Open("NO", officer));
    }

    [Fact]
    public async Task Upheld_what_was_decided_for_good_is_decided_again_and_the_person_never_sees_who_objected()
    {
        var (notice, passed) = await AreUp("YES", stages: 2, at: Person.Fujian);
        var id = (Guid)(await Notices.Json(await Object("YES", notice), HttpStatusCode.Accepted))["id"]!;
        Assert.Equal("""{"reopened":true,"reason":null}""", (await Notices.Json(await Settle(service.Officer("area", "350000/"), "YES", id, upheld: true))).ToJsonString());

        Assert.Equal("Submitted first", await service.Query(async db => await db.Applications.SingleAsync(a => a.Id == passed[0]) is var a ? $"{a.Standing} {a.Stage}" : ""));
        Assert.Equal(("first", 3), (await service.Published<StageOpened>(passed[0])) is [.., var again] ? (again.Stage, again.Round) : default);
        service.Clock.Advance(NoticeLines.Lifetime);
        Assert.Empty((await service.Show("YES", notice))["rows"]!.AsArray());
        var seen = service.Candidate(await service.CandidateOf(passed[0]));
        foreach (var address in (string[])[$"/api/applications/{passed[0]}", $"/api/applications/{passed[0]}/history"])
            Assert.DoesNotMatch($"{Name}|{Mobile}|{Text}|{id}", await seen.GetStringAsync(address));
    }

    [Theory]
    [InlineData("UNDER", 1, false, "Submitted")] // officers of the present stage decide
    [InlineData("PAID", 2, true, "Registered")] // it would fall due twice
    public async Task Upheld_where_a_stage_is_open_or_a_fee_was_paid_nothing_moves_and_it_is_said_why(string exam, int stages, bool paid, string standing)
    {
        var (notice, passed) = await AreUp(exam, stages: stages);
        if (paid) await service.Change(passed[0], a => a.Pay(a.FeeId!.Value, a.FeeInFen!.Value, Hp.Now, Hp.Now));
        var id = (Guid)(await Notices.Json(await Object(exam, notice), HttpStatusCode.Accepted))["id"]!;
        var settled = await Notices.Json(await Settle(service.Officer("area", "110000/"), exam, id, upheld: true));

        Assert.False((bool)settled["reopened"]!);
        Assert.NotEmpty((string)settled["reason"]!);
        Assert.Equal(standing, $"{await StandingOf(passed[0])}");
        Assert.Equal(ObjectionState.Upheld, await service.Query(db => db.Objections.Where(o => o.Id == id).Select(o => o.State).SingleAsync()));
    }

    [Fact]
    public async Task Objections_are_read_in_pages_oldest_first()
    {
        var (notice, passed) = await AreUp("LONG");
        var seal = service.Services.GetRequiredService<ObjectionSeal>();
        await service.Query(db =>
        {
            db.Objections.AddRange(Enumerable.Range(0, 51).Select(n => Guid.CreateVersion7(Hp.Now.AddSeconds(n))).Select(id => new Objection { Id = id, NoticeId = notice, Row = 1, ApplicationId = passed[0], At = Hp.Now, Sealed = seal.Seal(id, new(Text, Name, Mobile)) }));
            return db.SaveChangesAsync();
        });
        var officer = service.Officer("area", "110000/");
        var first = await Notices.Json(await officer.GetAsync("/api/programmes/LONG/objections"));
        var second = await Notices.Json(await officer.GetAsync($"/api/programmes/LONG/objections?cursor={first["next"]}"));

        Assert.Equal((50, 1), (first["objections"]!.AsArray().Count, second["objections"]!.AsArray().Count));
        Assert.Equal((51, (string?)null), (first["objections"]!.AsArray().Concat(second["objections"]!.AsArray()).Select(o => (Guid)o!["id"]!).Distinct().Count(), (string?)second["next"]));
        Assert.Equal(["#/cursor unknown-cursor", "#/state unknown-state"], (await DraftTests.Faults(await officer.GetAsync("/api/programmes/LONG/objections?state=lost&cursor=x"))).Order());
    }

    [Fact]
    public void What_is_sealed_opens_in_its_own_place_only()
    {
        var (id, other) = (Guid.NewGuid(), Guid.NewGuid());
        var seal = service.Services.GetRequiredService<ObjectionSeal>();
        Objection With(Guid at, byte[] whole) => new() { Id = at, Sealed = whole };

        Assert.Equal(new(Text, Name, Mobile), seal.Open(With(id, seal.Seal(id, new(Text, Name, Mobile)))));
        Assert.Throws<InvalidOperationException>(() => seal.Open(With(other, seal.Seal(id, new(Text, Name, Mobile)))));
        Assert.Throws<InvalidOperationException>(() => seal.Open(With(id, seal.SealAnswer(id, "{}"))));
    }

    /// <summary>A notice that is up, with so many people.</summary>
    private async Task<(Guid Notice, List<Guid> Passed)> AreUp(string exam, int count = 1, int stages = 1, string[]? at = null)
    {
        var passed = await service.Passed(await service.Publish(Notices.Exam(exam)), at ?? Person.Beijing, count, stages);
        return ((Guid)(await Notices.Json(await service.PutUp(exam, service.Officer("area", $"{(at ?? Person.Beijing)[0]}/")), HttpStatusCode.Created))["id"]!, passed);
    }

    private static JsonObject Body(int row = 1) => new() { ["row"] = row, ["text"] = Text, ["name"] = Name, ["mobile"] = Mobile };

    private Task<HttpResponseMessage> Object(string exam, Guid notice, int row = 1) => Send(exam, notice, Body(row));

    private async Task<HttpResponseMessage> Send(string exam, Guid notice, JsonObject body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/programmes/{exam}/public-notices/{notice}/objections") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await service.Anonymous().SendAsync(request);
    }

    private async Task<JsonArray> Open(string exam, HttpClient? officer = null) => (await Notices.Json(await (officer ?? service.Officer("area", "110000/")).GetAsync($"/api/programmes/{exam}/objections")))["objections"]!.AsArray();

    private static Task<HttpResponseMessage> Settle(HttpClient officer, string exam, Guid id, bool upheld, string answer = "属实") => officer.PostAsJsonAsync($"/api/programmes/{exam}/objections/{id}/settlement", new { upheld, answer });

    private Task<Standing> StandingOf(Guid application) => service.Query(db => db.Applications.Where(a => a.Id == application).Select(a => a.Standing).SingleAsync());

    /// <summary>Every row of every table.</summary>
    private Task<string> Dump() => service.Query(async db =>
    {
        var text = new System.Text.StringBuilder();
        foreach (var table in await db.Database.SqlQuery<string>($"select quote_ident(table_name) as \"Value\" from information_schema.tables where table_schema = 'public'").ToListAsync())
            text.AppendJoin('\n', await db.Database.SqlQueryRaw<string>(string.Format(null, "select t::text as \"Value\" from {0} t", table)).ToListAsync());
        return text.ToString();
    });
}
