using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews.Contracts;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class ReleaseAndAppealTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task A_failure_is_released_or_sent_back_but_not_failed_again()
    {
        var (work, holder, _) = await review.AClaimedLaterWork("release");

        Assert.Equal("release-only", (await Decide(holder, work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" } }).Problem(HttpStatusCode.Conflict)).Code);
        await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);

        Assert.Equal("site-review", Assert.Single(await review.Published<FailureReleased>(work.ApplicationId)).Stage);
    }

    [Fact]
    public async Task Who_releases_a_failure_sees_who_failed_it_and_why()
    {
        var failed = await AFailure();
        var release = await review.AClaimedWork("release", application: failed.Application, round: 2);

        var earlier = (await release.Holder.GetAsync($"/api/reviews/work/{release.Work.Id}").Json()).GetProperty("earlier");

        var failure = Assert.Single(earlier.EnumerateArray());
        Assert.Equal(("fail", "photo-unclear", failed.Officer), (failure.GetProperty("outcome").GetString(), failure.GetProperty("reasons")[0].GetString(), failure.GetProperty("officerId").GetGuid()));
    }

    [Fact]
    public async Task A_release_that_comes_too_late_is_void_and_its_city_is_reported_to_the_levels_above_it_only()
    {
        var (work, holder, _) = await review.AClaimedLaterWork("release");

        await review.Deliver(Overdue(work.ApplicationId));

        Assert.Equal((WorkState.Voided, VoidCause.PassedOver), ((await review.Now(work)).State, (await review.Now(work)).VoidedFor));
        Assert.Equal("passed-over", (await Decide(holder, work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
        var reported = (await PassedOver(review.Officer("area", Beijing))).Single(r => r.GetProperty("workId").GetGuid() == work.Id);
        Assert.Equal(("site", BeijingSite, "site-review", review.Clock.Now),
            (reported.GetProperty("level").GetString(), reported.GetProperty("areaPath").GetString(), reported.GetProperty("stage").GetString(), reported.GetProperty("passedOverAt").GetDateTimeOffset()));
        Assert.Contains(await PassedOver(review.Officer("national", "")), r => r.GetProperty("workId").GetGuid() == work.Id);
        foreach (var other in new[] { review.Officer("area", "350000/"), review.Officer("site", BeijingSite), review.Officer("point", BeijingSite + "110101/") })
            Assert.DoesNotContain(await PassedOver(other), r => r.GetProperty("workId").GetGuid() == work.Id);
    }

    [Fact]
    public async Task Other_work_of_the_application_stays_open_when_a_release_was_passed_over()
    {
        var decided = await review.AnOpenWork(kind: "release");
        var other = await review.AnOpenWork(kind: "release", stage: "area-review", application: decided.ApplicationId, round: 2);
        var same = await review.AnOpenWork(application: decided.ApplicationId, round: 3);

        await review.Deliver(Overdue(decided.ApplicationId));

        Assert.Equal([WorkState.Voided, WorkState.Open, WorkState.Open], new[] { await review.Now(decided), await review.Now(other), await review.Now(same) }.Select(w => w.State));
    }

    [Fact]
    public async Task A_release_that_its_own_lateness_overtakes_is_never_open()
    {
        var application = Guid.NewGuid();
        await review.Deliver(Overdue(application));

        await review.Deliver(Stage(application, kind: "release", round: 2));
        await review.Deliver(Stage(application, kind: "release", stage: "area-review", round: 3));

        Assert.Equal([WorkState.Voided, WorkState.Open], (await review.WorkOf(application)).Select(w => w.State));
        Assert.Contains(await PassedOver(review.Officer("area", Beijing)), r => r.GetProperty("applicationId").GetGuid() == application);
    }

    [Fact]
    public async Task The_report_comes_in_pages_newest_first()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 52; i++)
        {
            review.Clock.Advance(TimeSpan.FromSeconds(1));
            ids.Insert(0, (await review.AnOpenWork(areaPath: "640000/640100/", kind: "release")).ApplicationId);
            await review.Deliver(Overdue(ids[0]));
        }

        Assert.Equal(ids, (await PassedOver(review.Officer("area", "640000/"))).Select(r => r.GetProperty("applicationId").GetGuid()));
        Assert.Equal(["#/cursor unknown-cursor"], (await review.Officer("area", "640000/").GetAsync("/api/reviews/passed-over?cursor=x").Problem(HttpStatusCode.BadRequest)).Faults);
    }

    [Fact]
    public async Task Nobody_decides_an_appeal_against_the_own_decision()
    {
        var failed = await AFailure();
        var appeal = await review.AClaimedWork("appeal", application: failed.Application, round: 2, officer: failed.Officer);

        Assert.Equal("own-decision", (await Decide(appeal.Holder, appeal.Work.Id, new { version = 1, outcome = "pass" }).Problem(HttpStatusCode.Conflict)).Code);
        Assert.Equal("own-decision", (await Decide(appeal.Holder, appeal.Work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" } }).Problem(HttpStatusCode.Conflict)).Code);

        await appeal.Holder.DeleteAsync($"/api/reviews/work/{appeal.Work.Id}/claim");
        var colleague = review.Officer("site", BeijingSite);
        await colleague.PostAsync($"/api/reviews/work/{appeal.Work.Id}/claim", null);
        await Decide(colleague, appeal.Work.Id, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        Assert.Equal("site-review", Assert.Single(await review.Published<AppealGranted>(failed.Application)).Stage);
    }

    [Fact]
    public async Task Who_decided_another_stage_may_decide_the_appeal()
    {
        var failed = await AFailure();
        var appeal = await review.AClaimedWork("appeal", "area-review", failed.Application, round: 2, failed.Officer);

        await Decide(appeal.Holder, appeal.Work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" }, remark = "维持原结论" }).Json(HttpStatusCode.Created);

        var told = Assert.Single(await review.Published<AppealDismissed>(failed.Application));
        Assert.Equal(("area-review", "photo-unclear", "维持原结论"), (told.Stage, told.Reasons.Single(), told.Remark));
    }

    private async Task<(Guid Application, Guid Officer)> AFailure()
    {
        var (work, holder, officer) = await review.AClaimedWork();
        await Decide(holder, work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" } }).Json(HttpStatusCode.Created);
        return (work.ApplicationId, officer);
    }

    private ReleaseOverdue Overdue(Guid application) => new(application, Guid.NewGuid(), 1, "site-review", BeijingSite, review.Clock.Now);

    private static Task<List<System.Text.Json.JsonElement>> PassedOver(HttpClient officer) => officer.AllPages("/api/reviews/passed-over", "passedOver");
}
