using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Notifications.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>What a gateway says of an SMS at the handset, told by hand: when, and how often, is the test's.</summary>
public sealed class ReceiptTests(TwoGatewaysFixture service) : IClassFixture<TwoGatewaysFixture>
{
    private readonly Guid me = Guid.NewGuid();

    private async Task<HttpStatusCode> Aliyun(Guid delivery, bool arrived = false) =>
        (await service.Anonymous().PostAsJsonAsync($"/callbacks/aliyun-sms-receipts/{SmsWorld.ReplyToken}", new[] { new { out_id = delivery.ToString(), success = arrived, err_code = "MOBILE_NOT_ON_SERVICE" } })).StatusCode;

    private async Task<HttpStatusCode> Tencent(string serial, string token = SmsWorld.ReceiptToken) =>
        (await service.Anonymous().PostAsJsonAsync($"/callbacks/tencent-sms-receipts/{token}", new[] { new { sid = serial, report_status = "FAIL", errmsg = "UNDELIV" } })).StatusCode;

    private Task<Delivery> Row(Guid delivery) => service.Query(db => db.Deliveries.AsNoTracking().SingleAsync(d => d.Id == delivery));

    private Task<DateTimeOffset?> GoesOn(Guid notice) => service.Query(db => db.Routes.Where(r => r.NoticeId == notice).Select(r => r.GoOnAt).SingleAsync());

    /// <summary>A notice whose SMS, and whatever else, stands as it is told; its route has ended.</summary>
    private async Task<(Guid Notice, Guid Sms)> Standing(DeliveryState sms, DeliveryState? weChat = null, NoticeEvent of = NoticeEvent.Registered, string? receipt = null)
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CandidateId = me, Event = of, Occurrence = $"{Guid.NewGuid()}", ApplicationId = Guid.NewGuid(), At = service.Clock.Now };
        foreach (var (channel, state) in (ReadOnlySpan<(DeliveryChannel, DeliveryState?)>)[(DeliveryChannel.Sms, sms), (DeliveryChannel.WeChat, weChat)])
        {
            if (state is null) continue;
            var delivery = new Delivery { Id = Guid.CreateVersion7(), NoticeId = notice.Id, Channel = channel };
            delivery.Start(service.Clock.Now.AddYears(1)); // nobody takes it up meanwhile
            if (state is DeliveryState.Delivered) delivery.Deliver(receipt, service.Clock.Now);
            notice.Deliveries.Add(delivery);
        }
        await service.Query(db =>
        {
            db.Notices.Add(notice);
            db.Routes.Add(new() { NoticeId = notice.Id });
            return db.SaveChangesAsync();
        });
        return (notice.Id, notice.Deliveries[0].Id);
    }

    [Fact]
    public async Task That_it_did_not_arrive_is_told_once_and_the_notice_goes_on_at_once()
    {
        var (notice, sms) = await Standing(DeliveryState.Delivered, of: NoticeEvent.PaySoon);

        for (var n = 0; n < 2; n++) Assert.Equal(HttpStatusCode.OK, await Aliyun(sms));

        Assert.Equal((DeliveryState.Failed, "MOBILE_NOT_ON_SERVICE"), await Row(sms) is var row ? (row.State, row.LastCode) : default);
        Assert.Equal(("paySoon", "sms", "MOBILE_NOT_ON_SERVICE"), Assert.Single(await service.Published<NoticeFailed>(notice)) is var failed ? (failed.Event, failed.Channel, failed.Reason) : default);
        await Until.Async(() => service.Query(db => db.Deliveries.AnyAsync(d => d.NoticeId == notice && d.Channel == DeliveryChannel.MiniProgram)), what: "the next step has begun");
    }

    [Fact]
    public async Task That_it_arrived_changes_nothing()
    {
        var (_, sms) = await Standing(DeliveryState.Delivered);

        Assert.Equal(HttpStatusCode.OK, await Aliyun(sms, arrived: true));

        Assert.Equal(DeliveryState.Delivered, (await Row(sms)).State);
    }

    [Fact]
    public async Task Whoever_was_reached_by_another_channel_is_not_told_by_the_next_one()
    {
        var (notice, sms) = await Standing(DeliveryState.Delivered, DeliveryState.Delivered);

        await Aliyun(sms);

        Assert.Equal(DeliveryState.Failed, (await Row(sms)).State);
        Assert.Null(await GoesOn(notice));
    }

    [Fact]
    public async Task Of_digits_that_did_not_arrive_nobody_is_told()
    {
        var (notice, sms) = await Standing(DeliveryState.Delivered, of: NoticeEvent.SmsCode);

        await Aliyun(sms);

        Assert.Equal(DeliveryState.Failed, (await Row(sms)).State);
        Assert.Empty(await service.Published<NoticeFailed>(notice));
    }

    [Fact]
    public async Task A_receipt_is_of_an_SMS_and_of_nothing_else()
    {
        await service.Deliver(new RegistrationCompleted(Guid.NewGuid(), me, "HP", "2027", service.Clock.Now));
        var inbox = await service.DeliveryIn(DeliveryState.Delivered, me, NoticeEvent.Registered, DeliveryChannel.Inbox);

        await Aliyun(inbox.Id);

        Assert.Equal(DeliveryState.Delivered, (await Row(inbox.Id)).State);
    }

    [Fact]
    public async Task A_receipt_that_is_quicker_than_the_answer_has_to_come_again()
    {
        var (_, sms) = await Standing(DeliveryState.Sending);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Aliyun(sms));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Tencent("a-number-that-nobody-has-yet"));

        Assert.Equal(DeliveryState.Sending, (await Row(sms)).State);
        await service.Query(db => db.Deliveries.Where(d => d.Id == sms).ExecuteDeleteAsync());
    }

    [Fact]
    public async Task A_receipt_of_the_second_gateway_wants_its_own_secret()
    {
        var (_, sms) = await Standing(DeliveryState.Delivered, receipt: $"{me}");

        Assert.Equal(HttpStatusCode.NotFound, await Tencent($"{me}", SmsWorld.ReplyToken));
        Assert.Equal(DeliveryState.Delivered, (await Row(sms)).State);
        Assert.Equal(HttpStatusCode.OK, await Tencent($"{me}"));
        Assert.Equal((DeliveryState.Failed, "UNDELIV"), await Row(sms) is var row ? (row.State, row.LastCode) : default);
    }
}
