using System.Net;
using System.Net.Http.Json;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

public sealed class WeChatPayOrderTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly Merchant merchant = host.Merchant;

    [Theory]
    [InlineData("appid", null)]
    [InlineData("mchid", null)]
    [InlineData("description", null)]
    [InlineData("description", "")]
    [InlineData("out_trade_no", null)]
    [InlineData("out_trade_no", "short")]
    [InlineData("out_trade_no", "has a blank in it")]
    [InlineData("out_trade_no", "123456789012345678901234567890123")]
    [InlineData("notify_url", null)]
    [InlineData("notify_url", "http://127.0.0.1/notify?x=1")]
    [InlineData("notify_url", "/notify")]
    [InlineData("time_expire", "tomorrow")]
    [InlineData("amount", null)]
    public async Task A_faulty_field_is_refused_by_its_path(string field, string? value)
    {
        var order = merchant.Order(NewNumber());
        order[field] = value;

        using var response = await merchant.Post("/v3/pay/transactions/native", order);

        Assert.Equal("400 PARAM_ERROR", await response.Fault());
        Assert.Equal($"/body/{field}", (await response.Json()).GetProperty("detail").GetProperty("field").GetString());
        Assert.True(await merchant.Trusts(response));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData("6000")]
    [InlineData(1.5)]
    [InlineData(null)]
    public async Task The_total_is_a_whole_number_of_fen_from_one(object? total)
    {
        var order = merchant.Order(NewNumber());
        order["amount"] = new Dictionary<string, object?> { ["total"] = total };

        using var response = await merchant.Post("/v3/pay/transactions/native", order);

        Assert.Equal("400 PARAM_ERROR", await response.Fault());
        Assert.Equal("/body/amount/total", (await response.Json()).GetProperty("detail").GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"appid\":")]
    [InlineData("")]
    public async Task A_body_that_is_no_json_object_is_refused(string body)
    {
        using var response = await merchant.Send(merchant.Request(HttpMethod.Post, "/v3/pay/transactions/native", body));

        Assert.Equal("400 PARAM_ERROR", await response.Fault());
    }

    [Theory]
    [InlineData("appid", "400 APPID_MCHID_NOT_MATCH")]
    [InlineData("mchid", "400 MCH_NOT_EXISTS")]
    public async Task Someone_elses_app_or_merchant_is_refused(string field, string fault)
    {
        var order = merchant.Order(NewNumber());
        order[field] = "other";

        using var response = await merchant.Post("/v3/pay/transactions/native", order);

        Assert.Equal(fault, await response.Fault());
    }

    [Fact]
    public async Task The_same_number_with_the_same_terms_gets_the_same_code()
    {
        var number = NewNumber();

        using var first = await merchant.Place(number);
        using var again = await merchant.Place(number);

        Assert.Equal(await first.Text("code_url"), await again.Text("code_url"));
    }

    [Fact]
    public async Task The_same_number_with_other_terms_is_refused()
    {
        var number = NewNumber();
        await merchant.Place(number);

        using var dearer = await merchant.Place(number, total: 6001);

        Assert.Equal("400 INVALID_REQUEST", await dearer.Fault());
    }

    [Fact]
    public async Task A_query_tells_an_unpaid_order_without_what_only_payment_brings()
    {
        var number = NewNumber();
        await merchant.Place(number);

        using var response = await Query(number);

        var order = await response.Json();
        Assert.Equal("NOTPAY", order.GetProperty("trade_state").GetString());
        Assert.Equal(6000, order.GetProperty("amount").GetProperty("total").GetInt64());
        Assert.False(order.TryGetProperty("success_time", out _));
        Assert.False(order.TryGetProperty("transaction_id", out _));
        Assert.True(await merchant.Trusts(response));
    }

    [Fact]
    public async Task An_unknown_order_is_not_found()
    {
        using var queried = await Query(NewNumber());
        using var closed = await Close(NewNumber());

        Assert.Equal("404 ORDER_NOT_EXIST", await queried.Fault());
        Assert.Equal("404 ORDER_NOT_EXIST", await closed.Fault());
    }

    [Theory]
    [InlineData("", "400 PARAM_ERROR")]
    [InlineData("?mchid=1900000999", "400 MCH_NOT_EXISTS")]
    public async Task A_query_names_its_merchant(string query, string fault)
    {
        var number = NewNumber();
        await merchant.Place(number);

        using var response = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}{query}");

        Assert.Equal(fault, await response.Fault());
    }

    [Theory]
    [InlineData("{}", "400 PARAM_ERROR")]
    [InlineData("""{"mchid":"1900000999"}""", "400 MCH_NOT_EXISTS")]
    public async Task A_closing_names_its_merchant(string body, string fault)
    {
        var number = NewNumber();
        await merchant.Place(number);

        using var response = await merchant.Send(merchant.Request(HttpMethod.Post, $"/v3/pay/transactions/out-trade-no/{number}/close", body));

        Assert.Equal(fault, await response.Fault());
    }

    [Fact]
    public async Task Closing_twice_is_the_same_as_closing_once_and_both_answers_are_signed()
    {
        var number = NewNumber();
        await merchant.Place(number);

        using var first = await Close(number);
        using var again = await Close(number);

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.True(await merchant.Trusts(first));
        Assert.True(await merchant.Trusts(again));
        using var query = await Query(number);
        Assert.Equal("CLOSED", await query.Text("trade_state"));
    }

    [Fact]
    public async Task A_closed_order_can_be_neither_placed_nor_paid_again()
    {
        var number = NewNumber();
        await merchant.Place(number);
        await Close(number);

        using var placed = await merchant.Place(number);
        using var paid = await host.Http.PostAsJsonAsync("/control/wechat-pay/pay", new { outTradeNo = number });

        Assert.Equal("400 ORDER_CLOSED", await placed.Fault());
        Assert.Equal(HttpStatusCode.Conflict, paid.StatusCode);
    }

    [Fact]
    public async Task A_paid_order_can_be_neither_closed_nor_placed_nor_paid_again()
    {
        var number = NewNumber();
        await merchant.Place(number);
        await host.Control("wechat-pay/pay", new { outTradeNo = number });

        using var closed = await Close(number);
        using var placed = await merchant.Place(number);
        using var paid = await host.Http.PostAsJsonAsync("/control/wechat-pay/pay", new { outTradeNo = number });

        Assert.Equal("400 ORDERPAID", await closed.Fault());
        Assert.Equal("400 ORDERPAID", await placed.Fault());
        Assert.Equal(HttpStatusCode.Conflict, paid.StatusCode);
    }

    private Task<HttpResponseMessage> Query(string number) =>
        merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");

    private Task<HttpResponseMessage> Close(string number) =>
        merchant.Post($"/v3/pay/transactions/out-trade-no/{number}/close", new { mchid = Merchant.Id });
}
