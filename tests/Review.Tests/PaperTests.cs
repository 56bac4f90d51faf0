using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class PaperTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task A_paper_that_came_by_post_is_ticked_once_however_often_it_is_said()
    {
        var (work, officer) = (await review.AnOpenWork(), Guid.NewGuid());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Tick(review.Officer("site", BeijingSite, officer), work)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.NoContent, a.StatusCode));
        var tick = await review.Query(db => db.PaperTicks.SingleAsync(t => t.ApplicationId == work.ApplicationId));
        Assert.Equal(("commitment", true, officer, review.Clock.Now), (tick.Paper, tick.Arrived, tick.OfficerId, tick.At));
        Assert.Equal(new PaperTicked(work.ApplicationId, "commitment", true, officer, review.Clock.Now), Assert.Single(await review.Published<PaperTicked>(work.ApplicationId)));
    }

    [Fact]
    public async Task A_mistaken_tick_is_taken_back_and_both_are_kept()
    {
        var work = await review.AnOpenWork();
        var officer = review.Officer("site", BeijingSite);

        foreach (var arrived in new[] { false, true, false, false, true }) await Tick(officer, work, arrived: arrived);

        Assert.Equal([true, false, true], await review.Query(db => db.PaperTicks.Where(t => t.ApplicationId == work.ApplicationId).OrderBy(t => t.Id).Select(t => t.Arrived).ToListAsync()));
        Assert.Equal([true, false, true], (await review.Published<PaperTicked>(work.ApplicationId)).Select(t => t.Arrived));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => review.Query(db => db.Database.ExecuteSqlRawAsync("delete from paper_ticks")));
        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site", BeijingSite, true)]
    [InlineData("area", Beijing, true)]
    [InlineData("national", "", true)]
    [InlineData("point", BeijingSite + "110101/", false)]
    [InlineData("site", "110000/110200/", false)]
    [InlineData("area", "350000/", false)]
    public async Task The_site_and_the_levels_above_it_tick_papers_within_their_jurisdiction(string level, string areaPath, bool may)
    {
        var work = await review.AnOpenWork("point", BeijingSite + "110101/");

        Assert.Equal(may ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, (await Tick(review.Officer(level, areaPath), work)).StatusCode);

        Assert.Equal(may, await review.Query(db => db.PaperTicks.AnyAsync(t => t.ApplicationId == work.ApplicationId)));
    }

    [Fact]
    public async Task Where_an_application_was_handled_before_it_moved_nobody_ticks_any_more()
    {
        var work = await review.AnOpenWork();
        await review.Deliver(Stage(work.ApplicationId, version: 2, areaPath: "350000/350100/", round: 2));

        Assert.Equal(HttpStatusCode.NotFound, (await Tick(review.Officer("site", BeijingSite), work)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Tick(review.Officer("site", "350000/350100/"), work)).StatusCode);
    }

    [Fact]
    public async Task A_paper_the_submission_does_not_ask_for_is_404()
    {
        var (work, gone) = (await review.AnOpenWork(), await review.AnOpenWork());
        review.Application.Unknown.Add(gone.ApplicationId.ToString());

        Assert.Equal("not-found", (await Tick(review.Officer("site", BeijingSite), work, "photograph").Problem(HttpStatusCode.NotFound)).Code);
        Assert.Equal("not-found", (await Tick(review.Officer("site", BeijingSite), gone).Problem(HttpStatusCode.NotFound)).Code);
    }

    private static Task<HttpResponseMessage> Tick(HttpClient officer, Work work, string paper = "commitment", bool arrived = true) =>
        officer.PutAsJsonAsync($"/api/reviews/applications/{work.ApplicationId}/papers/{paper}", new { arrived });
}
