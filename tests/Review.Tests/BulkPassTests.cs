using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Reviews.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class BulkPassTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    private readonly Guid officer = Guid.NewGuid();

    [Fact]
    public async Task Each_is_claimed_and_passed_for_itself_and_how_many_is_kept()
    {
        var work = new List<Work>();
        for (var i = 0; i < 25; i++) work.Add(await review.AnOpenWork());

        var passed = await Pass([.. work.Select(w => (w.Id, 1))]).Json();

        Assert.Equal(Enumerable.Repeat("passed", 25), Outcomes(passed));
        Assert.Equal((25, 25), (passed.GetProperty("asked").GetInt32(), passed.GetProperty("passed").GetInt32()));
        foreach (var one in work)
        {
            Assert.Equal([(WorkVerb.Claim, officer), (WorkVerb.Pass, officer)], (await review.Now(one)).History.Select(t => (t.Verb, t.ActorId!.Value)));
            Assert.Single(await review.Published<ReviewPassed>(one.ApplicationId));
        }
        var kept = await review.Query(db => db.BulkPasses.SingleAsync(b => b.OfficerId == officer));
        Assert.Equal((review.Clock.Now, 25, 25), (kept.At, kept.Asked, kept.Passed));
    }

    [Fact]
    public async Task One_that_may_not_pass_says_why_and_stays_as_it_was_and_the_others_pass()
    {
        var (held, _, _) = await review.AClaimedWork();
        var (replaced, elsewhere, disagrees, unreachable, good) =
            (await review.AnOpenWork(), await review.AnOpenWork(areaPath: "350000/350100/"), await review.AnOpenWork(kind: "acceptance"), await review.AnOpenWork(), await review.AnOpenWork());
        review.Application.Replaced.Add(replaced.ApplicationId.ToString());
        review.Application.Registers[disagrees.ApplicationId.ToString()] = ["otherArea"];
        review.Application.Registers[unreachable.ApplicationId.ToString()] = ["unreachable"];

        var passed = await Pass((held.Id, 1), (replaced.Id, 1), (elsewhere.Id, 1), (disagrees.Id, 1), (unreachable.Id, 1), (good.Id, 2), (Guid.NewGuid(), 1)).Json();
        var (after, second) = ((await review.Now(good)).State, await Pass((good.Id, 1)).Json());

        Assert.Equal(["claimed-by-other", "version-replaced", "not-found", "register-disagrees", "register-unreachable", "version-replaced", "not-found"], Outcomes(passed));
        Assert.Equal((WorkState.Open, "passed"), (after, Outcomes(second).Single()));
        foreach (var one in new[] { replaced, elsewhere, disagrees, unreachable }) Assert.Empty((await review.Now(one)).History);
        Assert.Equal([(1, 1), (7, 0)], await review.Query(async db => (await db.BulkPasses.Where(b => b.OfficerId == officer).ToListAsync()).Select(b => (b.Asked, b.Passed)).Order()));
    }

    [Fact]
    public async Task The_rules_of_each_kind_hold()
    {
        var (decided, holder, _) = await review.AClaimedWork(officer: officer);
        await Decide(holder, decided.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" } }).Json(HttpStatusCode.Created);
        var appeal = await review.AnOpenWork(kind: "appeal", application: decided.ApplicationId, round: 2);

        Assert.Equal(["own-decision", "already-decided"], Outcomes(await Pass((appeal.Id, 1), (decided.Id, 1)).Json()));
        Assert.Equal(WorkState.Open, (await review.Now(appeal)).State);
    }

    [Fact]
    public async Task While_application_is_away_nothing_passes_and_it_can_be_repeated()
    {
        var work = await review.AnOpenWork();
        review.Application.Away.Add(work.ApplicationId.ToString());

        Assert.Equal(["temporarily-unavailable"], Outcomes(await Pass((work.Id, 1)).Json()));

        review.Application.Away.Remove(work.ApplicationId.ToString());
        Assert.Equal(["passed"], Outcomes(await Pass((work.Id, 1)).Json()));
    }

    [Fact]
    public async Task The_same_request_sent_again_with_its_key_gets_the_same_answer()
    {
        var (work, key) = (await review.AnOpenWork(), Guid.NewGuid().ToString());

        var first = await Pass(key, (work.Id, 1)).Json();
        var again = await Pass(key, (work.Id, 1)).Json();

        Assert.Equal(first.ToString(), again.ToString());
        Assert.Single(await review.Query(db => db.BulkPasses.Where(b => b.OfficerId == officer).ToListAsync()));
        Assert.Single(await review.Published<ReviewPassed>(work.ApplicationId));
    }

    [Fact]
    public async Task Two_officers_who_pass_the_same_at_the_same_moment_pass_it_once()
    {
        var work = await review.AnOpenWork();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => review.Officer("site", BeijingSite).PostAsJsonAsync("/api/reviews/work/bulk-pass", Items((work.Id, 1))).Json()));

        Assert.Single(answers.SelectMany(Outcomes), "passed");
        Assert.Single(await review.Published<ReviewPassed>(work.ApplicationId));
    }

    [Fact]
    public async Task None_too_many_or_the_same_twice_are_refused()
    {
        var id = Guid.NewGuid();

        Assert.Equal(["#/items required"], (await Pass().Problem(HttpStatusCode.BadRequest)).Faults);
        Assert.Equal(["#/items too-many"], (await Pass([.. Enumerable.Range(0, 201).Select(_ => (Guid.NewGuid(), 1))]).Problem(HttpStatusCode.BadRequest)).Faults);
        Assert.Equal(["#/items/2/workId repeated"], (await Pass((id, 1), (Guid.NewGuid(), 1), (id, 1)).Problem(HttpStatusCode.BadRequest)).Faults);
    }

    private Task<HttpResponseMessage> Pass(params (Guid, int)[] items) => Pass(Guid.NewGuid().ToString(), items);

    private Task<HttpResponseMessage> Pass(string key, params (Guid, int)[] items)
    {
        var client = review.Officer("site", BeijingSite, officer);
        client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return client.PostAsJsonAsync("/api/reviews/work/bulk-pass", Items(items));
    }

    private static object Items(params (Guid Id, int Version)[] items) => new { items = items.Select(i => new { workId = i.Id, version = i.Version }) };

    private static IEnumerable<string> Outcomes(System.Text.Json.JsonElement passed) => passed.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("outcome").GetString()!);
}
