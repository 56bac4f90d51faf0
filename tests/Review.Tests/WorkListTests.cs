using System.Net;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class WorkListTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    public static TheoryData<string, string, bool> Officers() => new()
    {
        { "site", BeijingSite, true },
        { "site", Beijing, true },
        { "area", Beijing, false }, // another level decides
        { "site", "350000/350100/", false },
        { "site", "110000/110200/", false },
        { "site", "110000/110100/01/", false }, // narrower than the work
        { "site", "%", false }, // no pattern
    };

    [Theory, MemberData(nameof(Officers))]
    public async Task Officers_see_work_of_their_own_level_and_jurisdiction_and_no_other(string level, string areaPath, bool sees)
    {
        var work = await review.AnOpenWork();
        var officer = review.Officer(level, areaPath);

        Assert.Equal(sees, (await All(officer, "")).Contains(work.Id));
        foreach (var (method, route) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, "/claim"), (HttpMethod.Post, "/claim") })
        {
            var answer = await officer.SendAsync(new HttpRequestMessage(method, $"/api/reviews/work/{work.Id}{route}"));
            Assert.Equal(!sees, answer.StatusCode == HttpStatusCode.NotFound);
        }
        Assert.Equal(!sees, (await Decide(officer, work.Id, new { version = 1, outcome = "pass" })).StatusCode == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Candidates_and_strangers_have_no_work_list()
    {
        Assert.Equal("not-allowed", (await review.Candidate(Guid.NewGuid()).GetAsync("/api/reviews/work").Problem(HttpStatusCode.Forbidden)).Code);
        Assert.Equal("sign-in-required", (await review.Anonymous().GetAsync("/api/reviews/work").Problem(HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        const string City = "450000/450100/";
        var ids = new List<Guid>();
        for (var i = 0; i < 53; i++) ids.Add((await review.AnOpenWork(areaPath: City)).Id);

        var seen = await All(review.Officer("site", City), "");

        Assert.Equal(ids.Order(), seen.Order());
        Assert.Equal(53, seen.Count);
    }

    [Fact]
    public async Task Filters_narrow_the_list_by_stage_programme_and_state()
    {
        const string City = "460000/460100/";
        var confirmation = await review.AnOpenWork(areaPath: City, stage: "confirmation", kind: "confirmation");
        var other = await review.AnOpenWork(areaPath: City, programme: "ML");
        var officer = review.Officer("site", City);
        await officer.PostAsync($"/api/reviews/work/{other.Id}/claim", null);

        Assert.Equal([confirmation.Id], await All(officer, "?stage=confirmation"));
        Assert.Equal([other.Id], await All(officer, "?programme=ML&state=claimed"));
        Assert.Equal([other.Id], await All(officer, "?state=mine"));
        Assert.Equal([confirmation.Id], await All(officer, "?state=open"));
        Assert.Empty(await All(review.Officer("site", City), "?state=mine"));
        Assert.Empty(await All(officer, "?state=passed"));
    }

    [Fact]
    public async Task Wrong_filters_are_all_told_at_once()
    {
        var (code, faults, _) = await review.Officer("site", BeijingSite).GetAsync("/api/reviews/work?state=7&cursor=x").Problem(HttpStatusCode.BadRequest);

        Assert.Equal("invalid-input", code);
        Assert.Equal(["#/state unknown-state", "#/cursor unknown-cursor"], faults);
    }

    [Fact]
    public async Task Work_whose_claim_has_run_out_is_open_again_for_all()
    {
        var (work, _, _) = await review.AClaimedWork();
        var colleague = review.Officer("site", BeijingSite);
        Assert.DoesNotContain(work.Id, await All(colleague, "?state=open"));

        review.Clock.Advance(Work.ClaimLength);

        Assert.Contains(work.Id, await All(review.Officer("site", BeijingSite), "?state=open"));
    }

    [Fact]
    public async Task The_work_list_reads_the_jurisdiction_from_the_index()
    {
        var plan = await review.Query(async db =>
        {
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("set enable_seqscan = off; set enable_bitmapscan = off");
            var me = new Me(Guid.NewGuid(), TokenNames.Officer, "site", BeijingSite);
            await using var command = db.Work.Where(Work.Of(me)).CreateDbCommand();
            command.CommandText = "explain " + command.CommandText;
            var lines = new List<string>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
            return string.Join('\n', lines);
        });

        Assert.Matches(@"Index Cond: .*area_path ~>=~ '110000/110100/'.*area_path ~<~ '110000/1101000'", plan);
    }

    private static async Task<List<Guid>> All(HttpClient officer, string filters)
    {
        var (ids, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await officer.GetAsync($"/api/reviews/work{filters}{(filters.Length == 0 ? "?" : "&")}{(cursor is null ? "" : $"cursor={cursor}")}").Json();
            ids.AddRange(page.GetProperty("work").EnumerateArray().Select(w => w.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);
        return ids;
    }
}
