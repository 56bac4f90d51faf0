using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

/// <summary>Practice (试报名): officers see that it is practice, it is counted nowhere, and it goes when it is thrown away.</summary>
public sealed class TrialTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task Practice_and_real_work_are_never_in_one_list_and_practice_says_that_it_is_one()
    {
        const string City = "610000/610100/";
        var (real, practice) = (await review.AnOpenWork(areaPath: City), await Opened(City));
        var officer = review.Officer("site", City);

        Assert.Equal([(real.Id, false)], await List(officer, ""));
        Assert.Equal([(real.Id, false)], await List(officer, "?trial=false"));
        Assert.Equal([(practice.Id, true)], await List(officer, "?trial=true"));
        Assert.True((await officer.GetAsync($"/api/reviews/work/{practice.Id}").Json()).GetProperty("work").GetProperty("trial").GetBoolean());
    }

    [Fact]
    public async Task Practice_is_in_no_count()
    {
        const string City = "610000/610200/";
        await review.AnOpenWork(areaPath: City);
        await Opened(City);

        var counts = (await review.Officer("site", City).GetAsync("/api/reviews/work/counts").Json()).GetProperty("counts");

        Assert.Equal(1, Assert.Single(counts.EnumerateArray()).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Practice_that_was_not_released_in_time_is_reported_to_nobody()
    {
        const string City = "610000/610300/";
        foreach (var trial in new[] { false, true })
        {
            var stage = Stage(Guid.NewGuid(), areaPath: City, kind: "release") with { Trial = trial };
            await review.Deliver(stage);
            await review.Deliver(new ReleaseOverdue(stage.ApplicationId, stage.CandidateId, 1, stage.Stage, City, review.Clock.Now));
        }

        Assert.Single(await review.Officer("area", "610000/").AllPages("/api/reviews/passed-over", "passedOver"));
    }

    [Fact]
    public async Task When_practice_is_thrown_away_all_of_it_goes_however_often_it_is_told_and_what_is_real_stays()
    {
        const string City = "610000/610400/";
        var (practice, real) = (await Decided(City, trial: true), await Decided(City, trial: false));
        var told = new TrialDiscarded([practice, real], [], review.Clock.Now); // naming a real one changes nothing

        await review.Deliver(told);
        await review.Deliver(told);

        Assert.Equal("", await Left(practice));
        Assert.Equal("work transitions decisions looks ticks", await Left(real));
    }

    [Fact]
    public async Task News_of_a_practice_that_was_thrown_away_opens_no_work()
    {
        var stage = Stage(Guid.NewGuid(), areaPath: "610000/610500/") with { Trial = true };
        await review.Deliver(new TrialDiscarded([stage.ApplicationId], [], review.Clock.Now));

        await review.Deliver(stage);
        await review.Deliver(stage with { Version = 2, Round = 2 });
        await review.Deliver(new ApplicationAbandoned(stage.ApplicationId, stage.CandidateId, 2, "candidate", review.Clock.Now, Trial: true));

        Assert.Equal("", await Left(stage.ApplicationId));
    }

    [Fact]
    public async Task Ten_openings_that_meet_the_throwing_away_leave_no_work()
    {
        var stages = Enumerable.Range(0, 10).Select(_ => Stage(Guid.NewGuid(), areaPath: "610000/610600/") with { Trial = true }).ToList();

        await Task.WhenAll(stages.Select(stage => review.Deliver(stage)).Append(review.Deliver(new TrialDiscarded([.. stages.Select(s => s.ApplicationId)], [], review.Clock.Now))));

        foreach (var stage in stages) Assert.Equal("", await Left(stage.ApplicationId));
    }

    [Fact]
    public async Task The_database_lets_go_of_nothing_real_and_keeps_what_practice_is()
    {
        var (practice, real) = (await Decided("610000/610700/", trial: true), await Decided("610000/610700/", trial: false));

        await Refused(db => db.Work.Where(w => w.ApplicationId == real).ExecuteDeleteAsync());
        await Refused(db => db.Decisions.Where(d => d.ApplicationId == real).ExecuteDeleteAsync());
        await Refused(db => db.Looks.Where(l => l.ApplicationId == real).ExecuteDeleteAsync());
        await Refused(db => db.PaperTicks.Where(t => t.ApplicationId == real).ExecuteDeleteAsync());
        await Refused(db => db.WorkTransitions.Where(t => db.Work.Any(w => w.Id == t.WorkId && w.ApplicationId == real)).ExecuteDeleteAsync());
        await Refused(db => db.Work.Where(w => w.ApplicationId == real).ExecuteUpdateAsync(set => set.SetProperty(w => w.Trial, true)));
        await Refused(db => db.Decisions.Where(d => d.ApplicationId == practice).ExecuteUpdateAsync(set => set.SetProperty(d => d.Remark, "x")));
    }

    private async Task<Work> Opened(string city)
    {
        var stage = Stage(Guid.NewGuid(), areaPath: city) with { Trial = true };
        await review.Deliver(stage);
        return Assert.Single(await review.WorkOf(stage.ApplicationId));
    }

    /// <summary>An application of which the database holds everything it can.</summary>
    private async Task<Guid> Decided(string city, bool trial)
    {
        var stage = Stage(Guid.NewGuid(), areaPath: city) with { Trial = trial };
        await review.Deliver(stage);
        var work = Assert.Single(await review.WorkOf(stage.ApplicationId)).Id;
        var officer = review.Officer("site", city);
        (await officer.PutAsJsonAsync($"/api/reviews/applications/{stage.ApplicationId}/papers/commitment", new { arrived = true })).EnsureSuccessStatusCode();
        await officer.GetAsync($"/api/reviews/work/{work}").Json();
        await officer.PostAsync($"/api/reviews/work/{work}/claim", null);
        await Decide(officer, work, new { version = 1, outcome = "pass" }).Json(HttpStatusCode.Created);
        return stage.ApplicationId;
    }

    private async Task Refused(Func<ReviewDb, Task<int>> change) => Assert.Equal("P0001", (await Assert.ThrowsAsync<PostgresException>(() => review.Query(change))).SqlState);

    private Task<string> Left(Guid application) => review.Query(async db => string.Join(' ', new[]
    {
        await db.Work.AnyAsync(w => w.ApplicationId == application) ? "work" : "",
        await db.WorkTransitions.AnyAsync(t => db.Work.Any(w => w.Id == t.WorkId && w.ApplicationId == application)) ? "transitions" : "",
        await db.Decisions.AnyAsync(d => d.ApplicationId == application) ? "decisions" : "",
        await db.Looks.AnyAsync(l => l.ApplicationId == application) ? "looks" : "",
        await db.PaperTicks.AnyAsync(t => t.ApplicationId == application) ? "ticks" : "",
    }.Where(part => part.Length > 0)));

    private static async Task<List<(Guid, bool)>> List(HttpClient officer, string query) =>
        (await officer.AllPages($"/api/reviews/work{query}", "work")).ConvertAll(w => (w.GetProperty("id").GetGuid(), w.GetProperty("trial").GetBoolean()));
}
