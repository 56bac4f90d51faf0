using System.Net;
using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.Alipay;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using AlipayBook = ExamPlatform.Sandbox.Alipay.AlipayBook;
using AlipayCallbacks = ExamPlatform.Sandbox.Alipay.AlipayCallbacks;
using AlipayRefund = ExamPlatform.Sandbox.Alipay.AlipayRefund;
using AlipayState = ExamPlatform.Sandbox.Alipay.AlipayState;

namespace ExamPlatform.Payments.Tests;

/// <summary>What is Alipay's alone; its texts were signed by openssl (<c>Vectors/make.py</c>).</summary>
[Collection(nameof(PaymentFixture))]
public sealed class AlipayTests(PaymentFixture service)
{
    [Fact]
    public void A_request_is_signed_as_openssl_signs_it()
    {
        using var keys = new AlipayKeys(Options());
        var fields = new Dictionary<string, string>
        {
            ["version"] = "1.0",
            ["timestamp"] = "2026-11-22 10:00:00",
            ["sign_type"] = "RSA2",
            ["notify_url"] = "",
            ["method"] = "alipay.trade.query",
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            ["biz_content"] = """{"out_trade_no":"019ab7c0e1f07c3a9d5e2f4b6a8c0d1e","subject":"护士执业资格考试费"}""",
            ["app_id"] = "2021000000000001",
        };

        Assert.Equal(File.ReadAllText(OtherBanks.Vector("alipay-request.sig")), keys.Sign(Fields.ToSign(fields)));
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("244.00", "1.00", "HTTP 200, the signature does not fit")]
    [InlineData("\\/", "/", "HTTP 200, the signature does not fit")] // the same JSON, other bytes
    [InlineData("\"sign\"", "\"sine\"", "HTTP 200, unsigned")]
    public async Task An_answer_is_verified_over_its_own_bytes(string old, string other, string? silence)
    {
        var body = await File.ReadAllTextAsync(OtherBanks.Vector("alipay-answer.json"));
        using var keys = new AlipayKeys(Options());
        using var http = new HttpClient(new Fixed(old.Length > 0 ? body.Replace(old, other, StringComparison.Ordinal) : body));

        var answer = await new AlipayExchange(http, keys, Options(), TimeProvider.System).Send("alipay.trade.query", new AlipayWords.Trade("1"), CancellationToken.None);

        Assert.Equal((silence, silence is null ? "244.00" : null), (answer.Silence, answer.Reply?.TotalAmount));
    }

