using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Practice (试报名): told in the inbox as practice, by SMS never, and gone when it is thrown away.</summary>
public sealed class TrialTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private readonly Guid me = Guid.NewGuid();
    private readonly Guid application = Guid.NewGuid();

    [Fact]
    public async Task A_practice_is_told_in_the_inbox_in_words_that_say_so_and_no_sms_leaves()
    {
        await Submitted();
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Inbox);
        await service.DeliveryIn(DeliveryState.Withheld, me, NoticeEvent.Submitted, DeliveryChannel.Sms);

        var notice = (await service.Inbox(me)).GetProperty("items")[0];
        Assert.StartsWith("【试报名】报名信息已提交", notice.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("【试报名】您的", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(service.World.To(NotificationFixture.MobileOf(me)));
    }

    [Fact]
    public async Task Of_a_whole_practised_life_no_sms_leaves()
    {
        await Submitted();
        await service.Deliver(new StagePassed(application, me, 1, "confirmation", At, Trial: true));
        await service.Deliver(new ReturnedForCorrection(application, me, 1, "site-review", ["x"], At, At));
        await service.Deliver(new FeeDue(application, me, Guid.NewGuid(), "HP", "practice", "110000/110100/", 24400, At.AddDays(7), At, Trial: true));
        await service.Deliver(new DeadlineNear(application, me, "pay", At.AddDays(7), At, Trial: true));
        await service.Deliver(new PaymentReceived(application, me, Guid.NewGuid(), Guid.NewGuid(), 24400, "practice", At, At));
        await service.Deliver(new RegistrationCompleted(application, me, "HP", "practice", At, Trial: true));

        await Until.Async(() => service.Query(async db => await db.Deliveries.CountAsync(d => db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)
            && (d.State == DeliveryState.Delivered || d.State == DeliveryState.Withheld)) == 20), what: "all is told");

        Assert.All((await service.Inbox(me)).GetProperty("items").EnumerateArray(), n => Assert.StartsWith("【试报名】", n.GetProperty("title").GetString(), StringComparison.Ordinal));
        Assert.Empty(service.World.To(NotificationFixture.MobileOf(me)));
    }

    [Fact]
    public async Task What_is_real_bears_no_mark()
    {
        await Submitted(trial: false);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Sms);

        Assert.Equal("报名信息已提交", (await service.Inbox(me)).GetProperty("items")[0].GetProperty("title").GetString());
        Assert.Single(service.World.To(NotificationFixture.MobileOf(me)));
    }

    [Fact]
    public async Task When_practice_is_thrown_away_its_notices_go_however_often_it_is_told_and_real_ones_stay()
    {
        await Submitted();
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Inbox);
        var real = Guid.NewGuid();
        await service.Deliver(new ApplicationSubmitted(real, me, 1, "HP", 1, "2027", "110000/110100/", [], At));

        await Discarded();
        await Discarded();

        Assert.Equal("", await Left());
        Assert.Equal([real], await service.Query(db => db.Notices.Where(n => n.CandidateId == me).Select(n => n.ApplicationId!.Value).ToListAsync()));
        Assert.True(await service.Query(db => db.KnownApplications.AnyAsync(a => a.ApplicationId == real)));
    }

    [Fact]
    public async Task News_of_a_practice_that_was_thrown_away_is_not_told()
    {
        await Submitted();
        await Discarded();

        await Submitted();
        await service.Deliver(new StagePassed(application, me, 1, "confirmation", At, Trial: true));
        await service.Deliver(new ApplicationWithdrawn(application, me, 1, At));
        await service.Deliver(new RegistrationCompleted(application, me, "HP", "practice", At, Trial: true));

        Assert.Equal("", await Left());
    }

    [Fact]
    public async Task Submissions_that_meet_the_throwing_away_are_not_told()
    {
        var sent = Enumerable.Range(0, 10).Select(_ => new ApplicationSubmitted(Guid.NewGuid(), me, 1, "HP", 1, "practice", "110000/110100/", [], At, Trial: true)).ToList();
        foreach (var one in sent) service.Trials[one.ApplicationId.ToString()] = true;

        await Task.WhenAll(sent.Select(one => service.Deliver(one)).Append(service.Deliver(new TrialDiscarded([.. sent.Select(s => s.ApplicationId)], [], At))));

        Assert.False(await service.Query(db => db.Notices.AnyAsync(n => n.CandidateId == me)));
        Assert.False(await service.Query(db => db.KnownApplications.AnyAsync(a => a.CandidateId == me)));
    }

    private Task Submitted(bool trial = true)
    {
        if (trial) service.Trials[application.ToString()] = true;
        return service.Deliver(new ApplicationSubmitted(application, me, 1, "HP", 1, "practice", "110000/110100/", [], At, trial));
    }

    private Task Discarded() => service.Deliver(new TrialDiscarded([application], [], At));

    private Task<string> Left() => service.Query(async db => string.Join(' ', new[]
    {
        await db.Notices.AnyAsync(n => n.ApplicationId == application) ? "notices" : "",
        await db.Deliveries.AnyAsync(d => !db.Notices.Any(n => n.Id == d.NoticeId)) ? "deliveries" : "",
        await db.KnownApplications.AnyAsync(a => a.ApplicationId == application) ? "application" : "",
    }.Where(part => part.Length > 0)));
}
