using System.Net;
using System.Text.Json.Nodes;

namespace ExamPlatform.Applications.Tests;

/// <summary>The form as it is asked at this moment: a front end evaluates nothing.</summary>
public sealed class AskFormTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task What_is_asked_follows_the_answers()
    {
        var person = await (await service.APerson()).Start();
        await person.Put($"{person.Address}/area", new { area = "110000", site = "110100" });
        var before = await Fields(person, "report");
        await person.Step("report", new { category = "medicine", level = "intermediate", practice = "clinical", residency = "yes" });
        var after = await Fields(person, "report");

        Assert.DoesNotContain("firstRegistered", before.Keys);
        Assert.Equal((true, true), ((bool)after["firstRegistered"]["required"]!, (bool)after["residencyIssued"]["required"]!));
        Assert.Equal(("clinical", true), ((string)after["practice"]["value"]!, (bool)after["practice"]["reveals"]!));
        Assert.DoesNotContain("368", after["speciality"]["choices"]!.AsArray().Select(c => (string)c!["code"]!));
    }

    [Fact]
    public async Task The_profiles_entries_are_offered_and_what_was_not_objected_to_is_closed()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.ConfirmationFailed();
        var form = await Form(person);

        Assert.Equal(person.Entry, (string)(await Fields(person, "education"))["entry"]["choices"]![0]!["code"]!);
        Assert.True((bool)form["photo"]!["open"]!);
        Assert.All(form["steps"]!.AsArray(), step => Assert.False((bool)step!["open"]!));
        Assert.Equal(["diploma", "employment-proof", "practice-licence"], form["documents"]!.AsArray().Select(d => (string)d!["code"]!));
    }

    [Fact]
    public async Task The_photos_rule_names_what_a_tool_cuts_it_to()
    {
        var photo = (await Form(await new Person(service).Start("BM")))["photo"]!;

        Assert.Equal((413, 531, "blue"), ((int)photo["pixels"]!["width"]!, (int)photo["pixels"]!["height"]!, (string)photo["ground"]!));
    }

    [Fact]
    public async Task A_change_may_name_the_tag_of_the_form()
    {
        var person = await (await service.APerson()).Start();
        var tag = (await person.Http.GetAsync($"{person.Address}/form")).Headers.ETag!.ToString();

        Assert.Equal(HttpStatusCode.OK, (await person.TryPut($"{person.Address}/steps/work", new { answers = new { employer = "示例医院" } }, tag)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await person.TryPut($"{person.Address}/steps/work", new { answers = new { employer = "另一医院" } }, tag)).StatusCode);
    }

    private static async Task<JsonNode> Form(Person person) => await Person.Json(await person.Http.GetAsync($"{person.Address}/form"));

    private static async Task<Dictionary<string, JsonNode>> Fields(Person person, string step) =>
        (await Form(person))["steps"]!.AsArray().Single(s => (string)s!["code"]! == step)!["fields"]!.AsArray().ToDictionary(f => (string)f!["code"]!, f => f!);
}
