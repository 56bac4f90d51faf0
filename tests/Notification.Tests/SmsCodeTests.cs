using ExamPlatform.Identities.Contracts;
using ExamPlatform.Sandbox;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Tests;

public sealed class SmsCodeTests(NotificationFixture service) : IClassFixture<NotificationFixture>
{
    private const string Digits = "730951";
    private readonly Guid code = Guid.NewGuid();

    private string Mobile => NotificationFixture.MobileOf(code);

    private async Task<Delivery> In(DeliveryState state)
    {
        Delivery? delivery = null;
        await Until.Async(async () => (delivery = await service.Query(db => db.Notices.AsNoTracking().Where(n => n.Occurrence == $"{code}").SelectMany(n => n.Deliveries).SingleOrDefaultAsync()))?.State == state, what: $"the code is {state}");
        return delivery!;
    }

    [Fact]
    public async Task The_digits_go_to_the_mobile_once_and_lie_nowhere_here()
    {
        service.Codes[code] = Digits;

        for (var n = 0; n < 2; n++) await service.Deliver(new SmsCodeIssued(code, service.Clock.Now));
        var delivery = await In(DeliveryState.Delivered);

        Assert.Equal(Digits, Assert.Single(service.World.To(Mobile)).TemplateParam!.Value.GetProperty("code").GetString());
        Assert.Equal((Guid.Empty, null, null), await service.Query(db => db.Notices.Where(n => n.Id == delivery.NoticeId).Select(n => new ValueTuple<Guid, string?, string?>(n.CandidateId, n.Title, n.Text)).SingleAsync()));
        Assert.Equal(0, await service.Query(db => db.Outbox.CountAsync(m => m.AggregateId == delivery.NoticeId)));
        Assert.DoesNotContain(service.Told, told => told.Contains(Mobile, StringComparison.Ordinal) || told.Contains(Digits, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_that_is_over_before_it_could_be_sent_is_not_sent_any_more()
    {
        service.Codes[code] = Digits;
        service.World.Misbehave(Mobile, Effect.Fail);
        await service.Deliver(new SmsCodeIssued(code, service.Clock.Now));
        await Until.Async(async () => (await service.Query(db => db.Notices.AsNoTracking().Where(n => n.Occurrence == $"{code}").SelectMany(n => n.Deliveries).SingleOrDefaultAsync()))?.LastCode is not null, what: "the gateway has failed");

        service.Codes.TryRemove(code, out _);
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("code-over", (await In(DeliveryState.Failed)).LastCode);
        Assert.Empty(service.World.To(Mobile));
    }
}
