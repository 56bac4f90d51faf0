using System.Net;
using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class SendBackTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Theory]
    [InlineData("review")]
    [InlineData("confirmation")]
    [InlineData("release")]
    public async Task What_is_sent_back_is_told_with_its_stage_and_the_officers_remark(string kind)
    {
        var (work, holder, officer) = await review.AClaimedLaterWork(kind);

        await Decide(holder, work.Id, new { version = 1, outcome = "sendBack", remark = "请核实残疾人证" }).Json(HttpStatusCode.Created);

        var told = Assert.Single(await review.Published<SentBack>(work.ApplicationId));
        Assert.Equal((1, "site-review", officer, "请核实残疾人证", review.Clock.Now), (told.Version, told.Stage, told.OfficerId, told.Remark, told.At));
        Assert.Equal(WorkState.SentBack, (await review.Now(work)).State);
        Assert.Equal(2, (await review.Query(db => db.Decisions.SingleAsync(d => d.WorkId == work.Id))).Round);
    }

    [Fact]
    public async Task The_first_stage_has_nothing_before_it_also_when_it_is_opened_again()
    {
        var first = await review.AClaimedWork();
        Assert.Equal("nothing-before", await SendBack(first));

        await Decide(first.Holder, first.Work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        var second = await review.AClaimedWork(stage: "area-review", application: first.Work.ApplicationId, round: 2);
        await Decide(second.Holder, second.Work.Id, new { version = 1, outcome = "sendBack", remark = "重审" }).Json(HttpStatusCode.Created);
        var again = await review.AClaimedWork(application: first.Work.ApplicationId, round: 3);

        Assert.Equal("nothing-before", await SendBack(again));
        Assert.Single(await review.Published<SentBack>(first.Work.ApplicationId));
    }

    [Theory]
    [InlineData("acceptance", "nothing-before")]
    [InlineData("appeal", "appeal-not-sent-back")]
    public async Task Acceptances_and_appeals_are_not_sent_back(string kind, string code)
    {
        var claimed = await review.AClaimedLaterWork(kind);

        Assert.Equal(code, await SendBack(claimed));
        Assert.Equal(WorkState.Claimed, (await review.Now(claimed.Work)).State);
    }

    [Fact]
    public async Task A_stage_that_was_sent_back_is_decided_again_on_the_same_version()
    {
        var (work, holder, _) = await review.AClaimedLaterWork();
        await Decide(holder, work.Id, new { version = 1, outcome = "sendBack", remark = "重审" }).Json(HttpStatusCode.Created);
        await review.AClaimedWork("acceptance", "acceptance", work.ApplicationId, round: 3);
        var again = await review.AClaimedWork(application: work.ApplicationId, round: 4);

        await Decide(again.Holder, again.Work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);

        var decisions = await review.Query(db => db.Decisions.Where(d => d.ApplicationId == work.ApplicationId).OrderBy(d => d.Round).Select(d => new { d.Round, d.Outcome }).ToListAsync());
        Assert.Equal([(2, Outcome.SendBack), (4, Outcome.Pass)], decisions.Select(d => (d.Round, d.Outcome)));
        var seen = await again.Holder.GetAsync($"/api/reviews/work/{again.Work.Id}").Json();
        Assert.Equal("重审", seen.GetProperty("earlier")[0].GetProperty("remark").GetString());
        Assert.Equal(("pass", 4), (seen.GetProperty("decision").GetProperty("outcome").GetString(), seen.GetProperty("decision").GetProperty("round").GetInt32()));
    }

    private static async Task<string> SendBack((Work Work, HttpClient Holder, Guid) claimed) =>
        (await Decide(claimed.Holder, claimed.Work.Id, new { version = 1, outcome = "sendBack", remark = "重审" }).Problem(HttpStatusCode.Conflict)).Code;
}
