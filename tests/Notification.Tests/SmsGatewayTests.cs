using ExamPlatform.Applications.Contracts;
using ExamPlatform.Sandbox;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

/// <summary>A platform with both gateways.</summary>
public sealed class TwoGatewaysFixture : NotificationFixture
{
    protected override IEnumerable<KeyValuePair<string, string>> More =>
    [
        new("Notification:TencentSms:BaseAddress", World.Address.ToString()),
        new("Notification:TencentSms:SecretId", SmsWorld.KeyId),
        new("Notification:TencentSms:SecretKey", SmsWorld.KeySecret),
        new("Notification:TencentSms:SdkAppId", "1400000001"),
        new("Notification:TencentSms:ReceiptToken", SmsWorld.ReceiptToken),
    ];
}

public sealed class SmsGatewayTests(TwoGatewaysFixture service) : IClassFixture<TwoGatewaysFixture>
{
    private static readonly SendAnswer Good = new(SendOutcome.Accepted, "OK"), Bad = new(SendOutcome.Refused, "isp.SYSTEM_ERROR"), OfAPerson = new(SendOutcome.Refused, "isv.BUSINESS_LIMIT_CONTROL", OfThePerson: true);
    private static readonly string[] Both = ["aliyun", "tencent"];
    private readonly Guid me = Guid.NewGuid();
    private readonly SettableClock clock = new(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

    private string Mobile => NotificationFixture.MobileOf(me);

    private Task Registered() => service.Deliver(new RegistrationCompleted(Guid.NewGuid(), me, "HP", "2027", service.Clock.Now));

    private Task<Delivery?> Sms() => service.Query(db => db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Channel == DeliveryChannel.Sms && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)));

    private async Task<Delivery> Settled(DeliveryState state)
    {
        await Until.Async(async () =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(10));
            return (await Sms())?.State == state;
        }, what: $"the SMS is {state}");
        return (await Sms())!;
    }

    [Fact]
    public async Task What_one_gateway_surely_did_not_send_goes_by_the_other_with_the_values_in_their_places()
    {
        service.World.Misbehave(Channel.Sms, Mobile, Effect.Fail, code: "isp.SYSTEM_ERROR");
        await Registered();

        var delivery = await Settled(DeliveryState.Delivered);
        var sent = Assert.Single(service.World.ByTencent(Mobile));
        Assert.Equal(("tencent", sent.SerialNo, delivery.Id.ToString()), (delivery.Gateway, delivery.Receipt, sent.SessionContext));
        Assert.Equal(["卫生专业技术资格考试", "2027年度"], sent.Params);
        Assert.Empty(service.World.To(Mobile));
    }

    [Theory]
    [InlineData(Effect.LoseAnswer)]
    [InlineData(Effect.Drop)]
    public async Task What_may_have_been_sent_by_one_gateway_never_goes_by_the_other_before_that_is_known(Effect effect)
    {
        service.World.Misbehave(Channel.Sms, Mobile, effect);
        await Registered();

        await Settled(DeliveryState.Delivered);

        Assert.Equal(1, service.World.To(Mobile).Count + service.World.ByTencent(Mobile).Count);
    }

    [Fact]
    public async Task A_receipt_of_the_second_gateway_that_says_no_fails_the_delivery_by_its_serial_number()
    {
        service.World.Misbehave(Channel.Sms, Mobile, Effect.Fail, code: "isp.SYSTEM_ERROR");
        service.World.Misbehave(Channel.TencentSms, Mobile, Effect.Undelivered);
        await Registered();

        Assert.Equal("UNDELIV", (await Settled(DeliveryState.Failed)).LastCode);
    }

    [Fact]
    public void A_gateway_of_whose_last_answers_many_are_bad_rests_and_is_then_tried_with_one_message()
    {
        var health = new SmsHealth(clock);
        for (var n = 0; n < 4; n++) health.Note("aliyun", Bad, TimeSpan.Zero);
        Assert.Equal("aliyun", health.Choose(Both, null));
        health.Note("aliyun", Bad, TimeSpan.Zero);

        Assert.Equal("tencent", health.Choose(Both, null));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["aliyun", "tencent"], (string[])[health.Choose(Both, null), health.Choose(Both, null)]);

        health.Note("aliyun", Bad, TimeSpan.Zero);
        Assert.Equal("tencent", health.Choose(Both, null));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("aliyun", health.Choose(Both, null));
        health.Note("aliyun", Good, TimeSpan.Zero);
        health.Note("aliyun", Good, TimeSpan.Zero); // what was bad before the rest counts no longer
        Assert.Equal(["aliyun", "aliyun"], (string[])[health.Choose(Both, null), health.Choose(Both, null)]);
    }

    [Fact]
    public async Task That_a_gateway_knows_nothing_of_a_message_is_believed_after_a_minute()
    {
        var (gateways, delivery) = (new SmsGateways([new Empty()], new(clock), clock), new Delivery { Id = Guid.NewGuid(), Channel = DeliveryChannel.Sms });
        delivery.Start(clock.Now, "empty");

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(SendOutcome.Unknown, (await gateways.Find(delivery, Mobile, default)).Outcome);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SendOutcome.Refused, (await gateways.Find(delivery, Mobile, default)).Outcome);
    }

    /// <summary>Has never heard of anything.</summary>
    private sealed class Empty : ISmsGateway
    {
        public string Name => "empty";
        public Task<SendAnswer> SendAsync(Sms sms, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<SendAnswer> FindAsync(string mobile, Guid deliveryId, DateTimeOffset sentAt, CancellationToken cancellationToken) => Task.FromResult(new SendAnswer(SendOutcome.Refused, "not-arrived"));
    }

    [Fact]
    public void A_message_that_one_gateway_refused_goes_by_another_and_a_trial_without_an_answer_is_made_again()
    {
        var health = new SmsHealth(clock);
        Assert.Equal("tencent", health.Choose(Both, "aliyun"));
        for (var n = 0; n < 5; n++) health.Note("aliyun", Bad, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("aliyun", health.Choose(Both, null)); // and its answer never comes

        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("tencent", health.Choose(Both, null));
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["aliyun", "tencent"], (string[])[health.Choose(Both, null), health.Choose(Both, null)]);
    }

    [Fact]
    public void Slow_answers_are_bad_ones_and_refusals_about_a_person_are_not()
    {
        var health = new SmsHealth(clock);
        for (var n = 0; n < 20; n++) health.Note("aliyun", OfAPerson, TimeSpan.Zero);
        Assert.Equal("aliyun", health.Choose(Both, null));

        for (var n = 0; n < 8; n++) health.Note("aliyun", Good, TimeSpan.FromSeconds(4));

        Assert.Equal("tencent", health.Choose(Both, null));
    }

    [Fact]
    public void The_signature_is_that_of_Tencents_published_example()
    {
        // from the page "Signature v3" of Tencent Cloud's API reference: cvm, DescribeInstances
        var body = """{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"""u8.ToArray();

        var authorization = Tc3Signature.Authorization("cvm", new Dictionary<string, string> { ["content-type"] = "application/json; charset=utf-8", ["host"] = "cvm.tencentcloudapi.com" }, body,
            DateTimeOffset.FromUnixTimeSeconds(1551113065), "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");

        Assert.Equal("TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168", authorization);
    }
}

