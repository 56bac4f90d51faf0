using System.Net;
using System.Net.Http.Json;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

public sealed class BehaviourTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly Merchant merchant = host.Merchant;
    private readonly string number = NewNumber();

    [Fact]
    public async Task It_fails_as_often_as_told_for_the_named_order_only_and_signs_its_failures()
    {
        await Behave(new { channel = "wechatPay", effect = "fail", times = 2, onlyContaining = number });

        using var other = await merchant.Place(NewNumber());
        using var first = await merchant.Place(number);
        using var second = await merchant.Place(number);
        using var third = await merchant.Place(number);

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("500 SYSTEM_ERROR", await first.Fault());
        Assert.Equal("500 SYSTEM_ERROR", await second.Fault());
        Assert.True(await merchant.Trusts(second));
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_order_placed()
    {
        await Behave(new { channel = "wechatPay", effect = "loseAnswer", onlyContaining = number });

        await Assert.ThrowsAsync<HttpRequestException>(() => merchant.Place(number));

        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");
        Assert.Equal("NOTPAY", await query.Text("trade_state"));
    }

    [Fact]
    public async Task A_dropped_request_places_nothing()
    {
        await Behave(new { channel = "wechatPay", effect = "drop", onlyContaining = number });

        await Assert.ThrowsAsync<HttpRequestException>(() => merchant.Place(number));

        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");
        Assert.Equal("404 ORDER_NOT_EXIST", await query.Fault());
    }

    [Fact]
    public async Task A_hanging_channel_answers_nothing_while_the_caller_waits()
    {
        await Behave(new { channel = "wechatPay", effect = "hang", onlyContaining = number });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        using var request = merchant.Request(HttpMethod.Get, $"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}", "");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Http.SendAsync(request, patience.Token));
    }

    [Fact]
    public async Task A_lying_answer_does_not_verify()
    {
        await Behave(new { channel = "wechatPay", effect = "wrongSignature", onlyContaining = number });

        using var response = await merchant.Place(number);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(await merchant.Trusts(response));
    }

    [Fact]
    public async Task A_delayed_answer_comes_late_but_right()
    {
        await Behave(new { channel = "wechatPay", effect = "delay", delaySeconds = 0.3, onlyContaining = number });
        var started = TimeProvider.System.GetTimestamp();

        using var response = await merchant.Place(number);

        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.25));
        Assert.True(await merchant.Trusts(response));
    }

    [Theory]
    [InlineData("""{"channel":"wechatPay","effect":"explode"}""")]
    [InlineData("""{"channel":"wechatPay","effect":"fail","tims":2}""")]
    [InlineData("""{"channel":"wechatPay","effect":"fail","times":0}""")]
    [InlineData("""{"channel":"sms","effect":"wrongSignature"}""")]
    [InlineData("""{"channel":"chsi","effect":"wrongSignature"}""")]
    [InlineData("""{"channel":"wechatPay","effect":"undelivered"}""")]
    public async Task A_mistyped_instruction_is_refused_rather_than_ignored(string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        using var response = await host.Http.PostAsync("/control/behaviour", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task Behave(object behaviour)
    {
        using var response = await host.Http.PostAsJsonAsync("/control/behaviour", behaviour);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }
}
