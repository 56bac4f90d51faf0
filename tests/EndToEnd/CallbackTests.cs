using ExamPlatform.Demo;

namespace ExamPlatform.EndToEnd;

[Collection(PlatformCollection.Name)]
public sealed class CallbackTests(RunningPlatform platform)
{
    [Fact]
    public async Task The_same_callback_ten_times_in_parallel_pays_once()
    {
        var life = await platform.AwaitingPayment();
        var (fee, order) = (await life.Life.Fee(), await life.Order());

        var paid = await platform.Platform.Sandbox.Pay(order["codeUrl"], repeat: 10, parallel: true);

        await life.Life.Await("registered");
        await Eventually.Holds("all ten are acknowledged", async () => (await platform.Platform.Sandbox.Callbacks(paid["outTradeNo"])).Count(c => c.Text("acknowledged") == "True") == 10);
        Assert.Equal(1, await platform.Published("payment", "PaymentReceived", fee));
        Assert.Equal(1, await platform.Published("application", "RegistrationCompleted", life.Life.Id));
        Assert.Single(await life.Life.History(), entry => entry.Text("event") == "pay");
        Assert.Empty((await life.Life.Candidate.Get($"/api/payments/fees/{fee}")).Expect(200).Json.List("surplus"));
    }

    [Fact]
    public async Task A_forged_callback_is_not_believed_and_changes_nothing()
    {
        var life = await platform.AwaitingPayment();
        var (fee, order) = (await life.Life.Fee(), await life.Order());
        var number = await OrderNumber(order["codeUrl"]);

        foreach (var kind in (string[])["wrongSignature", "unknownSerial", "stale", "tampered", "wrongKey", "foreignMerchant", "noSignature"])
        {
            var said = await platform.Platform.Sandbox.Forge(number, kind);
            Assert.InRange(int.Parse(said["status"], System.Globalization.CultureInfo.InvariantCulture), 400, 499);
        }

        Assert.Equal("awaitingPayment", (await life.Life.Look())["standing"]);
        Assert.Equal("due", (await life.Life.Candidate.Get($"/api/payments/fees/{fee}")).Expect(200)["state"]);
        Assert.Equal(0, await platform.Published("payment", "PaymentReceived", fee));
        await platform.Platform.Sandbox.Pay(order["codeUrl"]);
        await life.Life.Await("registered");
    }

    [Fact]
    public async Task A_lost_callback_is_made_good_by_asking_the_bank()
    {
        var life = await platform.AwaitingPayment();
        var (fee, order) = (await life.Life.Fee(), await life.Order());

        await platform.Platform.Sandbox.Pay(order["codeUrl"], dropCallback: true);

        await Eventually.Holds("the look finds the payment", async () => (await life.Life.Candidate.Get($"/api/payments/fees/{fee}")).Expect(200)["state"] == "paid");
        await life.Life.Await("registered");
    }

    private async Task<string> OrderNumber(string codeUrl) =>
        (await platform.Platform.Sandbox.Orders()).Single(order => order.Text("codeUrl") == codeUrl).Text("terms/outTradeNo");
}
