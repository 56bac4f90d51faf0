using System.Net;
using ExamPlatform.Reviews.Contracts;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class AcceptanceTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Theory]
    [InlineData("notFound")]
    [InlineData("otherArea")]
    [InlineData("otherPerson")]
    [InlineData("otherCategory")]
    public async Task Nobody_is_accepted_whom_the_register_does_not_hold(string state)
    {
        var (work, holder, _) = await AnAcceptance("found", state);

        Assert.Equal("register-disagrees", (await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);

        Assert.Equal(WorkState.Claimed, (await review.Now(work)).State);
        Assert.Empty(await review.Published<ApplicationAccepted>(work.ApplicationId));
    }

    [Fact]
    public async Task A_register_that_is_away_fails_nobody_and_says_when_to_come_back()
    {
        var (work, holder, _) = await AnAcceptance("unreachable");

        var answer = await Decide(holder, work.Id, new { version = 1, outcome = "pass" });

        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Equal("register-unreachable", (await Task.FromResult(answer).Problem(HttpStatusCode.Conflict)).Code);
        Assert.Equal(WorkState.Claimed, (await review.Now(work)).State);
        review.Application.Registers[work.ApplicationId.ToString()] = ["found"];
        await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        Assert.Single(await review.Published<ApplicationAccepted>(work.ApplicationId));
    }

    [Fact]
    public async Task Whom_the_register_does_not_hold_can_be_failed_with_a_reason()
    {
        var (work, holder, _) = await AnAcceptance("otherArea");

        await Decide(holder, work.Id, new { version = 1, outcome = "fail", reasons = new[] { "other" }, remark = "残疾人证不在本辖区" }).Json(HttpStatusCode.Created);

        Assert.Equal("acceptance", Assert.Single(await review.Published<ReviewFailed>(work.ApplicationId)).Stage);
    }

    [Fact]
    public async Task A_look_shows_what_the_registers_say_and_which_papers_have_come()
    {
        var (work, holder, _) = await AnAcceptance("found", "unreachable");

        var submission = (await holder.GetAsync($"/api/reviews/work/{work.Id}").Json()).GetProperty("submission");

        Assert.Equal(["disabilityRegister found", "disabilityRegister unreachable"],
            submission.GetProperty("registerAnswers").EnumerateArray().Select(a => $"{a.GetProperty("kind").GetString()} {a.GetProperty("state").GetString()}"));
        Assert.Equal(["commitment 1 2026-12-20T16:00:00Z ", "diploma 2 2026-12-20T16:00:00Z 2026-12-01T02:00:00Z"], submission.GetProperty("papers").EnumerateArray()
            .Select(p => $"{p.GetProperty("code").GetString()} {p.GetProperty("copies").GetInt32()} {p.GetProperty("dueAt").GetString()} {p.GetProperty("arrivedAt").GetString()}"));
    }

    private async Task<(Work Work, HttpClient Holder, Guid)> AnAcceptance(params string[] states)
    {
        var acceptance = await review.AClaimedWork("acceptance", "acceptance");
        review.Application.Registers[acceptance.Work.ApplicationId.ToString()] = states;
        return acceptance;
    }
}
