using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Chsi;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>学信网授权 (C2, seed 002).</summary>
public sealed class ChsiTests(ChsiFixture service) : IClassFixture<ChsiFixture>
{
    [Fact]
    public async Task A_report_of_ones_own_becomes_a_verified_entry()
    {
        var person = new Person(service);
        var reply = await TakeOver(person, service.World.Report());

        var entry = Entries(await Person.Json(reply)).Single()!;
        Assert.Equal(("北京大学", "临床医学", "master", "2018-07", "100011201802000001", "医学硕士"),
            ((string)entry["school"]!, (string)entry["major"]!, (string)entry["level"]!, (string)entry["graduatedOn"]!, (string)entry["certificateNumber"]!, (string)entry["degree"]!));
        Assert.Equal(("chsi", "passed"), ((string)entry["source"]!, (string)entry["verification"]!));
        Assert.Contains("学信网核验通过", (string)entry["words"]!, StringComparison.Ordinal);
        Assert.Equal(reply.Headers.ETag, (await person.Http.GetAsync("/api/profile")).Headers.ETag);
    }

    [Fact]
    public async Task It_comes_beside_what_was_typed_and_a_repeat_adds_nothing()
    {
        var person = await service.APerson();
        var code = service.World.Report();
        await TakeOver(person, code);

        var entries = Entries(await Person.Json(await TakeOver(person, code)));

        Assert.Equal(["manual", "chsi"], entries.Select(e => (string)e!["source"]!));
    }

    [Fact]
    public async Task An_entry_sent_back_as_it_was_read_stays_verified_and_a_changed_one_counts_as_typed()
    {
        var person = new Person(service);
        var entry = Entries(await Person.Json(await TakeOver(person, service.World.Report()))).Single()!;
        var kept = Entries(await Person.Json(await person.Put("/api/profile/education", new { entries = new[] { entry } }))).Single()!;
        entry["major"] = "口腔医学";
        var changed = Entries(await Person.Json(await person.Put("/api/profile/education", new { entries = new[] { entry } }))).Single()!;

        Assert.Equal(("chsi", "passed", "manual", "unverified"), ((string)kept["source"]!, (string)kept["verification"]!, (string)changed["source"]!, (string)changed["verification"]!));
        Assert.Equal((string)kept["id"]!, (string)changed["id"]!);
    }

    [Fact]
    public async Task Without_its_id_the_same_content_counts_as_typed()
    {
        var person = new Person(service);
        var entry = Entries(await Person.Json(await TakeOver(person, service.World.Report()))).Single()!.AsObject();
        entry.Remove("id");

        Assert.Equal("manual", (string)Entries(await Person.Json(await person.Put("/api/profile/education", new { entries = new[] { entry } }))).Single()!["source"]!);
    }

    [Theory]
    [InlineData("阿依古丽·买买提", "阿依古丽•买买提", true)]
    [InlineData("阿依古丽·买买提", "阿依古丽・买买提", true)]
    [InlineData("阿依古丽·买买提", "阿依古丽买买提", false)]
    [InlineData("张三", "李四", false)]
    public async Task The_report_must_name_the_person_whichever_middle_dot_was_typed(string registered, string onReport, bool same)
    {
        service.Identity.Name = registered;
        var reply = await TakeOver(new Person(service), service.World.Report(r => r with { Name = onReport }));
        service.Identity.Name = "测试考生";

        Assert.Equal(same ? "OK" : "Conflict urn:exam:chsi-other-person", await Told(reply));
    }

    [Fact]
    public async Task A_namesake_born_on_another_day_is_another_person() =>
        Assert.Equal("Conflict urn:exam:chsi-other-person", await Told(await TakeOver(new Person(service), service.World.Report(r => r with { BirthDate = "1991-03-07" }))));

    [Fact]
    public async Task A_report_that_says_the_right_birth_date_is_taken() => Assert.Equal("OK", await Told(await TakeOver(new Person(service), service.World.Report(r => r with { BirthDate = "1990-03-07" }))));

