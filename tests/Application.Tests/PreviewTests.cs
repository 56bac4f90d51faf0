using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>A document that nobody has published, as a candidate would see it.</summary>
public sealed class PreviewTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private readonly HttpClient national = service.National();

    [Fact]
    public async Task What_is_previewed_is_what_a_candidate_with_the_same_answers_is_asked()
    {
        var answers = new { category = "medicine", level = "intermediate", practice = "clinical", residency = "yes" };
        var person = await (await service.APerson()).Start();
        await person.Put($"{person.Address}/area", new { area = "110000", site = "110100" });
        await person.Step("report", answers);
        var asked = await Person.Json(await person.Http.GetAsync($"{person.Address}/form"));

        var seen = await Preview(Hp.Programme, new { report = answers }, "110000");

        Assert.Equal(Fields(asked, "report"), Fields(seen["form"]!, "report"));
        Assert.Equal(asked["documents"]!.ToJsonString(), seen["form"]!["documents"]!.ToJsonString());
        Assert.Equal("clinical", (string)Field(seen, "report", "practice")["value"]!);
        Assert.True((bool)seen["steps"]!.AsArray().Single(s => (string)s!["code"]! == "area")!["complete"]!);
    }

    [Fact]
    public async Task Windows_areas_fees_and_places_are_those_of_the_document_and_nothing_is_kept()
    {
        var seen = await Preview(Exams.WithPlaces("UNPUBLISHED", version: 7));

        Assert.Equal(("UNPUBLISHED", 7, 3), ((string)seen["exam"]!["code"]!, (int)seen["exam"]!["version"]!, seen["plans"]!.AsArray().Count));
        Assert.Equal(Hp.Programme.Sessions[0].Areas.Count, seen["areas"]![0]!["areas"]!.AsArray().Count);
        Assert.Equal(["preferences", "work", "photo"], seen["steps"]!.AsArray().Select(s => (string)s!["code"]!));
        Assert.False(await service.Query(db => db.Programmes.AnyAsync(p => p.Code == "UNPUBLISHED")));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync("/api/programmes/UNPUBLISHED")).StatusCode);
    }

    [Fact]
    public async Task What_could_not_be_saved_is_not_taken_as_an_answer()
    {
        var seen = await Preview(Hp.Programme, new { report = new { practice = "nothing", strange = "x" }, nowhere = new { a = "b" } });

        Assert.Null(Field(seen, "report", "practice")["value"]);
    }

    [Fact]
    public async Task Faults_are_told_at_their_place_also_a_session_or_an_area_that_is_not_there()
    {
        var broken = Exams.Text(Exams.Small("BROKEN")).Replace("\"subjects\":", "\"topics\":", StringComparison.Ordinal);

        Assert.Equal(["#/subjects required", "#/topics unknown-field"], (await DraftTests.Faults(await Send(national, JsonNode.Parse(broken)!))).Order());
        Assert.Equal(["#/session unknown-session"], await DraftTests.Faults(await Send(national, Document(Hp.Programme), session: "1999")));
        Assert.Equal(["#/area unknown-area"], await DraftTests.Faults(await Send(national, Document(Hp.Programme), area: "999999")));
    }

    [Fact]
    public async Task Only_officers_of_the_national_level_preview()
    {
        HttpClient[] others = [service.Anonymous(), service.Candidate(Guid.NewGuid()), service.Officer("area", "110000/"), service.Operator()];

        Assert.Equal((int[])[401, 403, 403, 403], await Task.WhenAll(others.Select(async o => (int)(await Send(o, Document(Hp.Programme))).StatusCode)));
    }

    private async Task<JsonNode> Preview(ExamProgramme programme, object? answers = null, string? area = null)
    {
        var reply = await Send(national, Document(programme), answers, area: area);
        Assert.True(reply.StatusCode == HttpStatusCode.OK, await reply.Content.ReadAsStringAsync());
        return await Person.Json(reply);
    }

    private static JsonNode Document(ExamProgramme programme) => JsonNode.Parse(Exams.Text(programme))!;

    private static Task<HttpResponseMessage> Send(HttpClient officer, JsonNode document, object? answers = null, string? session = null, string? area = null) =>
        officer.PostAsJsonAsync("/api/programmes/preview", new { document, answers, session, area });

    private static JsonNode Field(JsonNode seen, string step, string field) => seen["form"]!["steps"]!.AsArray().Single(s => (string)s!["code"]! == step)!["fields"]!.AsArray().Single(f => (string)f!["code"]! == field)!;

    private static List<string> Fields(JsonNode form, string step) => [.. form["steps"]!.AsArray().Single(s => (string)s!["code"]! == step)!["fields"]!.AsArray().Select(f => JsonSerializer.Serialize(f))];
}
