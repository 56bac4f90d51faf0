using System.Net.Http.Json;
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
    public async Task With_the_account_go_what_was_chosen_accepted_and_kept_for_repeats_and_with_the_application_the_officers_task()
    {
        (await service.Candidate(me).PutAsJsonAsync("/api/notices/preferences", new { quietFrom = "21:00", quietUntil = "07:00", off = Array.Empty<string>() })).EnsureSuccessStatusCode();
        (await service.Candidate(me).PostAsJsonAsync("/api/notices/subscriptions", new { accepted = new[] { "SM00000017" } })).EnsureSuccessStatusCode();
        var asking = new HttpRequestMessage(HttpMethod.Post, "/api/content/questions") { Content = JsonContent.Create(new { programme = "HP", areaPath = "110000/", text = "问题" }) };
        asking.Headers.Add("Idempotency-Key", $"{me}");
        (await service.Candidate(me).SendAsync(asking)).EnsureSuccessStatusCode();
        var other = Guid.NewGuid();
        await service.Query(db =>
        {
            foreach (var each in (Guid[])[application, other]) db.UndeliveredNotices.Add(new() { NoticeId = Guid.NewGuid(), CandidateId = me, ApplicationId = each, AreaPath = "", DueAt = At, RaisedAt = At });
            return db.SaveChangesAsync();
        });
        Assert.Equal((1, 1, 1, 2), await Kept());

        await service.Deliver(new ApplicationsCleared([application], [], At));
        Assert.Equal((1, 1, 1, 1), await Kept());
        await service.Deliver(new AccountDeleted(me, At));

        Assert.Equal((0, 0, 0, 0), await Kept());
    }

    private Task<(int Chosen, int Accepted, int Answers, int Tasks)> Kept() => service.Query(async db => (await db.NoticePreferences.CountAsync(p => p.CandidateId == me), await db.Subscriptions.CountAsync(s => s.CandidateId == me),
        await db.KeptAnswers.CountAsync(a => a.ActorId == me), await db.UndeliveredNotices.CountAsync(u => u.CandidateId == me)));

    [Fact]
    public async Task With_a_cleared_application_go_its_notices_and_no_others()
    {
        await Told();
        await service.Deliver(new PasswordReplaced(me, At));

        await service.Deliver(new ApplicationsCleared([application], [], At));

        Assert.Equal((1, 0), await Left() is var left ? (left.Notices, left.Known) : default);
    }
}
