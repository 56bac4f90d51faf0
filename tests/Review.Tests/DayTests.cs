using System.Net;
using System.Text.Json;
using ExamPlatform.Reviews.Features;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

/// <summary>What came in and what was decided on each day in Beijing.</summary>
public sealed class DayTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task Each_stage_has_its_arrivals_and_decisions_by_the_day_in_Beijing()
    {
        const string City = "530000/530100/";
        var officer = review.Officer("site", City);
        var work = new List<Work> { await Opened(City, "2026-11-20T15:59:59Z"), await Opened(City, "2026-11-20T16:00:00Z"), await Opened(City, "2026-11-21T15:59:59Z") };
        foreach (var (one, outcome) in work.Zip((object[])[new { version = 1, outcome = "pass" }, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" } }]))
        {
            await officer.PostAsync($"/api/reviews/work/{one.Id}/claim", null);
            await Decide(officer, one.Id, outcome).Json(HttpStatusCode.Created);
        }

        var told = await officer.GetAsync("/api/reviews/work/days?days=3").Json();

        Assert.Equal(("2026-11-20", "2026-11-22"), (told.GetProperty("from").GetString(), told.GetProperty("until").GetString()));
        Assert.Equal(["HP 2027 site-review review 2026-11-20 1 0 0 0", "HP 2027 site-review review 2026-11-21 2 0 0 0", "HP 2027 site-review review 2026-11-22 0 1 1 0"], Lines(told, "days"));
    }

    [Fact]
    public async Task What_each_officer_decided_is_counted_also_what_was_sent_back()
    {
        var (work, holder, officer) = await review.AClaimedLaterWork();
        var (_, other, colleague) = await review.AClaimedWork(officer: Guid.NewGuid());
        await Decide(holder, work.Id, new { version = 1, outcome = "sendBack", remark = "请重审" }).Json(HttpStatusCode.Created);

        var officers = Lines(await other.GetAsync("/api/reviews/work/days").Json(), "officers");

        Assert.Contains($"{officer} 0 0 1", officers);
        Assert.DoesNotContain(officers, line => line.StartsWith(colleague.ToString(), StringComparison.Ordinal)); // who holds work has decided nothing
    }

    [Theory]
    [InlineData("site", "540000/540200/")]
    [InlineData("area", "540000/")]
    [InlineData("national", "")]
    public async Task Nobody_counts_the_days_of_another_level_or_jurisdiction(string level, string areaPath)
    {
        await Opened("540000/540100/", "2026-11-21T01:00:00Z");

        Assert.DoesNotContain(Lines(await review.Officer(level, areaPath).GetAsync("/api/reviews/work/days").Json(), "days"), line => line.Contains("2026-11-21", StringComparison.Ordinal));
        Assert.Single(Lines(await review.Officer("site", "540000/540100/").GetAsync("/api/reviews/work/days").Json(), "days"));
    }

    [Fact]
    public async Task Practice_is_not_counted()
    {
        const string City = "550000/550100/";
        await review.Deliver(Stage(Guid.NewGuid(), areaPath: City) with { Trial = true });

        Assert.Empty(Lines(await review.Officer("site", City).GetAsync("/api/reviews/work/days").Json(), "days"));
    }

    [Theory]
    [InlineData("days=0", "#/days out-of-range")]
    [InlineData("days=32", "#/days out-of-range")]
    [InlineData("until=1800-01-01", "#/until out-of-range")]
    public async Task At_most_a_month_is_counted_at_once(string query, string fault) =>
        Assert.Equal([fault], (await review.Officer("site", BeijingSite).GetAsync($"/api/reviews/work/days?{query}").Problem(HttpStatusCode.BadRequest)).Faults);

    [Fact]
    public async Task Counting_days_reads_nothing_but_its_indexes()
    {
        var (me, now) = (new Me(Guid.NewGuid(), TokenNames.Officer, "site", BeijingSite), new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));

        await review.Query(db => db.Database.ExecuteSqlRawAsync("""
            insert into work (id, application_id, candidate_id, version, round, programme_code, programme_version, session_code, stage, kind, level, area_path, opened_at, state, decided_at, decided_by)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1, 'HP', 1, '2027', 'site-review', 'Review', 'site', '110000/110100/', '2025-01-01'::timestamptz + n * interval '2 hours', 'Passed',
              '2025-01-01'::timestamptz + n * interval '2 hours', '00000000-0000-0000-0000-000000000001' from generate_series(1, 4000) n
            """));
        await review.Query(db => db.Database.ExecuteSqlRawAsync("vacuum analyze work"));
        var plans = (await review.Plan(db => CountDays.Arrivals(db, me, now, now.AddDays(14))), await review.Plan(db => CountDays.Decisions(db, me, now, now.AddDays(14))));

        Assert.True(plans.Item1.Contains("Index Only Scan using ix_work_arrivals on work", StringComparison.Ordinal), plans.Item1);
        Assert.True(plans.Item2.Contains("Index Only Scan using ix_work_decisions on work", StringComparison.Ordinal), plans.Item2);
    }

    private async Task<Work> Opened(string areaPath, string at)
    {
        var stage = Stage(Guid.NewGuid(), areaPath: areaPath) with { At = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture) };
        await review.Deliver(stage);
        return (await review.WorkOf(stage.ApplicationId)).Single();
    }

    private static List<string> Lines(JsonElement told, string list) => [.. told.GetProperty(list).EnumerateArray().Select(d => string.Join(' ', d.EnumerateObject().Select(p => p.Value.ToString())))];
}
