using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

public sealed class DraftTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly object Start = new { programme = "HP", session = "2027" };

    [Fact]
    public async Task Ten_starts_at_once_make_one_application()
    {
        var person = await service.APerson();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => person.Http.PostAsJsonAsync("/api/applications", Start)));

        var created = Assert.Single(replies, r => r.StatusCode == HttpStatusCode.Created);
        var id = (string)(await Person.Json(created))["id"]!;
        foreach (var refused in replies.Where(r => r != created))
        {
            var problem = await Person.Json(refused);
            Assert.Equal(("urn:exam:already-applied", id), ((string)problem["type"]!, (string)problem["applicationId"]!));
        }
        Assert.Equal(1, await service.Query(db => db.Applications.CountAsync(a => a.CandidateId == person.Id)));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_application_and_another_key_is_refused()
    {
        var person = await service.APerson();

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Post(person, i < 5 ? "one" : "other")));

        var ids = await Task.WhenAll(replies.Where(r => r.StatusCode == HttpStatusCode.Created).Select(async r => (string)(await Person.Json(r))["id"]!));
        Assert.Single(ids.Distinct());
        Assert.Equal(1, await service.Query(db => db.Applications.CountAsync(a => a.CandidateId == person.Id)));
    }

    [Fact]
    public async Task Without_the_profile_it_needs_an_application_does_not_start_and_what_is_missing_is_named()
    {
        var problem = await Person.Json(await new Person(service).Http.PostAsJsonAsync("/api/applications", Start));

        Assert.Equal("urn:exam:profile-incomplete", (string)problem["type"]!);
        Assert.Equal(["#/profile/contact", "#/profile/education"], problem["errors"]!.AsArray().Select(e => (string)e!["pointer"]!));
    }

    [Fact]
    public async Task An_unknown_exam_or_session_is_a_fault_of_its_field()
    {
        var person = await service.APerson();
        var programme = await Person.Json(await person.Http.PostAsJsonAsync("/api/applications", new { programme = "XX", session = "2027" }));
        var session = await Person.Json(await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "1999" }));

        Assert.Equal(("#/programme", "#/session"), ((string)programme["errors"]![0]!["pointer"]!, (string)session["errors"]![0]!["pointer"]!));
    }

    [Fact]
    public async Task A_new_application_is_filled_from_the_profile_and_says_what_each_step_lacks()
    {
        var person = await (await service.APerson()).Start();
        var view = await person.Look();

        Assert.Equal("示例医院", (string)view["answers"]!["work"]!["employer"]!);
        Assert.Equal(["area", "report", "education", "work", "photo"], view["steps"]!.AsArray().Select(s => (string)s!["code"]!));
        Assert.Equal(["#/work/years"], view["steps"]![3]!["faults"]!.AsArray().Select(f => (string)f!["pointer"]!));
        Assert.Equal(("draft", "candidate", "fill"), ((string)view["status"]!["where"]!, (string)view["status"]!["who"]!, (string)view["status"]!["next"]!));
    }

    [Fact]
    public async Task Two_devices_conflict_visibly_and_nothing_saved_is_lost()
    {
        var person = await (await service.APerson()).Start();
        var etag = (await person.Http.GetAsync(person.Address)).Headers.ETag!.ToString();
        await person.Step("report", new { category = "medicine" });

        var second = await person.TryPut($"{person.Address}/steps/report", new { answers = new { category = "nursing" } }, etag);
        var without = await person.Http.PutAsJsonAsync($"{person.Address}/steps/report", new { answers = new { category = "nursing" } });

        Assert.Equal((HttpStatusCode.PreconditionFailed, (HttpStatusCode)428), (second.StatusCode, without.StatusCode));
        Assert.Equal("medicine", (string)(await person.Look())["answers"]!["report"]!["category"]!);
    }

    [Fact]
    public async Task Answers_saved_one_by_one_leave_the_others_and_an_empty_one_is_taken_back()
    {
        var person = await (await service.APerson()).Start();
        await person.Step("report", new { category = "medicine", level = "intermediate" });
        var reply = await Autosave(person, new { category = "nursing", practice = " nurse ", level = (string?)null });

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(reply.Headers.ETag, (await person.Http.GetAsync(person.Address)).Headers.ETag);
        Assert.Equal("""{"category":"nursing","practice":"nurse"}""", (await person.Look())["answers"]!["report"]!.ToJsonString());
        Assert.Equal("示例医院", (string)(await person.Look())["answers"]!["work"]!["employer"]!);
    }

    [Fact]
    public async Task What_is_still_being_typed_stays_out_of_the_profile()
    {
        var person = new Person(service);
        await person.Put("/api/profile/contact", new { address = "北京市东城区示例路1号", postcode = "100010" });
        await person.Put("/api/profile/education", new { entries = new[] { new { school = "北京大学", major = "临床医学", level = "bachelor", graduatedOn = "2015-07" } } });
        await person.Start();
        await Autosave(person, new { employer = "示例", since = "2015-07" }, step: "work");

        Assert.Null((await Person.Json(await person.Http.GetAsync("/api/profile")))["work"]);
        await person.Step("work", new { employer = "示例医院", since = "2015-07" });
        Assert.Equal("示例医院", (string)(await Person.Json(await person.Http.GetAsync("/api/profile")))["work"]!["employer"]!);
    }

    [Fact]
    public async Task Two_devices_that_save_at_once_see_it_and_repeating_loses_neither()
    {
        var person = await (await service.APerson()).Start();
        var etag = (await person.Http.GetAsync(person.Address)).Headers.ETag!.ToString();
        var both = await Task.WhenAll(Autosave(person, new { category = "medicine" }, etag), Autosave(person, new { level = "intermediate" }, etag));

        Assert.Single(both, r => r.StatusCode == HttpStatusCode.OK);
        Assert.Contains(both.Single(r => r.StatusCode != HttpStatusCode.OK).StatusCode, (HttpStatusCode[])[HttpStatusCode.PreconditionFailed, HttpStatusCode.Conflict]);
        await Autosave(person, both[0].StatusCode == HttpStatusCode.OK ? new { level = "intermediate" } : new { category = "medicine" });
        Assert.Equal(["intermediate", "medicine"], (await person.Look())["answers"]!["report"]!.AsObject().Select(a => (string)a.Value!).Order());
        Assert.Equal((HttpStatusCode)428, (await person.Http.PatchAsJsonAsync($"{person.Address}/steps/report", new { answers = new { category = "nursing" } })).StatusCode);
    }

    [Fact]
    public async Task A_single_answer_of_the_wrong_kind_is_refused_and_nothing_of_the_request_is_saved()
    {
        var person = await (await service.APerson()).Start();

        Assert.Equal(["#/answers/colour unknown-field", "#/answers/firstRegistered not-a-month"], await Faults(await Autosave(person, new { category = "medicine", firstRegistered = "201609", colour = "" })));
        Assert.Null((await person.Look())["answers"]!["report"]);
    }

    [Fact]
    public async Task Values_of_the_wrong_kind_are_all_told_and_nothing_is_saved()
    {
        var person = await (await service.APerson()).Start();

        var reply = await person.TryPut($"{person.Address}/steps/report", new { answers = new { category = "magic", firstRegistered = "201609", colour = "blue", level = (string?)null } });

        Assert.Equal(["#/answers/category not-a-choice", "#/answers/colour unknown-field", "#/answers/firstRegistered not-a-month"], await Faults(reply));
        Assert.Null((await person.Look())["answers"]!["report"]);
    }

    [Fact]
    public async Task An_area_or_site_that_is_none_is_a_fault_of_its_field()
    {
        var person = await (await service.APerson()).Start();

        Assert.Equal(["#/area unknown-area"], await Faults(await person.TryPut($"{person.Address}/area", new { area = "710000", site = "110100" })));
        Assert.Equal(["#/site unknown-site"], await Faults(await person.TryPut($"{person.Address}/area", new { area = "110000", site = "350100" })));
    }

    [Fact]
    public async Task A_change_of_area_leaves_the_profile_alone()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        var profile = await person.Http.GetStringAsync("/api/profile");
        var reply = await Person.Json(await person.Put($"{person.Address}/area", new { area = "350000", site = "350100" }));

        Assert.Null(reply["answers"]!["report"]);
        Assert.Null(reply["photo"]);
        Assert.Equal(profile, await person.Http.GetStringAsync("/api/profile"));
    }

    [Fact]
    public async Task After_giving_up_one_can_start_again_and_the_list_shows_both()
    {
        var person = await (await service.APerson()).Start();
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.PostAsync($"{person.Address}/abandonment", null)).StatusCode);
        await person.Start();

        var list = (await Person.Json(await person.Http.GetAsync("/api/applications"))).AsArray();
        Assert.Equal(["draft", "abandoned"], list.Select(a => (string)a!["status"]!["where"]!));
    }

    internal static async Task<IEnumerable<string>> Faults(HttpResponseMessage reply)
    {
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        return (await Person.Json(reply))["errors"]!.AsArray().Select(e => $"{e!["pointer"]} {e["code"]}").Order(StringComparer.Ordinal).ToList();
    }

    private static Task<HttpResponseMessage> Autosave(Person person, object answers, string? etag = null, string step = "report") => person.Change(HttpMethod.Patch, $"{person.Address}/steps/{step}", new { answers }, etag);

    private static async Task<HttpResponseMessage> Post(Person person, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/applications") { Content = JsonContent.Create(Start), Headers = { { "Idempotency-Key", key } } };
        return await person.Http.SendAsync(request);
    }
}
