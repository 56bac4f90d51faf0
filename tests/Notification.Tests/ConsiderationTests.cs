using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Tests;

/// <summary>What counts for the messages of a person's day, by rows as the sender leaves them behind.</summary>
public sealed class ConsiderationTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const int Most = 2;
    private readonly Guid me = Guid.NewGuid();

    private DateTimeOffset Now => service.Clock.Now;

    [Theory]
    [InlineData("mine", "day-limit")]
    [InlineData("another person's", null)]
    [InlineData("by another channel", null)]
    [InlineData("yesterday", null)]
    [InlineData("failed", null)]
    [InlineData("begun later", null)]
    [InlineData("urgent", null)]
    public async Task What_went_out_to_this_person_by_this_channel_today_counts_and_nothing_else(string what, string? hold)
    {
        for (var n = 0; n < Most; n++)
            await Sent(what == "another person's" ? Guid.NewGuid() : me, what == "by another channel" ? DeliveryChannel.WeChat : DeliveryChannel.Sms,
                what switch { "yesterday" => Now.AddDays(-1), "begun later" => Now.AddSeconds(1), _ => Now.AddMinutes(-5) }, what == "failed");

        Assert.Equal(hold, (await Consider(DeliveryChannel.Sms, what == "urgent" ? NoticeEvent.PasswordReplaced : NoticeEvent.Registered))?.Code);
        Assert.Null(await Consider(DeliveryChannel.Inbox, NoticeEvent.Registered));
    }

    /// <summary>A message that has gone out, or has failed.</summary>
    private Task Sent(Guid to, DeliveryChannel channel, DateTimeOffset at, bool failed)
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = to, Event = NoticeEvent.Registered, Occurrence = $"{Guid.NewGuid()}", At = at };
        var delivery = new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = channel };
        delivery.Start(at);
        if (failed) delivery.Fail("x", at);
        else delivery.Deliver("1", at);
        notice.Deliveries.Add(delivery);
        return service.Query(db =>
        {
            db.Notices.Add(notice);
            return db.SaveChangesAsync();
        });
    }

    private Task<Consideration.Hold?> Consider(DeliveryChannel channel, NoticeEvent of) => service.Query(db =>
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = of, Occurrence = "now", At = Now };
        var delivery = new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = channel };
        delivery.Start(Now);
        return new Consideration(db, Options.Create(new NotificationOptions { MostPerDay = Most }), service.Clock).Of(delivery, notice, CancellationToken.None);
    });
}
