using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class OpenAndVoidWorkTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    private readonly Guid application = Guid.NewGuid();

    [Fact]
    public async Task A_stage_that_opens_becomes_open_work()
    {
        var opened = Stage(application, kind: "confirmation", stage: "confirmation");

        await review.Deliver(opened);

        var work = Assert.Single(await review.WorkOf(application));
        Assert.Equal((WorkState.Open, WorkKind.Confirmation, "confirmation", "site", BeijingSite, 1), (work.State, work.Kind, work.Stage, work.Level, work.AreaPath, work.Version));
        Assert.Equal((opened.CandidateId, "HP", "2027", opened.DueAt, opened.At), (work.CandidateId, work.ProgrammeCode, work.SessionCode, work.DueAt, work.OpenedAt));
    }

    [Fact]
    public async Task The_same_stage_told_ten_times_at_once_under_different_message_ids_is_one_piece_of_work()
    {
        var opened = Stage(application);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => review.Deliver(opened)));

        Assert.Single(await review.WorkOf(application));
    }

    [Fact]
    public async Task A_new_version_voids_open_and_claimed_work_on_older_ones()
    {
        await review.Deliver(Stage(application, stage: "confirmation"));
        await review.Deliver(Stage(application, stage: "site-review", round: 2));
        var claimed = (await review.WorkOf(application))[1];
        await review.Officer("site", BeijingSite).PostAsync($"/api/reviews/work/{claimed.Id}/claim", null);

        await review.Deliver(Stage(application, version: 2, round: 3));

        var work = await review.WorkOf(application);
        Assert.Equal([WorkState.Voided, WorkState.Voided, WorkState.Open], work.Select(w => w.State));
        Assert.All(work.Take(2), w => Assert.Equal((VoidCause.Replaced, null), (w.VoidedFor, w.History[^1].ActorId)));
    }

    [Fact]
    public async Task An_older_version_that_arrives_late_opens_nothing()
    {
        await review.Deliver(Stage(application, version: 2, round: 2));
        await review.Deliver(Stage(application, version: 1));

        Assert.Equal([2], (await review.WorkOf(application)).Select(w => w.Version));
    }

    [Fact]
    public async Task A_withdrawal_voids_open_work()
    {
        await review.Deliver(Stage(application));
        await review.Deliver(new ApplicationWithdrawn(application, Guid.NewGuid(), 1, review.Clock.Now));

        Assert.Equal((WorkState.Voided, VoidCause.Withdrawn), (await review.WorkOf(application)).Select(w => (w.State, w.VoidedFor!.Value)).Single());
    }

    [Fact]
    public async Task A_withdrawal_that_overtakes_its_stage_leaves_no_open_work_and_the_next_version_opens()
    {
        await review.Deliver(new ApplicationWithdrawn(application, Guid.NewGuid(), 1, review.Clock.Now));
        await review.Deliver(Stage(application));
        Assert.Empty(await review.WorkOf(application));

        await review.Deliver(Stage(application, version: 2, round: 2));

        Assert.Equal([2], (await review.WorkOf(application)).Select(w => w.Version));
    }

    [Fact]
    public async Task A_withdrawal_of_an_older_version_that_arrives_late_leaves_the_newer_one_open()
    {
        await review.Deliver(Stage(application, version: 2, round: 2));
        await review.Deliver(new ApplicationWithdrawn(application, Guid.NewGuid(), 1, review.Clock.Now));

        Assert.Equal(WorkState.Open, Assert.Single(await review.WorkOf(application)).State);
    }

    [Fact]
    public async Task An_abandoned_application_opens_nothing_any_more()
    {
        await review.Deliver(Stage(application));
        await review.Deliver(new ApplicationAbandoned(application, Guid.NewGuid(), 1, "confirmation-missed", review.Clock.Now));
        await review.Deliver(Stage(application, version: 1, round: 2));

        Assert.Equal((WorkState.Voided, VoidCause.Abandoned), (await review.WorkOf(application)).Select(w => (w.State, w.VoidedFor!.Value)).Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_back_because_it_was_in_time_is_decided_whichever_message_comes_first(bool abandonedFirst)
    {
        var first = Stage(application);
        await review.Deliver(first);
        var abandoned = new ApplicationAbandoned(application, Guid.NewGuid(), 1, "confirmation-missed", first.At.AddMinutes(1));
        if (abandonedFirst) await review.Deliver(abandoned);
        await review.Deliver(first with { Round = 2, At = first.At.AddMinutes(2), Revived = true });
        if (!abandonedFirst) await review.Deliver(abandoned);
        await review.Deliver(first with { Round = 3, At = first.At.AddMinutes(3) });

        Assert.All((await review.WorkOf(application)).Where(w => w.Round > 1), w => Assert.Equal(WorkState.Open, w.State));
        Assert.Equal(3, (await review.WorkOf(application)).Count);
    }

    [Fact]
    public async Task A_stage_and_its_withdrawal_at_the_same_moment_never_leave_open_work()
    {
        foreach (var one in Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()))
        {
            await review.Deliver(Stage(one, stage: "confirmation"));
            await Task.WhenAll(review.Deliver(Stage(one, round: 2)), review.Deliver(new ApplicationWithdrawn(one, Guid.NewGuid(), 1, review.Clock.Now)));

            Assert.DoesNotContain(await review.WorkOf(one), w => w.State == WorkState.Open);
        }
    }

    [Fact]
    public async Task A_stage_that_is_opened_again_for_the_same_version_is_new_work()
    {
        await review.Deliver(Stage(application));
        await review.Deliver(Stage(application, round: 4));
        await review.Deliver(Stage(application, round: 4));

        Assert.Equal([1, 4], (await review.WorkOf(application)).Select(w => w.Round));
    }

    [Fact]
    public async Task Stages_told_before_rounds_were_counted_are_one_piece_of_work_per_version_and_take_no_counted_round()
    {
        await review.Deliver(Stage(application, stage: "confirmation", round: 0));
        await review.Deliver(Stage(application, stage: "site-review", round: 0));
        await review.Deliver(Stage(application, stage: "site-review", round: 0));
        await review.Deliver(Stage(application, stage: "area-review", round: 1));

        Assert.Equal([("confirmation", -999), ("site-review", -998), ("area-review", 1)], (await review.WorkOf(application)).Select(w => (w.Stage, w.Round)));
    }

    [Theory]
    [InlineData("objection", "site", BeijingSite)]
    [InlineData("review", "village", BeijingSite)]
    [InlineData("review", "point", BeijingSite)] // names no point: no officer could ever see it
    public async Task A_stage_that_nobody_here_can_decide_is_parked_not_guessed(string kind, string level, string areaPath)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => review.Deliver(Stage(application, kind: kind, level: level, areaPath: areaPath)));

        Assert.Contains("parked", failure.Message, StringComparison.Ordinal);
        Assert.False(await review.Query(db => db.KnownApplications.AnyAsync(a => a.ApplicationId == application)));
    }
}
