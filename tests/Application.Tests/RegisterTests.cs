using System.Net;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

public sealed class RegisterTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Theory]
    [InlineData("bjdx")]
    [InlineData("BJDX")]
    [InlineData("北京大学")]
    public async Task A_school_is_found_first_by_its_initials_in_either_case_or_its_name(string typed) =>
        Assert.Equal("10001 北京大学", (await Find("schools", typed))[0]);

    [Theory]
    [InlineData("cqykdx", "重庆医科大学")]
    [InlineData("cczyy", "长春中医药大学")]
    [InlineData("xmdx", "厦门大学")]
    [InlineData("xzzyy", "西藏藏医药大学")]
    [InlineData("zgsydxbj", "中国石油大学（北京）")]
    public async Task Characters_of_two_readings_are_found_by_the_right_one_and_brackets_are_not_typed(string typed, string name) => Assert.Contains(name, (await Find("schools", typed))[0], StringComparison.Ordinal);

    [Fact]
    public async Task All_schools_of_the_same_initials_are_found_before_longer_ones()
    {
        var found = await Find("schools", "hndx");

        Assert.Equal(["10475 河南大学", "10532 湖南大学", "10589 海南大学"], found);
        Assert.Equal(["10475 河南大学", "10532 湖南大学"], await Find("schools", "hndx&take=2"));
    }

    [Fact]
    public async Task Names_that_begin_with_the_text_come_before_those_that_hold_it_and_the_shortest_first()
    {
        var found = await Find("schools", "中医药");
        var beijing = await Find("schools", "北京&take=50");

        Assert.Contains("10026 北京中医药大学", found);
        Assert.Equal("10001 北京大学", beijing[0]);
        Assert.Equal(["北京", "（北京）"], [beijing[0][6..8], beijing[^1][^4..]]);
    }

    [Theory]
    [InlineData("协和")]
    [InlineData("协")]
    [InlineData("京协和医")]
    [InlineData("北京 协和 医院")]
    public async Task One_character_or_more_inside_a_name_are_enough(string typed) => Assert.Contains("U0001 北京协和医院", await Find("units", typed));

    [Theory]
    [InlineData("", "#/q empty")]
    [InlineData("。，", "#/q empty")]
    [InlineData("a%00", "#/q control-character")]
    [InlineData("京%0A", "#/q control-character")]
    [InlineData("123456789012345678901234567890123456789012345678901", "#/q too-long")]
    [InlineData("a&take=0", "#/take out-of-range")]
    [InlineData("a&take=51", "#/take out-of-range")]
    public async Task A_bad_question_is_refused_at_its_place(string query, string fault) =>
        Assert.Equal([fault], await DraftTests.Faults(await service.Candidate(Guid.NewGuid()).GetAsync($"/api/registers/schools?q={query}")));

    [Fact]
    public async Task Percent_and_underscore_find_nothing_special() => Assert.Equal(HttpStatusCode.BadRequest, (await service.Candidate(Guid.NewGuid()).GetAsync("/api/registers/schools?q=%25_")).StatusCode);

    [Fact]
    public async Task Whoever_is_signed_in_may_search_and_nobody_else()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anonymous().GetAsync("/api/registers/schools?q=bjdx")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Operator().GetAsync("/api/registers/schools?q=bjdx")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Officer("site", "110000/110100/").GetAsync("/api/registers/schools?q=bjdx")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Candidate(Guid.NewGuid()).GetAsync("/api/registers/shops?q=bjdx")).StatusCode);
    }

    [Fact]
    public async Task The_start_sets_have_every_name_once_and_a_letter_for_each_of_its_characters()
    {
        var entries = await service.Query(db => db.RegisterEntries.AsNoTracking().Where(e => e.Kind == RegisterKind.Schools).ToListAsync());

        Assert.InRange(entries.Count, 250, 10_000);
        Assert.Equal(entries.Count, entries.Select(e => e.Name).Distinct().Count());
        Assert.All(entries, entry => Assert.Equal(entry.Length, entry.Initials.Length));
    }

    private async Task<List<string>> Find(string kind, string typed)
    {
        var reply = await service.Candidate(Guid.NewGuid()).GetAsync($"/api/registers/{kind}?q={typed}");
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return [.. (await Person.Json(reply)).AsArray().Select(line => $"{line!["code"]} {line["name"]}")];
    }
}
