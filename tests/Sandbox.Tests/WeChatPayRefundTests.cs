using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

public sealed class WeChatPayRefundTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly Merchant merchant = host.Merchant;
    private readonly string number = NewNumber();

    [Fact]
    public async Task A_refund_is_sealed_and_signed_into_a_callback_of_its_own()
    {
        await Paid();

        using var answer = await Refund("R" + number, 1000);
        var callback = await merchant.Next($"/refunds/{number}");

        Assert.True(await merchant.Trusts(answer) && merchant.Trusts(callback));
        Assert.Equal("REFUND.SUCCESS", callback.Json.GetProperty("event_type").GetString());
        var told = Merchant.Open(callback);
        Assert.Equal((number, "R" + number, "SUCCESS"), (told.GetProperty("out_trade_no").GetString(), told.GetProperty("out_refund_no").GetString(), told.GetProperty("refund_status").GetString()));
        Assert.Equal((1000, 6000), (told.GetProperty("amount").GetProperty("refund").GetInt64(), told.GetProperty("amount").GetProperty("total").GetInt64()));
    }

    [Fact]
    public async Task A_refund_needs_a_paid_order_and_takes_at_most_what_is_left()
    {
        using var unknown = await Refund("R1" + number, 1000);
        await merchant.Place(number);
        using var unpaid = await Refund("R1" + number, 1000);
        await host.Control("wechat-pay/pay", new { outTradeNo = number });
        using var first = await Refund("R1" + number, 4000);
        using var tooMuch = await Refund("R2" + number, 2001);
        using var otherTotal = await Refund("R2" + number, 2000, total: 6001);
        using var rest = await Refund("R2" + number, 2000);

        Assert.Equal(["404 RESOURCE_NOT_EXISTS", "400 INVALID_REQUEST"], [await unknown.Fault(), await unpaid.Fault()]);
        Assert.Equal(["400 INVALID_REQUEST", "400 INVALID_REQUEST"], [await tooMuch.Fault(), await otherTotal.Fault()]);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, rest.StatusCode]);
    }

    [Fact]
    public async Task The_same_refund_again_is_harmless_and_another_under_its_number_is_refused()
    {
        await Paid();

        using var first = await Refund("R" + number, 1000);
        using var again = await Refund("R" + number, 1000);
        using var other = await Refund("R" + number, 1001);

        Assert.Equal(await first.Text("refund_id"), await again.Text("refund_id"));
        Assert.Equal("400 INVALID_REQUEST", await other.Fault());
    }

    [Fact]
    public async Task The_bill_of_yesterday_is_there_from_ten_o_clock_and_its_hash_is_of_the_unpacked_text()
    {
        host.Clock.Offset += Midnight() - host.Clock.GetUtcNow() + TimeSpan.FromHours(3);
        await Paid();
        await Refund("R" + number, 1000);
        var day = host.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd");
        using var today = await merchant.Get($"/v3/bill/tradebill?bill_date={day}");
        host.Clock.Offset += TimeSpan.FromHours(30);
        using var early = await merchant.Get($"/v3/bill/tradebill?bill_date={day}");
        host.Clock.Offset += TimeSpan.FromHours(1);

        using var told = await merchant.Get($"/v3/bill/tradebill?bill_date={day}&bill_type=ALL&tar_type=GZIP");

        Assert.Equal(["400 INVALID_REQUEST", "400 STATEMENT_CREATING"], [await today.Fault(), await early.Fault()]);
        using var file = await merchant.Get(new Uri(await told.Text("download_url")).PathAndQuery);
        using var text = new MemoryStream();
        await using (var unpacking = new GZipStream(await file.Content.ReadAsStreamAsync(), CompressionMode.Decompress)) await unpacking.CopyToAsync(text);
#pragma warning disable CA5350 // WeChat Pay's own
        Assert.Equal(await told.Text("hash_value"), Convert.ToHexStringLower(SHA1.HashData(text.ToArray())));
#pragma warning restore CA5350
        var lines = Encoding.UTF8.GetString(text.ToArray()).Split("\r\n");
        Assert.Contains(lines, l => l.Contains($"`{number},", StringComparison.Ordinal) && l.EndsWith("`0.36000,`0.60%,`60.00,`0.00,`", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains($"`R{number},`10.00", StringComparison.Ordinal));
    }

    private DateTimeOffset Midnight() => new(host.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(1), TimeSpan.FromHours(8));

    private async Task Paid()
    {
        await merchant.Place(number);
        await host.Control("wechat-pay/pay", new { outTradeNo = number, dropCallback = true });
    }

    private Task<HttpResponseMessage> Refund(string refundNumber, int refund, int total = 6000) => merchant.Post("/v3/refund/domestic/refunds", new
    {
        out_trade_no = number,
        out_refund_no = refundNumber,
        reason = "exam fee",
        notify_url = merchant.Url($"/refunds/{number}"),
        amount = new { refund, total, currency = "CNY" },
    });
}