    [Theory]
    [InlineData("2000-12", EducationCategory.HigherEducation, Sandbox.Chsi.EducationLevel.Bachelor, "Conflict urn:exam:chsi-not-held")]
    [InlineData("2001-01", EducationCategory.HigherEducation, Sandbox.Chsi.EducationLevel.JuniorCollege, "OK")]
    [InlineData("2018-07", EducationCategory.Secondary, Sandbox.Chsi.EducationLevel.Secondary, "Conflict urn:exam:chsi-not-held")]
    [InlineData("2018-07", EducationCategory.Other, Sandbox.Chsi.EducationLevel.Bachelor, "Conflict urn:exam:chsi-not-held")]
    [InlineData("2018-07", EducationCategory.HigherEducation, Sandbox.Chsi.EducationLevel.Secondary, "Conflict urn:exam:chsi-not-held")]
    public async Task Only_higher_education_from_2001_on_comes_from_there(string graduatedOn, EducationCategory category, Sandbox.Chsi.EducationLevel level, string told) =>
        Assert.Equal(told, await Told(await TakeOver(new Person(service), service.World.Report(r => r with { GraduatedOn = graduatedOn, Category = category, Level = level }))));

    [Theory]
    [InlineData("ABCDEFGHJKL1")]
    [InlineData("ABCDEFGHJKLMNPQ1")]
    public async Task A_code_that_is_not_known_is_refused(string code) => Assert.Equal("Conflict urn:exam:chsi-unknown-code", await Told(await TakeOver(new Person(service), code)));

    [Theory]
    [InlineData("")]
    [InlineData("ABC")]
    [InlineData("ABCDEFGHJKLM3")]
    [InlineData("abcdefghjklm")]
    [InlineData("ABCDEFGHJKL&")]
    public async Task A_code_of_another_form_is_a_fault_of_its_field(string code) => Assert.Equal(["#/code not-a-code"], await DraftTests.Faults(await TakeOver(new Person(service), code)));

    [Theory]
    [InlineData(Effect.Drop)]
    [InlineData(Effect.Fail)]
    [InlineData(Effect.LoseAnswer)]
    public async Task A_register_that_does_not_answer_is_503_with_the_time_to_wait_and_nothing_is_written(Effect effect)
    {
        var (person, code) = (new Person(service), service.World.Report());
        service.World.Misbehave(code, effect);

        var reply = await TakeOver(person, code);

        Assert.Equal("ServiceUnavailable urn:exam:registry-unreachable", await Told(reply));
        Assert.NotNull(reply.Headers.RetryAfter);
        Assert.False(await service.Query(db => db.Profiles.AnyAsync(p => p.CandidateId == person.Id)));
        Assert.Equal("OK", await Told(await TakeOver(person, code)));
    }

    [Fact]
    public async Task A_register_that_hangs_is_given_up_after_five_seconds()
    {
        var (person, code, started) = (new Person(service), service.World.Report(), Stopwatch.GetTimestamp());
        service.World.Misbehave(code, Effect.Hang);

        Assert.Equal("ServiceUnavailable urn:exam:registry-unreachable", await Told(await TakeOver(person, code)));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 4, 9);
    }

    [Theory]
    [InlineData("2018/07")]
    [InlineData("2099-07")]
    public async Task An_answer_that_cannot_be_read_is_none(string graduatedOn) =>
        Assert.Equal("ServiceUnavailable urn:exam:registry-unreachable", await Told(await TakeOver(new Person(service), service.World.Report(r => r with { GraduatedOn = graduatedOn }))));

    [Fact]
    public async Task A_full_list_takes_no_more()
    {
        var person = new Person(service);
        await person.Put("/api/profile/education", new { entries = Enumerable.Repeat(new { school = "x", major = "x", level = "bachelor", graduatedOn = "2015-07" }, 20) });

        Assert.Equal("Conflict urn:exam:too-many-entries", await Told(await TakeOver(person, service.World.Report())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("ftp://chsi.example")]
    public void Without_a_usable_address_the_service_does_not_start(string address)
    {
        using var wrong = service.WithWebHostBuilder(builder => builder.UseSetting("Application:Chsi:BaseAddress", address));

        Assert.ThrowsAny<Exception>(() => wrong.CreateClient()); // the other tests of this class show that the address alone makes the difference
    }

    private static Task<HttpResponseMessage> TakeOver(Person person, string code) => person.Http.PostAsJsonAsync("/api/profile/education/chsi", new { code });

    private static JsonArray Entries(JsonNode profile) => profile["education"]!["entries"]!.AsArray();

    private static async Task<string> Told(HttpResponseMessage reply) => reply.IsSuccessStatusCode ? $"{reply.StatusCode}" : $"{reply.StatusCode} {(await Person.Json(reply))["type"]}";
}
