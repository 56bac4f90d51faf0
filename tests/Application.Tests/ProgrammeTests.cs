using System.Text.Json.Nodes;

namespace ExamPlatform.Applications.Tests;

public sealed class ProgrammeTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public void The_programmes_in_the_repository_have_no_fault() =>
        Assert.All(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json"), file => Assert.Empty(ProgrammeReader.Read(File.ReadAllText(file)).Faults));

    [Fact]
    public void Every_wrong_name_and_type_is_told_at_its_path()
    {
        var faults = Faults(hp =>
        {
            hp["colour"] = "blue";
            hp.AsObject().Remove("title");
            hp["version"] = "one";
            hp["form"]![0]!["fields"]![0]!["kind"] = "slider";
            hp["form"]![0]!["fields"]![1]!["requiredWhen"]![0]!["kind"] = "sometimes";
            hp["stages"]![0]!["decider"] = "village";
            hp["stages"]![1]!["onFail"]!.AsObject().Remove("source");
            hp["sessions"]![0]!["windows"]![0]!["from"] = "soon";
        });

        Assert.Equal(
        [
            "#/colour unknown-field", "#/form/0/fields/0/kind unknown-kind", "#/form/0/fields/1/requiredWhen/0/kind unknown-kind", "#/sessions/0/windows/0/from wrong-type",
            "#/stages/0/decider wrong-type", "#/stages/1/onFail/source required", "#/title required", "#/version wrong-type",
        ], faults);
    }

    [Fact]
    public void Every_broken_rule_between_the_parts_is_told_at_its_path()
    {
        var faults = Faults(hp =>
        {
            hp["candidates"]!["documentTypes"]![0] = "libraryCard";
            hp["profileNeeds"]![0]!["most"] = 5;
            hp["profileNeeds"]![1]!["most"] = 21;
            hp["form"]![0]!["fields"]![4]!["requiredWhen"]![0]!["field"] = "report/nothing";
            hp["form"]![0]!["fields"]![6]!["requiredWhen"]![0]!["values"]![0] = "perhaps";
            hp["documents"]![0]!["code"] = "photo";
            hp["stages"]![0]!["onFail"]!["resumeAt"] = "area-review";
            hp["stages"]![0]!["reasons"]![0]!["item"] = "shoes";
            hp["change"]!["withdraw"]!["untilPassed"] = "coffee";
            hp["areaPolicies"]![0]!["payment"]!["channels"]![0] = "shells";
            hp["sessions"]![0]!["windows"]![0]!["until"] = "2026-01-01T00:00:00+08:00";
            hp["sessions"]![0]!["windows"]!.AsArray().RemoveAt(3);
            hp["sessions"]![0]!["areas"]![0]!["area"] = "999999";
            hp["sessions"]![0]!["areas"]![1]!["policy"] = "by-pigeon";
        });

        Assert.Equal(
        [
            "#/areaPolicies/0/payment/channels/0 unknown-word", "#/candidates/documentTypes/0 unknown-word", "#/change/withdraw/untilPassed unknown-stage", "#/documents said-twice",
            "#/form/0/fields/4/requiredWhen/0/field unknown-field", "#/form/0/fields/6/requiredWhen/0/values/0 unknown-word", "#/profileNeeds/0/most out-of-range", "#/profileNeeds/1/most out-of-range", "#/sessions/0/areas/0/area unknown-area",
            "#/sessions/0/areas/1/policy unknown-policy", "#/sessions/0/windows/0/until ends-before-it-begins", "#/stages/0/onFail/resumeAt unknown-stage", "#/stages/0/reasons/0/item unknown-item",
            "#/stages/0/reasons/1/item unknown-item", "#/stages/1/window window-missing", "#/stages/2/window window-missing",
        ], faults);
    }

    [Fact]
    public void What_is_not_json_is_told_with_its_line() => Assert.Contains("line 2", ProgrammeReader.Read("{\n \"code\": \"HP\"").Faults[0].Detail, StringComparison.Ordinal);

    [Fact]
    public void A_member_written_twice_is_told() =>
        Assert.Equal(["#/title said-twice"], ProgrammeReader.Read(Hp.Document.Replace("\"version\": 4", "\"version\": 4, \"title\": \"x\"", StringComparison.Ordinal)).Faults.Select(f => $"{f.Pointer} {f.Code}"));

    [Fact]
    public void An_address_of_the_platform_is_no_code() => Assert.Equal(["#/code reserved-word"], Faults(hp => hp["code"] = "schema"));

    [Fact]
    public void Whatever_is_broken_anywhere_is_told_and_never_ends_in_an_error()
    {
        string[] wrong = ["null", "7", "-1.5", "true", "\"\"", "\"x/y\"", "[]", "[null]", "{}", "{\"kind\":\"text\"}", "[[]]", "\"2026-13-01\""];
        foreach (var path in Paths(JsonNode.Parse(Hp.Document)!, []).Where((_, i) => i % 23 == 0))
            foreach (var value in wrong.Append("gone"))
            {
                var document = JsonNode.Parse(Hp.Document)!;
                Break(document, path, value);
                var (programme, faults) = ProgrammeReader.Read(document.ToJsonString());
                Assert.True(programme is null == faults.Count > 0, $"{string.Join('/', path)} = {value}");
            }
    }

    [Fact]
    public async Task Every_province_takes_part_with_its_sites_and_its_policy()
    {
        var areas = (await Person.Json(await service.Anonymous().GetAsync("/api/programmes/HP/areas")))[0]!["areas"]!.AsArray();

        Assert.Equal(31, areas.Count);
        Assert.All(areas, area => Assert.NotEmpty(area!["sites"]!.AsArray()));
        Assert.Equal(("onLine", 24400), ((string)areas[0]!["confirmation"]!, (int)areas[0]!["payment"]!["amountInFen"]!));
    }

    private static IEnumerable<string> Faults(Action<JsonNode> breakIt)
    {
        var document = JsonNode.Parse(Hp.Document)!;
        breakIt(document);
        return ProgrammeReader.Read(document.ToJsonString()).Faults.Select(f => $"{f.Pointer} {f.Code}").Order(StringComparer.Ordinal);
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path) => (node switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Paths(m.Value!, [.. path, m.Key])),
        JsonArray items => items.SelectMany((item, i) => Paths(item!, [.. path, i])),
        _ => [],
    }).Prepend(path).Where(p => p.Length > 0);

    private static void Break(JsonNode document, object[] path, string value)
    {
        var owner = path[..^1].Aggregate(document, (node, part) => (part is int i ? node[i] : node[(string)part])!);
        if (owner is JsonObject members && value == "gone") members.Remove((string)path[^1]);
        else if (owner is JsonArray items && value == "gone") items.RemoveAt((int)path[^1]);
        else if (owner is JsonObject) owner[(string)path[^1]] = JsonNode.Parse(value);
        else owner[(int)path[^1]] = JsonNode.Parse(value);
    }
}
