using System.Net;
using System.Net.Http.Json;

namespace ExamPlatform.Applications.Tests;

public sealed class ProfileTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task A_group_is_saved_whole_and_the_others_stay()
    {
        var person = await service.APerson();
        var reply = await Person.Json(await person.Put("/api/profile/basic", new { ethnicGroup = "汉族" }));

        Assert.Equal(("汉族", "100010"), ((string)reply["basic"]!["ethnicGroup"]!, (string)reply["contact"]!["postcode"]!));
    }

    [Fact]
    public async Task Every_fault_of_a_group_is_told_at_its_field_and_nothing_is_saved()
    {
        var person = new Person(service);

        var reply = await person.TryPut("/api/profile/education", new
        {
            entries = new[] { new { school = "", major = new string('x', 101), level = "bachelor", graduatedOn = "2015.07", certificateNumber = "1" }, new { school = "x", major = "x", level = "master", graduatedOn = "2030-01", certificateNumber = "1" } },
        });

        Assert.Equal(["#/entries/0/graduatedOn not-a-month", "#/entries/0/major too-long", "#/entries/0/school empty", "#/entries/1/graduatedOn in-future"], await DraftTests.Faults(reply));
        Assert.Null((await Person.Json(await person.Http.GetAsync("/api/profile")))["education"]);
    }

    [Fact]
    public async Task What_saving_would_say_is_told_and_nothing_is_saved()
    {
        var person = new Person(service);

        Assert.Equal(["#/postcode not-a-postcode"], await DraftTests.Faults(await person.Http.PostAsJsonAsync("/api/profile/contact/check", new { address = "北京市", postcode = "1" })));
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.PostAsJsonAsync("/api/profile/contact/check", new { address = "北京市", postcode = "100010" })).StatusCode);
        Assert.Null((await Person.Json(await person.Http.GetAsync("/api/profile")))["contact"]);
    }

    [Fact]
    public async Task Unknown_fields_and_wrong_types_are_refused() =>
        Assert.Equal(["#/address required", "#/colour unknown-field", "#/postcode wrong-type"], await DraftTests.Faults(await new Person(service).TryPut("/api/profile/contact", new { postcode = 5, colour = "blue" })));

    [Fact]
    public async Task A_list_takes_at_most_twenty_entries()
    {
        var entry = new { school = "x", major = "x", level = "bachelor", graduatedOn = "2015-07" };
        var person = new Person(service);

        Assert.Equal(["#/entries too-many"], await DraftTests.Faults(await person.TryPut("/api/profile/education", new { entries = Enumerable.Repeat(entry, 21) })));
        await person.Put("/api/profile/education", new { entries = Enumerable.Repeat(entry, 20) });
    }

    [Fact]
    public async Task An_application_does_not_start_with_more_entries_than_the_exam_takes_and_says_where_to_mend_it()
    {
        var person = await service.APerson();
        await person.Put("/api/profile/education", new { entries = Enumerable.Repeat(new { school = "x", major = "x", level = "bachelor", graduatedOn = "2015-07" }, 6) });

        var problem = await Person.Json(await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "2027" }));

        Assert.Equal("#/profile/education too-many-entries", $"{problem["errors"]![0]!["pointer"]} {problem["errors"]![0]!["code"]}");
        await person.Put("/api/profile/education", new { entries = Enumerable.Repeat(new { school = "x", major = "x", level = "bachelor", graduatedOn = "2015-07" }, 5) });
        await person.Start();
    }

    [Fact]
    public async Task An_entry_keeps_its_id_when_the_list_is_sent_again()
    {
        var person = await service.APerson();
        var entry = (await Person.Json(await person.Http.GetAsync("/api/profile")))["education"]!["entries"]![0]!;
        entry["major"] = "口腔医学";
        var reply = await Person.Json(await person.Put("/api/profile/education", new { entries = new[] { entry } }));

        Assert.Equal((person.Entry, "口腔医学"), ((string)reply["education"]!["entries"]![0]!["id"]!, (string)reply["education"]!["entries"]![0]!["major"]!));
    }

    [Fact]
    public async Task An_older_etag_is_refused()
    {
        var person = await service.APerson();
        var etag = (await person.Http.GetAsync("/api/profile")).Headers.ETag!.ToString();
        await person.Put("/api/profile/basic", new { ethnicGroup = "汉族" });

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await person.TryPut("/api/profile/basic", new { ethnicGroup = "回族" }, etag)).StatusCode);
    }

    [Fact]
    public async Task Two_first_saves_at_once_keep_one_and_refuse_the_other()
    {
        var person = new Person(service);

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => person.TryPut("/api/profile/basic", new { ethnicGroup = $"民族{i}" }, "\"0\"")));

        Assert.Single(replies, r => r.IsSuccessStatusCode);
        Assert.All(replies.Where(r => !r.IsSuccessStatusCode), r => Assert.InRange((int)r.StatusCode, 409, 412));
    }
}
