using System.Net;
using Microsoft.EntityFrameworkCore;
using ExamPlatform.Reviews.Features;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class WorkListTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    public static TheoryData<string, string, bool> Officers() => new()
    {
        { "site", BeijingSite, true },
        { "site", Beijing, false }, // a site's officer has one site
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
    public async Task Filters_narrow_the_list_by_session_kind_place_and_date_and_all_together()
    {
        const string Province = "470000/";
        var early = await review.AnOpenWork("area", Province + "470100/", "appeal", "area-review");
        var late = Stage(Guid.NewGuid(), level: "area", areaPath: Province + "470200/") with { SessionCode = "2028", DueAt = new DateTimeOffset(2028, 1, 25, 16, 0, 0, TimeSpan.Zero) };
        await review.Deliver(late);
        var other = Assert.Single(await review.WorkOf(late.ApplicationId)).Id;
        var officer = review.Officer("area", Province);

        Assert.Equal([early.Id], await All(officer, "?session=2027"));
        Assert.Equal([other], await All(officer, "?kind=review"));
        Assert.Equal([other], await All(officer, $"?areaPath={Province}470200/"));
        Assert.Equal([early.Id], await All(officer, "?dueBefore=2027-01-26"));
        Assert.Empty(await All(officer, "?dueBefore=2027-01-25T16:00:00Z"));
        Assert.Equal([early.Id], await All(officer, $"?session=2027&kind=appeal&areaPath={Province}470100/&dueBefore=2027-01-25T16:00:01Z&stage=area-review&programme=HP&state=open"));
        Assert.Empty(await All(officer, "?session=2028&kind=appeal"));
    }

    [Fact]
    public async Task Wrong_filters_are_all_told_at_once()
    {
        var (code, faults, _) = await review.Officer("site", BeijingSite).GetAsync("/api/reviews/work?state=7&kind=1&areaPath=350000/&dueBefore=soon&cursor=x").Problem(HttpStatusCode.BadRequest);

        Assert.Equal("invalid-input", code);
        Assert.Equal(["#/state unknown-state", "#/kind unknown-kind", "#/areaPath outside-jurisdiction", "#/dueBefore unknown-date", "#/cursor unknown-cursor"], faults);
        Assert.Equal(["#/areaPath outside-jurisdiction"], (await review.Officer("area", Beijing).GetAsync("/api/reviews/work?areaPath=110000/1101").Problem(HttpStatusCode.BadRequest)).Faults);
    }

    [Fact]
    public async Task Counts_are_those_of_the_list_per_stage_and_state()
    {
        const string City = "480000/480100/";
        var officer = review.Officer("site", City);
        var work = new List<Work>();
        for (var i = 0; i < 5; i++) work.Add(await review.AnOpenWork(areaPath: City));
        await review.AnOpenWork(areaPath: City, stage: "confirmation", kind: "confirmation");
        await review.AnOpenWork(areaPath: "480000/480200/");
        foreach (var one in work.Take(3)) await officer.PostAsync($"/api/reviews/work/{one.Id}/claim", null);
        await Decide(officer, work[0].Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        review.Clock.Advance(Work.ClaimLength / 2);
        await officer.PostAsync($"/api/reviews/work/{work[1].Id}/claim", null);
        review.Clock.Advance(Work.ClaimLength / 2); // the third claim has run out

        var counts = (await review.Officer("site", City).GetAsync("/api/reviews/work/counts").Json()).GetProperty("counts");

        Assert.Equal(["HP 2027 confirmation confirmation open 1", "HP 2027 site-review review open 3", "HP 2027 site-review review claimed 1", "HP 2027 site-review review passed 1"],
            counts.EnumerateArray().Select(c => string.Join(' ', c.EnumerateObject().Select(p => p.Value.ToString()))));
    }

    [Fact]
    public async Task Counting_reads_nothing_but_its_index()
    {
        var me = new Me(Guid.NewGuid(), TokenNames.Officer, "site", BeijingSite);

        var plan = await review.Plan(db => CountWork.PerStageAndState(db.Work.Where(Work.Of(me)), review.Clock.Now));

        Assert.Contains("Index Only Scan using ix_work_counts on work", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("open", "ix_work_undecided")]
    [InlineData("claimed", "ix_work_undecided")]
    [InlineData("mine", "ix_work_undecided")]
    [InlineData("passed", "ix_work_decided")]
    [InlineData("failed", "ix_work_decided")]
    [InlineData("sentBack", "ix_work_decided")]
    [InlineData("voided", "ix_work_decided")]
    public async Task The_work_list_reads_the_jurisdiction_in_order_from_its_index_and_filters_there(string state, string index)
    {
        var me = new Me(Guid.NewGuid(), TokenNames.Officer, "site", BeijingSite);
        var filters = new WorkFilters("site-review", "HP", "2027", "review", BeijingSite, "2027-01-01", state, Guid.NewGuid().ToString("N"));

        var plan = await review.Plan(db => filters.Narrow(db.Work.Where(Work.Of(me)), me, review.Clock.Now).OrderBy(w => w.Id).Take(51));

        Assert.Contains($"Index Scan using {index} on work", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        var condition = Assert.Single(plan.Split('\n'), line => line.Contains("Index Cond", StringComparison.Ordinal));
        Assert.All(["level =", "jurisdiction =", "id >", "area_path ~>=~", "stage =", "programme_code =", "session_code =", "kind =", "due_at <"], part => Assert.Contains(part, condition, StringComparison.Ordinal));
    }

    private static async Task<List<Guid>> All(HttpClient officer, string filters) =>
        [.. (await officer.AllPages($"/api/reviews/work{filters}", "work")).Select(w => w.GetProperty("id").GetGuid())];
}
