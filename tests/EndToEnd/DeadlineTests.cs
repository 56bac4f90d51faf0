using ExamPlatform.Demo;

namespace ExamPlatform.EndToEnd;

/// <summary>HP 2027: confirmation ends on 2027-01-25, payment on 2027-02-20.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DeadlineTests(RunningPlatform platform)
{
    [Fact]
    public async Task Who_misses_the_confirmation_or_the_correction_has_abandoned_and_the_work_is_void()
    {
        var onSite = await platform.Submitted("350000", "350100");
        var desk = await platform.Desk("site-350100");
        await desk.Find(onSite.Life.Id, "confirmation");
        var returned = await platform.Submitted();
        await returned.FailConfirmation();

        await platform.At(Until(2027, 1, 26), async () =>
        {
            Assert.Equal("confirmation-missed", (await onSite.Life.Await("abandoned"))["abandonedFor"]);
            Assert.Equal("correction-missed", (await returned.Life.Await("abandoned"))["abandonedFor"]);
            await Eventually.Holds("the work is void", async () => (await desk.All(onSite.Life.Id, "confirmation")).Count == 0);
            await onSite.Life.Notice("confirmationMissed");
        });
    }

    [Fact]
    public async Task Who_misses_the_payment_has_abandoned_and_the_order_is_closed_at_the_bank_first()
    {
        var life = await platform.AwaitingPayment();
        var (fee, order) = (await life.Life.Fee(), await life.Order());

        await platform.At(Until(2027, 2, 21), async () =>
        {
            Assert.Equal("payment-missed", (await life.Life.Await("abandoned"))["abandonedFor"]);
            Assert.Equal("closed", (await life.Life.Candidate.Get($"/api/payments/fees/{fee}")).Expect(200)["state"]);
            Assert.Contains(await platform.Platform.Sandbox.Orders(), o => o.Text("codeUrl") == order["codeUrl"] && o.Text("state") == "closed");
            await life.Life.Notice("paymentMissed");
        });
    }

    private static TimeSpan Until(int year, int month, int day) => new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.FromHours(8)) - TimeProvider.System.GetUtcNow();
}
