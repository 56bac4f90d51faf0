using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

public sealed class ArticleTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const string Desk = "/api/content/desk/articles";

    [Fact]
    public async Task A_scheduled_article_appears_at_its_moment_and_goes_at_its_end()
    {
        var id = await Published(national, "定时", from: service.Clock.Now.AddHours(1), until: service.Clock.Now.AddHours(3));
        Assert.Equal(HttpStatusCode.NotFound, (await Read(id)).StatusCode);

        service.Clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(HttpStatusCode.OK, (await Read(id)).StatusCode);
        Assert.Contains("定时", await Titles("kind=announcement"));

        service.Clock.Now += TimeSpan.FromHours(2);
        Assert.Equal(HttpStatusCode.NotFound, (await Read(id)).StatusCode);
        Assert.DoesNotContain("定时", await Titles("kind=announcement"));
    }

    [Fact]
    public async Task A_draft_and_a_withdrawn_article_are_nobodys_and_the_reason_is_kept()
    {
        var (id, tag) = await Drafted(national, "草稿");
        Assert.Equal(HttpStatusCode.NotFound, (await Read(id)).StatusCode);

        tag = await Step(national, id, "publication", new { from = (string?)null, until = (string?)null }, tag);
        Assert.Equal(HttpStatusCode.OK, (await Read(id)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(national, HttpMethod.Post, $"{Desk}/{id}/withdrawal", new { reason = " " }, tag)).StatusCode);
        await Step(national, id, "withdrawal", new { reason = "时间有误" }, tag);

        Assert.Equal(HttpStatusCode.NotFound, (await Read(id)).StatusCode);
        Assert.Equal("时间有误", await service.Query(db => db.Set<ArticleHistory>().Where(h => h.ArticleId == id && h.Verb == ArticleVerb.Withdraw).Select(h => h.Reason).SingleAsync()));
    }

    [Fact]
    public async Task What_was_read_before_is_not_sent_again_until_it_changes()
    {
        var id = await Published(national, "可缓存");
        var first = await Read(id);
        Assert.Equal(("public, max-age=60", true), (first.Headers.CacheControl!.ToString(), first.Headers.ETag is not null));

        Assert.Equal(HttpStatusCode.NotModified, (await Read(id, first.Headers.ETag!.ToString())).StatusCode);
        await Edit(id, "可缓存", "改过的内容");

        var after = await Read(id, first.Headers.ETag!.ToString());
        Assert.Equal((HttpStatusCode.OK, "改过的内容"), (after.StatusCode, (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Every_version_is_kept_with_who_wrote_it()
    {
        var id = await Published(national, "第一版");
        await Edit(id, "第二版", "新的内容");

        var seen = await (await national.GetAsync($"{Desk}/{id}")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["第二版", "第一版"], seen.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("title").GetString()));
        Assert.Equal([2, 1], await service.Query(db => db.Set<ArticleVersion>().Where(v => v.ArticleId == id && v.SavedBy != Guid.Empty).OrderByDescending(v => v.Number).Select(v => v.Number).ToListAsync()));
        Assert.Equal(2, await service.Query(db => db.Audit.CountAsync(e => e.Source == "article_versions" && e.Key.StartsWith(id.ToString()))));
    }

    [Fact]
    public async Task Pinned_articles_come_first_and_a_place_reads_its_own_and_what_is_for_all()
    {
        var programme = Code();
        var old = await Published(national, "旧的", programme: programme);
        service.Clock.Now += TimeSpan.FromMinutes(1);
        await Published(national, "新的", programme: programme);
        service.Clock.Now += TimeSpan.FromMinutes(1);
        await Published(service.Officer("area", "110000/"), "北京的", programme: programme, area: "110000/");
        Assert.Equal(["北京的", "新的", "旧的"], (await Titles($"kind=announcement&programme={programme}")).Intersect(["北京的", "新的", "旧的"]));

        var seen = await national.GetAsync($"{Desk}/{old}");
        await Put(national, $"{Desk}/{old}/pin", new { pinned = true }, seen.Headers.ETag!.ToString());

        Assert.Equal(["旧的", "北京的", "新的"], (await Titles($"kind=announcement&programme={programme}")).Intersect(["旧的", "北京的", "新的"]));
        Assert.DoesNotContain("北京的", await Titles($"kind=announcement&programme={programme}&area=350000/"));
        Assert.Contains("北京的", await Titles($"kind=announcement&programme={programme}&area=110000/110100/"));
        Assert.DoesNotContain("旧的", await Titles($"kind=announcement&programme={Code()}"));
        await Published(national, "所有考试的");
        Assert.Contains("所有考试的", await Titles($"kind=announcement&programme={programme}"));
    }

    [Theory]
    [InlineData("area", "110000/", "", HttpStatusCode.BadRequest)]
    [InlineData("area", "110000/", "350000/", HttpStatusCode.BadRequest)]
    [InlineData("site", "110000/110100/", "110000/", HttpStatusCode.BadRequest)]
    [InlineData("point", "110000/110100/110101/", "110000/110100/110101/", HttpStatusCode.Forbidden)]
    [InlineData("site", "110000/110100/", "110000/110100/", HttpStatusCode.Created)]
    [InlineData("national", "", "", HttpStatusCode.Created)]
    public async Task Officers_write_only_for_their_own_jurisdiction(string level, string path, string area, HttpStatusCode expected)
    {
        var answer = await service.Officer(level, path).PostAsJsonAsync(Desk, new { kind = "announcement", programme = (string?)null, areaPath = area, title = "辖区", text = "内容" });

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Another_places_article_is_404_to_an_officer_and_stays_as_it_was()
    {
        var (id, tag) = await Drafted(service.Officer("area", "110000/"), "别处的", "110000/");
        var other = service.Officer("area", "350000/");

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{Desk}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Put(other, $"{Desk}/{id}", new { title = "改", text = "改" }, tag)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Send(other, HttpMethod.Post, $"{Desk}/{id}/publication", new { from = (string?)null, until = (string?)null }, tag)).StatusCode);
        Assert.DoesNotContain(id.ToString(), await (await other.GetAsync(Desk)).Content.ReadAsStringAsync());
        Assert.Equal("别处的", await service.Query(db => db.Articles.Where(a => a.Id == id).Select(a => a.Title).SingleAsync()));
    }

    [Fact]
    public async Task A_change_names_the_version_that_was_seen()
    {
        var (id, tag) = await Drafted(national, "版本");
        await Put(national, $"{Desk}/{id}", new { title = "版本二", text = "内容" }, tag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(national, $"{Desk}/{id}", new { title = "版本三", text = "内容" }, tag)).StatusCode);
        Assert.Equal((HttpStatusCode)428, (await national.PutAsJsonAsync($"{Desk}/{id}", new { title = "版本三", text = "内容" })).StatusCode);
    }

    [Fact]
    public async Task All_faults_of_a_draft_are_told_and_an_end_before_the_start_is_one()
    {
        var broken = await national.PostAsJsonAsync(Desk, new { kind = "announcement", programme = "h p", areaPath = "11/", title = "两\n行", text = " " });
        Assert.Equal(["#/areaPath", "#/programme", "#/text", "#/title"], (await broken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()).Order());

        var (id, tag) = await Drafted(national, "时间");
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(national, HttpMethod.Post, $"{Desk}/{id}/publication", new { from = service.Clock.Now.AddDays(2), until = service.Clock.Now.AddDays(1) }, tag)).StatusCode);
    }

    [Fact]
    public async Task A_new_platform_opens_with_the_flow_and_notes_of_each_exam_and_what_officers_withdrew_does_not_come_back()
    {
        foreach (var programme in (string[])["BM", "HP", "NU", "ML", "FJ"])
            Assert.NotEmpty((await Titles($"kind=flow&programme={programme}")).Concat(await Titles($"kind=note&programme={programme}")));
        var id = ArticleSeed.IdOf("NU-note");
        var tag = (await national.GetAsync($"{Desk}/{id}")).Headers.ETag!.ToString();
        await Step(national, id, "withdrawal", new { reason = "改由通知公告说明" }, tag);

        await service.Query(async db => { await new ArticleSeed(service.Clock).SeedAsync(db, CancellationToken.None); return 0; });

        Assert.Equal(HttpStatusCode.NotFound, (await Read(id)).StatusCode);
        Assert.Equal(1, await service.Query(db => db.Set<ArticleVersion>().CountAsync(v => v.ArticleId == id)));
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=1001")]
    [InlineData("kind=nothing")]
    [InlineData("programme=h%20p")]
    [InlineData("area=11/")]
    public async Task What_no_list_can_have_is_refused(string query) => Assert.Equal(HttpStatusCode.BadRequest, (await service.Anonymous().GetAsync($"/api/content/articles?{query}")).StatusCode);

    [Fact]
    public async Task Help_is_what_helps_and_is_published()
    {
        var help = await Published(national, "怎么补打", kind: "help");
        var (policy, (draft, _)) = (await Published(national, "政策", kind: "policy"), await Drafted(national, "没有发布", kind: "help"));

        var shown = (await service.Anonymous().GetFromJsonAsync<JsonElement>("/api/content/help")).EnumerateArray().Select(each => each.GetProperty("article").GetProperty("id").GetGuid()).ToList();

        Assert.Equal((true, false, false), (shown.Contains(help), shown.Contains(policy), shown.Contains(draft)));
    }

    [Fact]
    public async Task Of_changes_at_the_same_moment_one_is_made_and_the_others_are_told_to_look_again()
    {
        var (id, tag) = await Drafted(national, "同时");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Put(national, $"{Desk}/{id}", new { title = $"同时{n}", text = "内容" }, tag)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed]));
        Assert.Equal(2, await service.Query(db => db.Set<ArticleVersion>().CountAsync(v => v.ArticleId == id)));
    }

    [Fact]
    public async Task What_was_uploaded_for_something_else_or_bears_a_path_is_not_added_and_what_document_has_lost_is_404()
    {
        var (me, (id, tag)) = (Guid.NewGuid(), await Drafted(national, "附件"));
        var (officer, file) = (service.Officer("national", "", me), service.Attachment(me));
        foreach (var (document, name) in ((Guid, string)[])[(service.Attachment(me, kind: "proof"), "a.pdf"), (file, "../a.pdf")])
            Assert.Equal(HttpStatusCode.BadRequest, (await Send(officer, HttpMethod.Post, $"{Desk}/{id}/files", new { document, name }, tag)).StatusCode);

        tag = await Step(officer, id, "files", new { document = file, name = "a.pdf" }, tag);
        await Step(officer, id, "publication", new { from = (string?)null, until = (string?)null }, tag);
        service.Lose(file);

        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync($"/api/content/articles/{id}/files/{file}")).StatusCode);
    }

    [Fact]
    public async Task Pages_hold_twenty_and_say_how_many_there_are()
    {
        var programme = Code();
        var before = await Page($"kind=policy&programme={programme}");
        for (var n = 0; n < 21; n++) await Published(national, $"政策{n}", programme: programme, kind: "policy");

        var (first, second) = (await Page($"kind=policy&programme={programme}"), await Page($"kind=policy&programme={programme}&page=2"));

        Assert.Equal((20, before.GetProperty("total").GetInt32() + 21), (first.GetProperty("items").GetArrayLength(), first.GetProperty("total").GetInt32()));
        Assert.Equal(before.GetProperty("total").GetInt32() + 1, second.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_file_is_opened_through_its_published_article_alone()
    {
        var (me, (id, tag)) = (Guid.NewGuid(), await Drafted(national, "下载"));
        var officer = service.Officer("national", "", me);
        var file = service.Attachment(me);
        tag = await Step(officer, id, "files", new { document = file, name = "报名表.docx" }, tag);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync($"/api/content/articles/{id}/files/{file}")).StatusCode);

        tag = await Step(officer, id, "publication", new { from = (string?)null, until = (string?)null }, tag);
        var shown = (await (await Read(id)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("files")[0];
        Assert.Equal(("报名表.docx", file.ToString()), (shown.GetProperty("name").GetString(), shown.GetProperty("document").GetString()));
        var opened = await service.Anonymous().GetAsync($"/api/content/articles/{id}/files/{file}");
        Assert.Equal((HttpStatusCode.Redirect, $"/link-of/{file}/报名表.docx"), (opened.StatusCode, Uri.UnescapeDataString(opened.Headers.Location!.ToString())));

        await Step(officer, id, "withdrawal", new { reason = "有误" }, tag);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync($"/api/content/articles/{id}/files/{file}")).StatusCode);
    }

    [Theory]
    [InlineData("quarantined", HttpStatusCode.Conflict)]
    [InlineData("rejected", HttpStatusCode.Conflict)]
    [InlineData("ready", HttpStatusCode.OK)]
    public async Task Only_an_officers_own_examined_file_is_added_and_can_be_taken_away(string state, HttpStatusCode expected)
    {
        var (me, (id, tag)) = (Guid.NewGuid(), await Drafted(national, "附件"));
        var file = service.Attachment(me, state);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(national, HttpMethod.Post, $"{Desk}/{id}/files", new { document = file, name = "a.pdf" }, tag)).StatusCode);

        var added = await Send(service.Officer("national", "", me), HttpMethod.Post, $"{Desk}/{id}/files", new { document = file, name = "a.pdf" }, tag);

        Assert.Equal(expected, added.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, await service.Query(db => db.Set<ArticleFile>().CountAsync(f => f.ArticleId == id)));
        if (expected != HttpStatusCode.OK) return;
        Assert.Equal(HttpStatusCode.OK, (await Send(national, HttpMethod.Delete, $"{Desk}/{id}/files/{file}", new { }, added.Headers.ETag!.ToString())).StatusCode);
        Assert.Equal(0, await service.Query(db => db.Set<ArticleFile>().CountAsync(f => f.ArticleId == id)));
    }

    private readonly HttpClient national = service.Officer("national", "");

    /// <summary>An exam that no other test writes about.</summary>
    private static string Code() => "T" + Convert.ToHexString(Guid.NewGuid().ToByteArray())[..8];

    private static async Task<(Guid Id, string Tag)> Drafted(HttpClient officer, string title, string area = "", string? programme = null, string kind = "announcement")
    {
        var answer = await officer.PostAsJsonAsync(Desk, new { kind, programme, areaPath = area, title, text = "内容" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return ((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), answer.Headers.ETag!.ToString());
    }

    private static async Task<Guid> Published(HttpClient officer, string title, DateTimeOffset? from = null, DateTimeOffset? until = null, string? programme = null, string area = "", string kind = "announcement")
    {
        var (id, tag) = await Drafted(officer, title, area, programme, kind);
        await Step(officer, id, "publication", new { from, until }, tag);
        return id;
    }

    private static async Task<string> Step(HttpClient officer, Guid id, string step, object body, string tag)
    {
        var answer = await Send(officer, HttpMethod.Post, $"{Desk}/{id}/{step}", body, tag);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.ETag!.ToString();
    }

    private async Task Edit(Guid id, string title, string text)
    {
        var tag = (await national.GetAsync($"{Desk}/{id}")).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await Put(national, $"{Desk}/{id}", new { title, text }, tag)).StatusCode);
    }

    private static Task<HttpResponseMessage> Put(HttpClient officer, string path, object body, string tag) => Send(officer, HttpMethod.Put, path, body, tag);

    private static Task<HttpResponseMessage> Send(HttpClient officer, HttpMethod method, string path, object body, string tag)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return officer.SendAsync(request);
    }

    private Task<HttpResponseMessage> Read(Guid id, string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/content/articles/{id}");
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return service.Anonymous().SendAsync(request);
    }

    private Task<JsonElement> Page(string query) => service.Anonymous().GetFromJsonAsync<JsonElement>($"/api/content/articles?{query}");

    private async Task<List<string>> Titles(string query) => [.. (await Page(query)).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("title").GetString()!)];
}
