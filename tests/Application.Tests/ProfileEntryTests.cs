using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>What an entry may hold (C2, C6).</summary>
public sealed class ProfileEntryTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task Who_graduates_within_twelve_months_has_an_entry_without_a_certificate_number()
    {
        var person = new Person(service); // today is 2026-11-22
        await person.Put("/api/profile/education", new { entries = new[] { new { school = "北京大学", major = "临床医学", level = "master", graduatedOn = "2027-11" } } });

        var refused = await person.TryPut("/api/profile/education", new { entries = new[] { new { school = "北京大学", major = "临床医学", level = "master", graduatedOn = "2027-12" } } });

        Assert.Equal(["#/entries/0/graduatedOn in-future"], await DraftTests.Faults(refused));
        Assert.Contains("12 months", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_cannot_make_an_entry_verified()
    {
        var entry = (await Education(new Person(service), new { school = "x", major = "x", level = "bachelor", graduatedOn = "2015-07", source = "chsi", verification = "passed" }))[0]!;

        Assert.Equal(("manual", "unverified"), ((string)entry["source"]!, (string)entry["verification"]!));
    }

    [Fact]
    public async Task Trainings_and_certificates_have_a_kind_of_a_closed_set_which_is_other_when_left_out()
    {
        var person = new Person(service);
        var training = await Person.Json(await person.Put("/api/profile/training", new { entries = new object[] { Training("residency"), Training(null) } }));
        var refused = await DraftTests.Faults(await person.TryPut("/api/profile/training", new { entries = new[] { Training("holiday") } }));

        Assert.Equal(["residency", "other"], training["training"]!["entries"]!.AsArray().Select(e => (string)e!["type"]!));
        Assert.Contains("住院医师规范化培训", (string)training["training"]!["entries"]![0]!["words"]!, StringComparison.Ordinal);
        Assert.Equal(["#/entries/0/type wrong-type"], refused);

        static JsonObject Training(string? type) => type is null ? new() { ["title"] = "x", ["organisation"] = "x", ["from"] = "2018-07", ["until"] = "2021-07" }
            : new() { ["title"] = "x", ["organisation"] = "x", ["from"] = "2018-07", ["until"] = "2021-07", ["type"] = type };
    }

    [Fact]
    public async Task A_certificate_holds_the_registration_beside_the_qualification_and_its_month_is_checked()
    {
        var person = new Person(service);
        var certificate = new { title = "医师资格证书", number = "201011120110101", issuedOn = "2010-12", type = "ruralAssistantPhysician", registeredOn = "2011-03", registrationNumber = "110110000012345" };
        var kept = (await Person.Json(await person.Put("/api/profile/certificates", new { entries = new[] { certificate } })))["certificates"]!["entries"]![0]!;

        Assert.Equal(("2011-03", "110110000012345"), ((string)kept["registeredOn"]!, (string)kept["registrationNumber"]!));
        Assert.Equal("2010-12 执业助理医师（乡镇） 医师资格证书 201011120110101 执业注册 2011-03 110110000012345", (string)kept["words"]!);
        Assert.Equal(["#/entries/0/registeredOn not-a-month", "#/entries/0/registrationNumber empty"],
            await DraftTests.Faults(await person.TryPut("/api/profile/certificates", new { entries = new[] { certificate with { registeredOn = "2011.03", registrationNumber = " " } } })));
    }

    [Fact]
    public async Task Work_holds_the_professional_title_its_month_and_the_duty()
    {
        var person = new Person(service);
        var work = new { employer = "示例医院", employerKind = (string?)null, since = "2015-07", title = "主治医师", titleSince = "2019-12", duty = "在岗" };
        var kept = (await Person.Json(await person.Put("/api/profile/work", work)))["work"]!;

        Assert.Equal(("主治医师", "2019-12", "在岗"), ((string)kept["title"]!, (string)kept["titleSince"]!, (string)kept["duty"]!));
        Assert.Equal(["#/duty too-long", "#/titleSince in-future"], await DraftTests.Faults(await person.TryPut("/api/profile/work", work with { titleSince = "2026-12", duty = new string('x', 51) })));
    }

    [Fact]
    public async Task Profiles_and_submissions_stored_before_entries_had_kinds_and_sources_are_still_read()
    {
        var person = await service.APerson();
        const string Old = """
            {"basic":null,"contact":null,"work":{"employer":"x","employerKind":null,"since":"2015-07","post":null},
             "education":{"entries":[{"school":"x","major":"x","level":"bachelor","graduatedOn":"2015-07","certificateNumber":"1","degree":null,"id":"0191b5a0-0000-7000-8000-000000000001","words":"x"}]},
             "training":{"entries":[{"title":"x","organisation":"x","from":"2018-07","until":"2021-07","id":"0191b5a0-0000-7000-8000-000000000002","words":"x"}]},
             "certificates":{"entries":[{"title":"x","number":"1","issuedOn":"2010-12","id":"0191b5a0-0000-7000-8000-000000000003","words":"x"}]}}
            """;
        await service.Query(db => db.Database.ExecuteSqlAsync($"update profiles set groups = {Old}::jsonb where candidate_id = {person.Id}"));

        var profile = await Person.Json(await person.Http.GetAsync("/api/profile"));

        Assert.Equal(("manual", "other", "other"), ((string)profile["education"]!["entries"]![0]!["source"]!, (string)profile["training"]!["entries"]![0]!["type"]!, (string)profile["certificates"]!["entries"]![0]!["type"]!));
    }

    private static async Task<JsonArray> Education(Person person, params object[] entries) =>
        (await Person.Json(await person.Put("/api/profile/education", new { entries })))["education"]!["entries"]!.AsArray();
}
