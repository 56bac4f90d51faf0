using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>Behind the rules in code: no fault in them may take money twice.</summary>
[Collection(nameof(PaymentFixture))]
public class DatabaseGuardTests(PaymentFixture service)
{
    [Theory]
    [InlineData(false, "one_live_order")]
    [InlineData(true, "one_paid_order")]
    public async Task The_database_refuses_a_second_order_that_is_live_or_paid(bool paid, string index)
    {
        var (fee, _) = paid ? await service.Paid() : await service.OrderedByScript();
        var second = PaymentOrder.For(await service.Row(fee), ScriptedBank.Kind, "exam fee", null, fee.DueAt, service.Clock.Now);
        if (paid) second.Fire(OrderEvent.PaidForFee, Some.Paid(service.Clock.Now), "test", service.Clock.Now);

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => service.Query(db =>
        {
            db.Add(second);
            return db.SaveChangesAsync();
        }));

        Assert.Contains(index, refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_takes_one_effect_of_an_event()
    {
        BankCallback Taken()
        {
            var callback = new BankCallback { Id = Guid.CreateVersion7(), Channel = "scripted", ReceivedAt = service.Clock.Now, Headers = "{}", Body = [] };
            callback.Judge(Verdict.Accepted, null, "event-twice", null, service.Clock.Now);
            return callback;
        }

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => service.Query(db =>
        {
            db.AddRange(Taken(), Taken());
            return db.SaveChangesAsync();
        }));

        Assert.Contains("one_effect_per_event", refused.InnerException!.Message, StringComparison.Ordinal);
    }
}
