using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ExamPlatform.Identities.Tests;

public sealed class FindCharactersTests(IdentityFixture service) : IClassFixture<IdentityFixture>
{
    [Fact]
    public void Every_character_of_Unicode_15_is_there() => Assert.Equal((98060, 214), (Characters.Table.All.Count, Characters.Table.Radicals.Count));

    [Theory]
    [InlineData("𠮷", "radical=30&strokes=6")]
    [InlineData("𠮷", "radical=口&rest=3")]
    [InlineData("𠮷", "reading=ji2&radical=30")]
    [InlineData("𠮷", "radical=⼝&reading=jí&strokes=6")]
    [InlineData("㛃", "radical=女&rest=6")]
    [InlineData("㛃", "reading=jie")]
    [InlineData("䶮", "reading=yan3&radical=龍")]
    [InlineData("䶮", "reading=YǍN&radical=龙")]
    [InlineData("𬭎", "radical=钅&strokes=12")]
    [InlineData("𬭎", "reading=hong2&strokes=12")]
    [InlineData("吕", "reading=lv3")]
    [InlineData("吕", "reading=lu:3")]
    [InlineData("\U00031350", "radical=1&strokes=5")]
    public async Task A_character_is_found_by_radical_strokes_and_reading(string character, string query) => Assert.Contains(character, await All(query));

    [Theory]
    [InlineData("吉", "reading=ji4")]
    [InlineData("𠮷", "radical=30&strokes=7")]
    [InlineData("𠮷", "radical=30&rest=4")]
    [InlineData("𠮷", "radical=31&strokes=6")]
    public async Task All_that_is_asked_must_fit(string character, string query) => Assert.DoesNotContain(character, await All(query));

    [Fact]
    public async Task A_character_is_described_in_words_that_can_be_read_aloud()
    {
        var found = (await Ask("radical=女&rest=6&reading=jie"))["characters"]!.AsArray().Single(c => (string)c!["character"]! == "㛃")!;

        Assert.Equal("""{"character":"㛃","code":"U+36C3","radical":38,"radicalCharacter":"女","strokes":9,"rest":6,"readings":["jié"],"readAs":null}""", found.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("吉", (string?)(await Ask("radical=30&strokes=6&reading=ji2"))["characters"]!.AsArray().Single(c => (string)c!["code"]! == "U+20BB7")!["readAs"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var (first, all) = (await Ask("strokes=9"), await All("strokes=9"));

        Assert.Equal(60, first["characters"]!.AsArray().Count);
        Assert.Equal((int)first["total"]!, all.Distinct().Count());
        Assert.Equal(Characters.Table.All.Where(hanzi => hanzi.Strokes == 9).Select(hanzi => hanzi.Character.ToString()), all);
    }

    [Theory]
    [InlineData("", "#/reading nothing-asked")]
    [InlineData("reading=%20", "#/reading nothing-asked")]
    [InlineData("radical=215", "#/radical no-such-radical")]
    [InlineData("radical=吉", "#/radical no-such-radical")]
    [InlineData("strokes=0", "#/strokes out-of-range")]
    [InlineData("strokes=101&rest=-6", "#/strokes out-of-range #/rest out-of-range")]
    [InlineData("reading=ji'; drop", "#/reading not-pinyin")]
    [InlineData("reading=zhuangzhuangg", "#/reading not-pinyin")]
    [InlineData("reading=ji&after=20BB7", "#/after not-a-character")]
    [InlineData("reading=ji&after=U%2BD800", "#/after not-a-character")]
    public async Task A_wrong_question_is_told_at_its_place(string query, string faults)
    {
        var reply = await service.Anonymous().GetAsync($"/api/characters?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal(faults, string.Join(' ', (await reply.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsArray().Select(e => $"{e!["pointer"]} {e["code"]}")));
    }

    [Fact]
    public async Task A_number_that_is_none_is_refused() => Assert.Equal(HttpStatusCode.BadRequest, (await service.Anonymous().GetAsync("/api/characters?strokes=many")).StatusCode);

    [Fact]
    public async Task A_reading_nobody_has_finds_nothing() => Assert.Equal(0, (int)(await Ask("reading=zzz"))["total"]!);

    [Fact]
    public async Task Radicals_come_with_their_simplified_forms_strokes_and_reading()
    {
        var radicals = await service.Anonymous().GetFromJsonAsync<JsonArray>("/api/characters/radicals");

        Assert.Equal(("金钅", 8, "jīn"), ((string)radicals![166]!["character"]!, (int)radicals[166]!["strokes"]!, (string)radicals[166]!["reading"]!));
    }

    /// <summary>The budget is 20 ms (issue 5, point 1); the slowest question is the median here, so that a machine that is busy with other things does not fail it.</summary>
    [Theory]
    [InlineData(null, 12, null)]
    [InlineData(null, null, "yi")]
    [InlineData(140, null, null)]
    public void The_lookup_itself_takes_less_than_20_ms(int? radical, int? strokes, string? reading)
    {
        var table = Characters.Table;
        var took = Enumerable.Range(0, 21).Select(_ =>
        {
            var since = Stopwatch.GetTimestamp();
            table.Find(radical, strokes, null, reading, null, 60);
            return Stopwatch.GetElapsedTime(since);
        }).Order().ToList();

        Assert.InRange(took[10].TotalMilliseconds, 0, 20);
    }

    private async Task<JsonObject> Ask(string query) => (await service.Anonymous().GetFromJsonAsync<JsonObject>($"/api/characters?{query}"))!;

    private async Task<List<string>> All(string query)
    {
        var (all, after) = (new List<string>(), "");
        do
        {
            var page = await Ask(query + (after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : ""));
            all.AddRange(page["characters"]!.AsArray().Select(c => (string)c!["character"]!));
            after = (string?)page["next"] ?? "";
        } while (after.Length > 0);
        return all;
    }
}
