using System.Net;
using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

/// <summary>What an exam needs no longer.</summary>
public sealed class ForgetTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task What_an_officer_wrote_is_sealed_and_shown_and_says_nothing_once_the_application_is_cleared_and_the_trail_is_whole()
    {
        var (work, holder, _) = await review.AClaimedWork();
        await Decide(holder, work.Id, new { version = 1, outcome = "fail", reasons = new[] { "photo-unclear" }, remark = "张三的照片" }).Json(HttpStatusCode.Created);
        Assert.Equal("张三的照片", (await holder.GetAsync($"/api/reviews/work/{work.Id}").Json(HttpStatusCode.OK)).GetProperty("decision").GetProperty("remark").GetString());
        Assert.Equal(0, await review.Query(db => db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from audit where row::text like '%张三%'").SingleAsync()));

        await review.Query(db => db.Database.ExecuteSqlAsync($"update outbox set sent_at = now() where aggregate_id = {work.ApplicationId}"));
        await review.Deliver(new ApplicationsCleared([work.ApplicationId], [], review.Clock.Now));
        await review.Deliver(new ApplicationsCleared([work.ApplicationId], [], review.Clock.Now));

        var decision = await review.Query(db => db.Decisions.AsNoTracking().SingleAsync(d => d.WorkId == work.Id));
        Assert.Equal(("", Outcome.Fail), (await review.Said(decision), decision.Outcome));
        Assert.Equal(0, await review.Query(db => db.Outbox.CountAsync(m => m.AggregateId == work.ApplicationId)));
        await using var scope = review.Services.CreateAsyncScope();
        Assert.Empty((await scope.ServiceProvider.GetRequiredService<AuditTrail>().Verify(null, default)).Faults);
    }
}
