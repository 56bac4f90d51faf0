using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>Notices to people who are gone, and about what an exam needs no longer.</summary>
public sealed class ForgetTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private readonly Guid me = Guid.NewGuid(), application = Guid.NewGuid();

    private async Task Told()
    {
        await service.Deliver(new ApplicationSubmitted(application, me, 1, "HP", 1, "2027", "110000/110100/", [], At));
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Submitted, DeliveryChannel.Sms);
    }

    private Task<(int Notices, int Deliveries, int Known)> Left() => service.Query(async db => (await db.Notices.CountAsync(n => n.CandidateId == me),
        await db.Deliveries.CountAsync(d => db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)), await db.KnownApplications.CountAsync(a => a.CandidateId == me)));

    [Fact]
    public async Task Who_asks_to_be_deleted_hears_of_it_in_the_inbox_and_by_sms()
    {
        await service.Deliver(new AccountDeletionAsked(me, At.AddDays(7), At));

        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.AccountDeletionAsked, DeliveryChannel.Inbox);
        await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.AccountDeletionAsked, DeliveryChannel.Sms);
        Assert.Contains("注销", (await service.Inbox(me)).GetProperty("items")[0].GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_account_goes_the_inbox_with_all_deliveries()
    {
        await Told();
        await service.Deliver(new AccountDeleted(me, At));
        await service.Deliver(new AccountDeleted(me, At));

        Assert.Equal((0, 0, 0), await Left());
    }

    [Fact]
    public async Task With_a_cleared_application_go_its_notices_and_no_others()
    {
        await Told();
        await service.Deliver(new PasswordReplaced(me, At));

        await service.Deliver(new ApplicationsCleared([application], [], At));

        Assert.Equal((1, 0), await Left() is var left ? (left.Notices, left.Known) : default);
    }
}
