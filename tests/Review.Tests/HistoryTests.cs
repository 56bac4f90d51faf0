using System.Net;
using ExamPlatform.Applications.Contracts;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class HistoryTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task The_history_says_who_did_what_when_and_on_which_version()
    {
        var (work, holder, officer) = await review.AClaimedWork();
        review.Clock.Advance(TimeSpan.FromMinutes(1));
        await holder.DeleteAsync($"/api/reviews/work/{work.Id}/claim");
        await review.Deliver(new ApplicationWithdrawn(work.ApplicationId, work.CandidateId, 1, review.Clock.Now));

        var history = await review.Officer("site", BeijingSite).GetAsync($"/api/reviews/work/{work.Id}/history").Json();

        Assert.Equal((work.Id, 1), (history.GetProperty("workId").GetGuid(), history.GetProperty("round").GetInt32()));
        Assert.Equal(["open claim claimed 1 ", "claimed release open 1 ", "open void voided 1 withdrawn"], history.GetProperty("steps").EnumerateArray()
            .Select(s => $"{s.GetProperty("from").GetString()} {s.GetProperty("verb").GetString()} {s.GetProperty("to").GetString()} {s.GetProperty("version").GetInt32()} {s.GetProperty("cause").GetString()}"));
        Assert.Equal([officer.ToString(), officer.ToString(), null], history.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("officerId").GetString()));
        Assert.Equal(TimeSpan.FromMinutes(1), history.GetProperty("steps")[1].GetProperty("at").GetDateTimeOffset() - history.GetProperty("steps")[0].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Own_decisions_carry_the_round()
    {
        var (work, holder, _) = await review.AClaimedLaterWork();
        await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);

        var decision = (await holder.GetAsync("/api/reviews/decisions").Json()).GetProperty("decisions")[0];

        Assert.Equal((work.Id, 2), (decision.GetProperty("workId").GetGuid(), decision.GetProperty("round").GetInt32()));
    }
}
