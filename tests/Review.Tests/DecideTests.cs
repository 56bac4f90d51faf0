using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class DecideTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Theory]
    [InlineData("acceptance", "pass", nameof(ApplicationAccepted))]
    [InlineData("acceptance", "fail", nameof(ReviewFailed))]
    [InlineData("confirmation", "pass", nameof(Confirmed))]
    [InlineData("confirmation", "fail", nameof(ConfirmationFailed))]
    [InlineData("review", "pass", nameof(ReviewPassed))]
    [InlineData("review", "fail", nameof(ReviewFailed))]
    [InlineData("release", "pass", nameof(FailureReleased))]
    [InlineData("appeal", "pass", nameof(AppealGranted))]
    [InlineData("appeal", "fail", nameof(AppealDismissed))]
    public async Task A_decision_is_kept_and_told_by_its_kind(string kind, string outcome, string message)
    {
        var (work, holder, officer) = await review.AClaimedWork(kind);
        string[] reasons = outcome == "fail" ? ["photo-unclear"] : [];

        var decided = await Decide(holder, work.Id, new { version = 1, outcome, reasons, remark = " 请重拍 " }).Json(HttpStatusCode.Created);

        var decision = await review.Query(db => db.Decisions.SingleAsync(d => d.WorkId == work.Id));
        Assert.Equal((decided.GetProperty("decisionId").GetGuid(), officer, 1, work.Round, "请重拍", review.Clock.Now), (decision.Id, decision.OfficerId, decision.Version, decision.Round, await review.Said(decision), decision.At));
        Assert.Equal(reasons, decision.Reasons);
        var told = Assert.Single(await review.Query(db => db.Outbox.Where(m => m.AggregateId == work.ApplicationId).ToListAsync()));
        Assert.StartsWith($"ExamPlatform.Reviews.Contracts.{message},", told.Type, StringComparison.Ordinal);
        Assert.Contains(decision.Id.ToString(), told.Body, StringComparison.Ordinal);
        Assert.Equal(outcome == "pass" ? WorkState.Passed : WorkState.Failed, (await review.WorkOf(work.ApplicationId)).Single().State);
    }

    [Fact]
    public async Task A_failure_tells_reasons_remark_officer_and_version()
    {
        var (work, holder, officer) = await review.AClaimedWork();

        await Decide(holder, work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear", "other" }, remark = "毕业证缺页" }).Json(HttpStatusCode.Created);

        var told = Assert.Single(await review.Published<ReviewFailed>(work.ApplicationId));
        Assert.Equal(["photo-unclear", "other"], told.Reasons);
        Assert.Equal((1, "site-review", officer, "毕业证缺页", review.Clock.Now), (told.Version, told.Stage, told.OfficerId, told.Remark, told.At));
    }

    public static TheoryData<string, string[], string?, string[]> BadDecisions() => new()
    {
        { "fail", [], null, ["#/reasons reason-required"] },
        { "fail", ["photo-unclear", "ugly", "photo-unclear"], null, ["#/reasons/1 unknown-reason", "#/reasons/2 repeated"] },
        { "fail", ["other"], "  ", ["#/remark required"] },
        { "pass", ["photo-unclear"], new string('字', 501), ["#/reasons reason-not-allowed", "#/remark too-long"] },
        { "sendBack", ["photo-unclear"], " ", ["#/reasons reason-not-allowed", "#/remark required"] },
    };

    [Theory, MemberData(nameof(BadDecisions))]
    public async Task A_bad_decision_is_refused_with_every_fault_and_changes_nothing(string outcome, string[] reasons, string? remark, string[] expected)
    {
        var (work, holder, _) = await review.AClaimedLaterWork();
        holder.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var (code, faults, problem) = await Decide(holder, work.Id, new { version = 1, outcome, reasons, remark }).Problem(HttpStatusCode.BadRequest);

        Assert.Equal("invalid-input", code);
        Assert.Equal(expected, faults);
        if (expected[0].EndsWith("-reason", StringComparison.Ordinal)) Assert.Contains("photo-unclear, other", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(WorkState.Claimed, (await review.Now(work)).State);
        Assert.False(await review.Query(db => db.Outbox.AnyAsync(m => m.AggregateId == work.ApplicationId)));
    }

    [Fact]
    public async Task Without_ones_own_claim_nothing_is_decided()
    {
        var (work, _, _) = await review.AClaimedWork();
        var open = await review.AnOpenWork();
        var colleague = review.Officer("site", BeijingSite);

        foreach (var id in new[] { work.Id, open.Id })
            Assert.Equal("claim-needed", (await Decide(colleague, id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
    }

    [Fact]
    public async Task A_version_the_candidate_has_replaced_is_not_decided_even_while_the_news_is_on_its_way()
    {
        var (work, holder, _) = await review.AClaimedWork();
        review.Application.Replaced.Add(work.ApplicationId.ToString());

        Assert.Equal("version-replaced", (await Decide(holder, work.Id, new { version = 2, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
        Assert.Equal("version-replaced", (await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
        await review.Deliver(Stage(work.ApplicationId, version: 2, round: 2));
        Assert.Equal("version-replaced", (await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);

        Assert.False(await review.Query(db => db.Decisions.AnyAsync(d => d.ApplicationId == work.ApplicationId)));
    }

    [Fact]
    public async Task Withdrawn_work_is_not_decided()
    {
        var (work, holder, _) = await review.AClaimedWork();
        await review.Deliver(new ApplicationWithdrawn(work.ApplicationId, work.CandidateId, 1, review.Clock.Now));

        Assert.Equal("work-void", (await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
    }

    [Fact]
    public async Task Two_decisions_at_the_same_moment_are_one()
    {
        var (work, holder, _) = await review.AClaimedWork();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Decide(holder, work.Id, new { version = 1, outcome = "pass" })));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        Assert.Single(await review.Published<ReviewPassed>(work.ApplicationId));
    }

    [Fact]
    public async Task The_same_decision_sent_again_with_its_key_gets_the_same_answer()
    {
        var (work, holder, _) = await review.AClaimedWork();
        holder.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var first = await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        var again = await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);

        Assert.Equal(first.ToString(), again.ToString());
        Assert.Single(await review.Published<ReviewPassed>(work.ApplicationId));
    }

    [Theory]
    [InlineData("update decisions set remark = 'x'")]
    [InlineData("delete from decisions")]
    [InlineData("delete from looks")]
    [InlineData("update work_transitions set at = now()")]
    public async Task What_was_decided_done_and_seen_cannot_be_rewritten(string sql)
    {
        var (work, holder, _) = await review.AClaimedWork();
        await holder.GetAsync($"/api/reviews/work/{work.Id}");
        await Decide(holder, work.Id, new { version = 1, outcome = "pass" });

        var refused = await Assert.ThrowsAsync<PostgresException>(() => review.Query(db => db.Database.ExecuteSqlRawAsync(sql)));

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Officers_find_their_own_decisions_newest_first_and_nobody_elses()
    {
        var (work, holder, _) = await review.AClaimedWork();
        await Decide(holder, work.Id, new { version = 1, outcome = "pass" });

        var mine = await holder.GetAsync("/api/reviews/decisions").Json();
        var others = await review.Officer("site", BeijingSite).GetAsync("/api/reviews/decisions").Json();

        Assert.Equal(work.Id, Assert.Single(mine.GetProperty("decisions").EnumerateArray()).GetProperty("workId").GetGuid());
        Assert.Empty(others.GetProperty("decisions").EnumerateArray());
    }
}
