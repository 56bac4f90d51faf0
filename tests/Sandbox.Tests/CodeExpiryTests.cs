using System.Net;
using System.Net.Http.Json;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

// Own host: these tests move the clock.
public sealed class CodeExpiryTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task A_code_older_than_two_hours_cannot_be_paid_until_the_order_is_placed_again()
    {
        var number = NewNumber();
        using var placed = await host.Merchant.Place(number);
        host.Clock.Offset += TimeSpan.FromHours(2);

        using var late = await Pay(await placed.Text("code_url"));
        using var again = await host.Merchant.Place(number);
        using var paid = await Pay(await again.Text("code_url"));

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(HttpStatusCode.OK, paid.StatusCode);
    }

    [Fact]
    public async Task After_time_expire_the_order_cannot_be_paid_but_is_not_closed()
    {
        var order = host.Merchant.Order(NewNumber());
        order["time_expire"] = host.Clock.GetUtcNow().AddMinutes(30).ToString("yyyy-MM-dd'T'HH:mm:sszzz");
        using var placed = await host.Merchant.Post("/v3/pay/transactions/native", order);
        host.Clock.Offset += TimeSpan.FromMinutes(31);

        using var late = await Pay(await placed.Text("code_url"));

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        using var query = await host.Merchant.Get($"/v3/pay/transactions/out-trade-no/{order["out_trade_no"]}?mchid={Merchant.Id}");
        Assert.Equal("NOTPAY", await query.Text("trade_state"));
    }

    private Task<HttpResponseMessage> Pay(string codeUrl) => host.Http.PostAsJsonAsync("/control/wechat-pay/pay", new { codeUrl });
}