    [Theory]
    [InlineData("", "", null, "")]
    [InlineData("244.00", "1.00", Verdict.Forged, "the signature does not fit")]
    [InlineData("RSA2", "RSA", Verdict.Forged, "no signed form")]
    public void A_notification_is_verified_without_its_sign_and_sign_type(string old, string other, Verdict? refused, string reason)
    {
        var form = File.ReadAllText(OtherBanks.Vector("alipay-notify.form"));

        var reading = service.Channel("alipay").Read(Stored(old.Length > 0 ? form.Replace(old, other, StringComparison.Ordinal) : form));

        Assert.Equal((refused, reason), (reading.Refused, reading.Reason));
        if (refused is null) Assert.Equal(new BankAnswer.Paid("2026112222001400000000000001", 24400, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)), reading.Answer);
    }

    [Fact]
    public async Task A_trade_that_nobody_paid_is_closed_and_a_paid_one_says_so()
    {
        var (_, open) = await service.OrderedBy("alipay-page");
        var (_, paid) = await service.OrderedBy("alipay-page");
        await service.Bank.Control("alipay/pay", new { outTradeNo = paid.Number, dropCallback = true });
        var bank = service.Channel("alipay");

        Assert.IsType<BankAnswer.Closed>(await bank.Close(open, CancellationToken.None));
        Assert.IsType<BankAnswer.Closed>(await bank.Query(open, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Conflict, await OtherBanks.Come(open.Handle!));
        Assert.Equal(24400, Assert.IsType<BankAnswer.Paid>(await bank.Close(paid, CancellationToken.None)).AmountInFen);
    }

    [Fact]
    public async Task The_notification_of_a_refund_is_another_event_than_the_payments_and_changes_no_payment()
    {
        var (fee, order) = await service.OrderedBy("alipay-page");
        await service.Bank.Control("alipay/pay", new { outTradeNo = order.Number });
        await service.Becomes(fee, FeeState.Paid);

        await service.Channel("alipay").Refund(await service.OrderOf(fee), Some.Refund(service.Clock.Now, 100), CancellationToken.None);
        await Testing.Until.Async(async () => (await service.Query(db => Task.FromResult(db.BankCallbacks.Where(c => c.Channel == "alipay" && c.Verdict == Verdict.Ignored).AsEnumerable()
            .Any(c => Encoding.UTF8.GetString(c.Body).Contains(order.Number, StringComparison.Ordinal))))), what: "the refund's notification is judged");

        Assert.Equal((FeeState.Paid, OrderState.Paid), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
    }

    [Fact]
    public async Task The_event_of_a_notification_is_what_happened_and_not_that_it_was_told()
    {
        var (_, order) = await service.OrderedBy("alipay-page");
        var at = service.Clock.Now;
        var (book, callbacks) = (service.Bank.Services.GetRequiredService<AlipayBook>(), service.Bank.Services.GetRequiredService<AlipayCallbacks>());
        var paid = book.Find(order.Number)! with { State = AlipayState.TradeSuccess, PaidAt = at };
        AlipayRefund[] refunds = [new("r1", 100, at), new("r2", 100, at)];
        var refunded = paid with { Refunds = refunds };

        Assert.Equal(EventOf(callbacks.Of(paid)), EventOf(callbacks.Of(paid))); // told anew, under another notify_id
        Assert.Equal(4, new[] { EventOf(callbacks.Of(paid)), EventOf(callbacks.Of(paid with { Refunds = refunds[..1] }, refunds[0])), EventOf(callbacks.Of(refunded, refunds[1])), EventOf(callbacks.Of(refunded, refunds[0])) }.Distinct().Count());

        string? EventOf(Sandbox.FormNotification told) => service.Channel("alipay").Read(Stored(string.Join('&', told.Fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")))).EventId;
    }

    [Fact]
    public async Task A_code_whose_answer_was_lost_is_given_again_for_the_same_order()
    {
        var fee = await service.FeeFellDue(channels: ["alipay-qr"]);
        await service.Bank.Control("behaviour", new { channel = "alipay", effect = "loseAnswer", onlyContaining = fee.FeeId.ToString("N") });
        using var lost = await service.TryOrder(fee, "alipay-qr");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        var (order, prepared) = (await service.OrderOf(fee), service.Bank.Services.GetRequiredService<AlipayBook>());

        service.Clock.Advance(TimeSpan.FromSeconds(4));
        using var again = await service.TryOrder(fee, "alipay-qr");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(order.Id, (await service.OrderOf(fee)).Id);
        Assert.Equal(prepared.Prepared(order.Number), prepared.FindCode((await service.OrderOf(fee)).CodeUrl!.Split('/')[^1]));
    }

    [Theory, InlineData("244.00", 24400L), InlineData("-0.01", -1L), InlineData("0.001", null), InlineData("1,000.00", null), InlineData("", null), InlineData("9999999999999999999999", null)]
    public void Yuan_become_fen_exactly_or_not_at_all(string text, long? fen) => Assert.Equal(fen, Yuan.ToFen(text));

    [Fact]
    public void A_bill_that_cannot_be_read_as_a_whole_is_not_read() =>
        Assert.IsType<BillAnswer.Silent>(AlipayBill.Read(Encoding.UTF8.GetBytes("PK no zip")));

    [Fact]
    public void Where_it_is_not_configured_there_is_no_alipay_and_half_a_configuration_names_every_fault()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddAlipay();

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(IChannel));
        Assert.Equal(7, new AlipayOptionsValidator().Validate(null, new() { NotifyUrl = "https://exam.example/callbacks/alipay?x=1" }).Failures!.Count());
        Assert.True(new AlipayOptionsValidator().Validate(null, Options().Value).Succeeded);
    }

    private static BankCallback Stored(string form) => new() { Id = Guid.NewGuid(), Channel = "alipay", ReceivedAt = Some.Now, Headers = "{}", Body = Encoding.UTF8.GetBytes(form) };

    private static Microsoft.Extensions.Options.IOptions<AlipayOptions> Options() => Microsoft.Extensions.Options.Options.Create(new AlipayOptions
    {
        AppId = OtherBanks.AppId,
        SellerId = OtherBanks.SellerId,
        PrivateKeyPath = OtherBanks.Vector("alipay-app.key.pem"),
        AlipayPublicKeyPath = OtherBanks.Vector("alipay-own.pub.pem"),
        Gateway = "http://127.0.0.1:1/gateway.do",
        NotifyUrl = "http://127.0.0.1:1/callbacks/alipay",
        ReturnUrl = "http://127.0.0.1:1/payments/returned",
    });

    /// <summary>Answers the same to every request.</summary>
    private sealed class Fixed(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }
}
