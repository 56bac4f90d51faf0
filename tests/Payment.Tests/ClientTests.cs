using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Payments.Tests;

/// <summary>Ways of paying by what the candidate pays with.</summary>
[Collection(nameof(PaymentFixture))]
public class ClientTests(PaymentFixture service)
{
    private static readonly string[] All = ["wechat-native", "wechat-jsapi", "wechat-mini", "wechat-h5"];

    [Theory]
    [InlineData("wechat-jsapi", "weChat", "test-AccountAppId")]
    [InlineData("wechat-mini", "miniProgram", "test-MiniProgramAppId")]
    public async Task Within_WeChat_the_bridge_is_given_words_that_the_merchant_signed(string channel, string client, string appId)
    {
        var fee = await service.FeeFellDue(channels: All);
        var openId = service.Identity.Bind(fee.CandidateId, appId, service.Bank);

        var handle = (await Order(fee, channel, client)).GetProperty("handle");

        var atBank = service.Bank.Find((await service.OrderOf(fee)).Number)!;
        Assert.Equal((TradeType.Jsapi, appId, openId), (atBank.Terms.TradeType, atBank.Terms.AppId, atBank.Terms.OpenId));
        Assert.Equal("bridge", handle.GetProperty("kind").GetString());
        string Field(string name) => handle.GetProperty("fields").GetProperty(name).GetString()!;
        Assert.Equal((appId, "RSA", $"prepay_id={atBank.Handle}"), (Field("appId"), Field("signType"), Field("package")));
        using var merchant = RSA.Create();
        merchant.ImportFromPem(service.Bank.MerchantPrivateKeyPem);
        Assert.True(merchant.VerifyData(Encoding.UTF8.GetBytes($"{appId}\n{Field("timeStamp")}\n{Field("nonceStr")}\nprepay_id={atBank.Handle}\n"), Convert.FromBase64String(Field("paySign")), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task A_phones_browser_is_sent_to_an_address_that_lives_five_minutes_and_the_bank_is_told_its_own()
    {
        var fee = await service.FeeFellDue(channels: All);

        var told = await Order(fee, "wechat-h5", "mobile");

        var atBank = service.Bank.Find((await service.OrderOf(fee)).Number)!;
        Assert.Equal(("address", atBank.Handle), (told.GetProperty("handle").GetProperty("kind").GetString(), told.GetProperty("handle").GetProperty("value").GetString()));
        Assert.Equal(service.Clock.Now.AddMinutes(5), told.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Equal("203.0.113.9", atBank.Terms.PayerAddress);
    }

    [Fact]
    public async Task Who_has_bound_no_WeChat_is_told_to_and_nothing_is_opened()
    {
        var fee = await service.FeeFellDue(channels: All);

        using var answer = await Try(fee, "wechat-jsapi", "weChat");

        Assert.Equal((HttpStatusCode.Conflict, "bind-wechat"), (answer.StatusCode, await answer.Code()));
        Assert.Empty((await service.Row(fee)).Orders);
    }

    [Fact]
    public async Task While_nobody_can_say_who_pays_within_WeChat_nothing_is_opened()
    {
        var fee = await service.FeeFellDue(channels: All);
        service.Identity.Unanswered[fee.CandidateId.ToString()] = true;

        using var answer = await Try(fee, "wechat-jsapi", "weChat");

        Assert.Equal((HttpStatusCode.Conflict, "payer-unknown"), (answer.StatusCode, await answer.Code()));
        Assert.Empty((await service.Row(fee)).Orders);
    }

    [Theory]
    [InlineData("pc", "wechat-native")]
    [InlineData("mobile", "wechat-h5")]
    [InlineData("weChat", "wechat-jsapi")]
    [InlineData("miniProgram", "wechat-mini")]
    public async Task Only_what_can_be_gone_on_a_client_is_offered_there(string client, string offered)
    {
        var fee = await service.FeeFellDue(channels: All);

        var told = await Look(fee, client);

        Assert.Equal([offered], told.GetProperty("channels").EnumerateArray().Select(c => c.GetString()));
        using var other = await Try(fee, All.First(kind => kind != offered), client);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        Assert.Contains("not-for-client", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mobile", "wechat-h5")]
    [InlineData("weChat", "wechat-jsapi")]
    public async Task Where_paying_on_a_phone_is_not_open_a_computer_is_asked_for(string client, string channel)
    {
        var fee = await service.FeeFellDue(channels: All, computerOnly: true);
        service.Identity.Bind(fee.CandidateId, "test-AccountAppId", service.Bank);

        var told = await Look(fee, client);
        using var answer = await Try(fee, channel, client);

        Assert.Equal((true, 0), (told.GetProperty("useComputer").GetBoolean(), told.GetProperty("channels").GetArrayLength()));
        Assert.Equal((HttpStatusCode.Conflict, "use-computer"), (answer.StatusCode, await answer.Code()));
        Assert.False((await Look(fee, "pc")).GetProperty("useComputer").GetBoolean());
    }

    [Fact]
    public async Task A_phone_to_which_nothing_is_offered_is_sent_to_a_computer()
    {
        var fee = await service.FeeFellDue(channels: ["wechat-native"]);

        Assert.True((await Look(fee, "mobile")).GetProperty("useComputer").GetBoolean());
    }

    [Fact]
    public async Task A_client_nobody_knows_is_refused()
    {
        var fee = await service.FeeFellDue();

        using var looked = await service.Candidate(fee.CandidateId).GetAsync($"/api/payments/fees/{fee.FeeId}?client=toaster");

        Assert.Equal(HttpStatusCode.BadRequest, looked.StatusCode);
    }

    [Fact]
    public async Task Another_way_is_opened_only_after_the_first_is_closed_at_the_bank()
    {
        var (fee, first) = await service.Ordered(channels: All);
        await Look(fee, "pc"); // that the bank was just asked keeps nobody waiting

        await Order(fee, "wechat-h5", "mobile");

        Assert.Equal(TradeState.Closed, service.Bank.Find(first.Number)!.State);
        Assert.Equal([OrderState.Closed, OrderState.Open], (await service.Row(fee)).Orders.Select(o => o.State));
    }

    [Fact]
    public async Task An_order_that_is_left_is_closed_at_the_bank()
    {
        var (fee, order) = await service.Ordered();

        using var left = await Leave(fee);

        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal((TradeState.Closed, OrderState.Closed), (service.Bank.Find(order.Number)!.State, (await service.OrderOf(fee)).State));
        using var again = await Leave(fee);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        using var stranger = await service.Candidate(Guid.NewGuid()).PostAsync($"/api/payments/fees/{fee.FeeId}/orders/closing", null);
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    [Fact]
    public async Task Who_leaves_an_order_that_was_paid_meanwhile_has_paid()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number, dropCallback = true });

        using var left = await Leave(fee);

        Assert.Equal((HttpStatusCode.Conflict, "fee-paid"), (left.StatusCode, await left.Code()));
        Assert.Equal(FeeState.Paid, (await service.Row(fee)).State);
    }

    [Fact]
    public async Task While_the_bank_is_silent_an_order_is_not_left()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Misbehave("fail", order.Number);

        using var left = await Leave(fee);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payment-unknown"), (left.StatusCode, await left.Code()));
        Assert.Equal(OrderState.Open, (await service.OrderOf(fee)).State);
    }

    /// <summary>The request that opens it would come to the bank after the one that closes it.</summary>
    [Fact]
    public async Task An_order_on_its_way_to_the_bank_is_neither_asked_after_nor_left()
    {
        var (fee, order) = await service.OrderOnItsWay();

        await service.Look(fee);
        using var again = await service.TryOrder(fee, ScriptedBank.Kind);
        using var left = await Leave(fee);

        foreach (var answer in (HttpResponseMessage[])[again, left]) Assert.Equal((HttpStatusCode.ServiceUnavailable, "payment-unknown"), (answer.StatusCode, await answer.Code()));
        Assert.Equal((order.Id, OrderState.Opening), ((await service.OrderOf(fee)).Id, (await service.OrderOf(fee)).State));
    }

    [Fact]
    public async Task While_another_way_cannot_be_closed_its_handle_is_not_given_in_the_place_of_what_was_asked()
    {
        var (fee, order) = await service.Ordered(channels: All);
        await service.Bank.Misbehave("fail", order.Number, times: 3);

        using var other = await Try(fee, "wechat-h5", "mobile");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payment-unknown"), (other.StatusCode, await other.Code()));
        Assert.Equal((order.Id, OrderState.Open), ((await service.OrderOf(fee)).Id, (await service.OrderOf(fee)).State));
        service.Bank.Services.Behave();
    }

    private Task<HttpResponseMessage> Leave(FeeDue fee) => service.Candidate(fee.CandidateId).PostAsync($"/api/payments/fees/{fee.FeeId}/orders/closing", null);

    private async Task<JsonElement> Look(FeeDue fee, string client) => await service.Candidate(fee.CandidateId).GetFromJsonAsync<JsonElement>($"/api/payments/fees/{fee.FeeId}?client={client}");

    private Task<HttpResponseMessage> Try(FeeDue fee, string channel, string client)
    {
        var http = service.Candidate(fee.CandidateId);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        return http.PostAsJsonAsync($"/api/payments/fees/{fee.FeeId}/orders", new { channel, client });
    }

    private async Task<JsonElement> Order(FeeDue fee, string channel, string client)
    {
        using var answer = await Try(fee, channel, client);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
