using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

public sealed class WeChatPayCallbackTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly Merchant merchant = host.Merchant;
    private readonly string number = NewNumber();

    private string Path => $"/notify/{number}";

    [Fact]
    public async Task Payment_by_the_code_brings_a_callback_that_verifies_and_decrypts_to_the_order()
    {
        using var placed = await merchant.Place(number, Path);

        var paid = await host.Control("wechat-pay/pay", new { codeUrl = await placed.Text("code_url") });
        var callback = await merchant.Next(Path);

        Assert.True(merchant.Trusts(callback));
        Assert.Equal("TRANSACTION.SUCCESS", callback.Json.GetProperty("event_type").GetString());
        var transaction = Merchant.Open(callback);
        Assert.Equal(number, transaction.GetProperty("out_trade_no").GetString());
        Assert.Equal("SUCCESS", transaction.GetProperty("trade_state").GetString());
        Assert.Equal(6000, transaction.GetProperty("amount").GetProperty("total").GetInt64());
        Assert.Equal(paid.GetProperty("transactionId").GetString(), transaction.GetProperty("transaction_id").GetString());
        Assert.EndsWith("+08:00", transaction.GetProperty("success_time").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_tells_the_same_as_the_callback()
    {
        await merchant.Place(number, Path);
        await host.Control("wechat-pay/pay", new { outTradeNo = number, successTime = "2026-11-20T10:00:00+08:00" });

        var transaction = Merchant.Open(await merchant.Next(Path));
        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");

        Assert.Equal(transaction.GetRawText(), await query.Content.ReadAsStringAsync());
        Assert.Equal("2026-11-20T10:00:00+08:00", transaction.GetProperty("success_time").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repeated_callbacks_carry_one_event_id_and_fresh_signatures(bool parallel)
    {
        await merchant.Place(number, Path);

        await host.Control("wechat-pay/pay", new { outTradeNo = number, repeat = 10, parallel });
        var callbacks = new List<Merchant.Received>();
        for (var copy = 0; copy < 10; copy++) callbacks.Add(await merchant.Next(Path));

        Assert.Single(callbacks.Select(callback => callback.Json.GetProperty("id").GetString()).Distinct());
        Assert.Equal(10, callbacks.Select(callback => callback.Headers["Wechatpay-Nonce"]).Distinct().Count());
        Assert.All(callbacks, callback => Assert.True(merchant.Trusts(callback)));
    }

    [Fact]
    public async Task A_refused_callback_is_sent_again_until_it_is_acknowledged()
    {
        await merchant.Place(number, Path);
        merchant.RefuseNext(Path, 2);

        await host.Control("wechat-pay/pay", new { outTradeNo = number });
        for (var attempt = 0; attempt < 3; attempt++) await merchant.Next(Path);

        Assert.Equal([500, 500, 200], (await Attempts(3)).Select(attempt => attempt.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Delays_put_callbacks_out_of_order()
    {
        var later = NewNumber();
        await merchant.Place(number, Path);
        await merchant.Place(later, Path);

        await host.Control("wechat-pay/pay", new { outTradeNo = number, delaySeconds = 1 });
        await host.Control("wechat-pay/pay", new { outTradeNo = later });

        Assert.Equal(later, Merchant.Open(await merchant.Next(Path)).GetProperty("out_trade_no").GetString());
        Assert.Equal(number, Merchant.Open(await merchant.Next(Path)).GetProperty("out_trade_no").GetString());
    }

    [Fact]
    public async Task A_dropped_callback_leaves_the_payment_to_a_query_and_can_be_sent_later()
    {
        await merchant.Place(number, Path);

        var paid = await host.Control("wechat-pay/pay", new { outTradeNo = number, dropCallback = true });
        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");

        Assert.Equal("SUCCESS", await query.Text("trade_state"));
        Assert.Empty(await Attempts(0));
        await host.Control("wechat-pay/resend", new { outTradeNo = number });
        Assert.Equal(paid.GetProperty("eventId").GetString(), (await merchant.Next(Path)).Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_lie_about_the_amount_is_in_the_callback_only()
    {
        await merchant.Place(number, Path);

        await host.Control("wechat-pay/pay", new { outTradeNo = number, amountInFen = 1 });
        var told = Merchant.Open(await merchant.Next(Path));
        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");

        Assert.Equal(1, told.GetProperty("amount").GetProperty("total").GetInt64());
        Assert.Equal(6000, (await query.Json()).GetProperty("amount").GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("wrongSignature")]
    [InlineData("unknownSerial")]
    [InlineData("stale")]
    [InlineData("tampered")]
    [InlineData("noSignature")]
    public async Task A_forged_callback_does_not_verify_and_pays_nothing(string kind)
    {
        await merchant.Place(number, Path);

        var reply = await host.Control("wechat-pay/forge", new { outTradeNo = number, kind });
        var callback = await merchant.Next(Path);

        Assert.False(callback.Headers.ContainsKey("Wechatpay-Timestamp") && merchant.Trusts(callback));
        Assert.Equal(200, reply.GetProperty("status").GetInt32());
        using var query = await merchant.Get($"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}");
        Assert.Equal("NOTPAY", await query.Text("trade_state"));
    }

    [Fact]
    public async Task A_forgery_under_another_key_verifies_but_does_not_decrypt()
    {
        await merchant.Place(number, Path);

        await host.Control("wechat-pay/forge", new { outTradeNo = number, kind = "wrongKey" });
        var callback = await merchant.Next(Path);

        Assert.True(merchant.Trusts(callback));
        Assert.Throws<AuthenticationTagMismatchException>(() => Merchant.Open(callback));
    }

    [Fact]
    public async Task A_foreign_callback_names_another_merchant()
    {
        await merchant.Place(number, Path);

        await host.Control("wechat-pay/forge", new { outTradeNo = number, kind = "foreignMerchant" });
        var callback = await merchant.Next(Path);

        Assert.True(merchant.Trusts(callback));
        Assert.NotEqual(Merchant.Id, Merchant.Open(callback).GetProperty("mchid").GetString());
    }

    [Fact]
    public async Task A_probe_carries_the_signtest_prefix_and_does_not_verify()
    {
        await merchant.Place(number, Path);

        await host.Control("wechat-pay/probe", new { outTradeNo = number });
        var callback = await merchant.Next(Path);

        Assert.StartsWith("WECHATPAY/SIGNTEST/", callback.Headers["Wechatpay-Signature"], StringComparison.Ordinal);
        Assert.False(merchant.Trusts(callback));
    }

    // The attempt is written down after the answer has come back, a moment after the merchant saw the request.
    private async Task<IReadOnlyList<JsonElement>> Attempts(int atLeast)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            var attempts = (await host.Http.GetFromJsonAsync<JsonElement[]>($"/control/wechat-pay/callbacks?outTradeNo={number}"))!;
            if (attempts.Length >= atLeast || DateTime.UtcNow > deadline) return attempts;
        }
    }
}