/// <summary>Apart from the others: what a gateway has done lately is remembered by the whole process.</summary>
public sealed class SecondGatewayTests(TwoGatewaysFixture service) : IClassFixture<TwoGatewaysFixture>
{
    private readonly Guid me = Guid.NewGuid();

    private string Mobile => NotificationFixture.MobileOf(me);

    private async Task<Delivery> Sent(Effect effect, DeliveryState end)
    {
        service.World.Misbehave(Channel.Sms, Mobile, Effect.Fail, code: "isp.SYSTEM_ERROR");
        service.World.Misbehave(Channel.TencentSms, Mobile, effect);
        await service.Deliver(new RegistrationCompleted(Guid.NewGuid(), me, "HP", "2027", service.Clock.Now));
        Delivery? sms = null;
        await Until.Async(async () =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(10));
            sms = await service.Query(db => db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Channel == DeliveryChannel.Sms && db.Notices.Any(n => n.Id == d.NoticeId && n.CandidateId == me)));
            return sms?.State == end;
        }, what: $"the SMS is {end}");
        return sms!;
    }

    [Fact]
    public async Task A_lost_answer_of_the_second_gateway_is_found_by_the_deliverys_id()
    {
        Assert.Equal("tencent", (await Sent(Effect.LoseAnswer, DeliveryState.Delivered)).Gateway);
        Assert.Single(service.World.ByTencent(Mobile));
        Assert.Empty(service.World.To(Mobile));
    }

    [Fact]
    public async Task What_the_second_gateway_does_not_know_of_may_still_have_gone_out_and_is_given_up_not_sent_again()
    {
        Assert.Equal("in-doubt", (await Sent(Effect.Drop, DeliveryState.Failed)).LastCode);
        Assert.Empty(service.World.ByTencent(Mobile));
        Assert.Empty(service.World.To(Mobile));
    }
}
