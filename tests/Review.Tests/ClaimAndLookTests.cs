using System.Net;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class ClaimAndLookTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task Of_eight_officers_at_the_same_moment_one_gets_the_work_and_the_others_learn_until_when()
    {
        var work = await review.AnOpenWork();
        var officers = Enumerable.Range(0, 8).Select(_ => review.Officer("site", BeijingSite)).ToList();

        var answers = await Task.WhenAll(officers.Select(o => o.PostAsync($"/api/reviews/work/{work.Id}/claim", null)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        foreach (var lost in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
        {
            var (code, _, problem) = await Task.FromResult(lost).Problem(HttpStatusCode.Conflict);
            Assert.Equal(("claimed-by-other", review.Clock.Now.AddMinutes(10)), (code, problem.GetProperty("until").GetDateTimeOffset()));
        }
        Assert.Single((await review.WorkOf(work.ApplicationId)).Single().History);
    }

    [Fact]
    public async Task Work_that_was_put_back_can_be_taken_by_another()
    {
        var (work, holder, _) = await review.AClaimedWork();

        Assert.Equal(HttpStatusCode.NoContent, (await holder.DeleteAsync($"/api/reviews/work/{work.Id}/claim")).StatusCode);

        var claim = await review.Officer("site", BeijingSite).PostAsync($"/api/reviews/work/{work.Id}/claim", null).Json();
        Assert.Equal(review.Clock.Now.AddMinutes(10), claim.GetProperty("claimedUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task Nobody_puts_back_what_another_holds()
    {
        var (work, _, _) = await review.AClaimedWork();

        Assert.Equal("claim-needed", (await review.Officer("site", BeijingSite).DeleteAsync($"/api/reviews/work/{work.Id}/claim").Problem(HttpStatusCode.Conflict)).Code);
    }

    [Fact]
    public async Task A_look_shows_the_submission_with_the_stages_reasons_and_is_recorded()
    {
        var (work, holder, officer) = await review.AClaimedWork();

        var seen = await holder.GetAsync($"/api/reviews/work/{work.Id}").Json();

        Assert.Equal("测试考生", seen.GetProperty("submission").GetProperty("sections")[0].GetProperty("fields")[0].GetProperty("value").GetString());
        Assert.Equal("photo-unclear", seen.GetProperty("submission").GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.Equal(("考点审核", "return"), (seen.GetProperty("submission").GetProperty("stageTitle").GetString(), seen.GetProperty("submission").GetProperty("onFail").GetString()));
        Assert.True(seen.GetProperty("work").GetProperty("claim").GetProperty("mine").GetBoolean());
        var look = await review.Query(db => db.Looks.SingleAsync(l => l.WorkId == work.Id));
        Assert.Equal((officer, work.CandidateId, 1, review.Clock.Now), (look.OfficerId, look.CandidateId, look.Version, look.At));
    }

    [Fact]
    public async Task The_candidate_is_told_who_looked_when_and_for_which_stage_and_nobody_else_is()
    {
        var (work, holder, officer) = await review.AClaimedWork();
        await holder.GetAsync($"/api/reviews/work/{work.Id}");

        var told = Assert.Single((await review.Candidate(work.CandidateId).GetAsync("/api/reviews/looks").Json()).EnumerateArray());

        Assert.Equal((officer, work.ApplicationId, "HP", "site-review", "site", BeijingSite), (told.GetProperty("officerId").GetGuid(), told.GetProperty("applicationId").GetGuid(),
            told.GetProperty("programme").GetString(), told.GetProperty("stage").GetString(), told.GetProperty("level").GetString(), told.GetProperty("areaPath").GetString()));
        Assert.Empty((await review.Candidate(work.CandidateId).GetAsync($"/api/reviews/looks?before={Uri.EscapeDataString(review.Clock.Now.ToString("O"))}").Json()).EnumerateArray());
        Assert.Empty((await review.Candidate(Guid.NewGuid()).GetAsync("/api/reviews/looks").Json()).EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await holder.GetAsync("/api/reviews/looks")).StatusCode);
    }

    [Fact]
    public async Task What_was_not_shown_is_not_recorded_as_seen()
    {
        var (gone, away) = (await review.AnOpenWork(), await review.AnOpenWork());
        review.Application.Unknown.Add(gone.ApplicationId.ToString());
        review.Application.Away.Add(away.ApplicationId.ToString());
        var officer = review.Officer("site", BeijingSite);

        Assert.Equal("not-found", (await officer.GetAsync($"/api/reviews/work/{gone.Id}").Problem(HttpStatusCode.NotFound)).Code);
        Assert.Equal("temporarily-unavailable", (await officer.GetAsync($"/api/reviews/work/{away.Id}").Problem(HttpStatusCode.ServiceUnavailable)).Code);

        Assert.False(await review.Query(db => db.Looks.AnyAsync(l => l.WorkId == gone.Id || l.WorkId == away.Id)));
    }
}
