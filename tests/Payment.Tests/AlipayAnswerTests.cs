using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.Alipay;
using ExamPlatform.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace ExamPlatform.Payments.Tests;

/// <summary>What Alipay signs rightly and is still not ours, says nothing about money, or is a bill that is not whole.</summary>
public sealed class AlipayAnswerTests : IDisposable
{
    private const string Trade = """{"code":"10000","out_trade_no":"NUMBER","trade_no":"2026112222001400000000000001","trade_status":"TRADE_SUCCESS","total_amount":"244.00","send_pay_date":"2026-11-22 10:00:30"}""";
    private const string Refunded = """{"code":"10000","out_trade_no":"NUMBER","out_request_no":"REFUND","refund_amount":"4.00","refund_status":"REFUND_SUCCESS","gmt_refund_pay":"2026-11-22 10:00:30"}""";
    private const string Heading = "支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,退款批次号/请求号,服务费（元）";
    private const string Paid = "T1\t,N1\t,交易\t,2026-11-22 10:00:30,244.00,,-1.46";
    private const string Back = "T1\t,N1\t,退款\t,2026-11-22 11:00:30,-4.00,R1\t,0.02";

    private readonly AlipayKeys keys = new(Options());
    private readonly RSA alipay = RSA.Create();
    private readonly PaymentOrder order = Some.OrderOf(Some.Fee());
    private readonly RefundTerms refund = Some.Refund(Some.Now, 400);

    public AlipayAnswerTests() => alipay.ImportFromPem(File.ReadAllText(OtherBanks.Vector("alipay-own.key.pem")));

    [Theory]
    [InlineData("", "", null)]
    [InlineData("NUMBER", "another", "another order")]
    [InlineData("2026-11-22 10:00:30", "", "no trade number, amount or time")]
    [InlineData("244.00", "244.001", "no trade number, amount or time")]
    [InlineData("TRADE_SUCCESS", "TRADE_PENDING", "an unexpected state TRADE_PENDING")]
    public async Task A_trade_is_paid_only_by_what_is_said_of_it_as_a_whole(string old, string other, string? silence)
    {
        var answer = await Bank(Changed(Trade, old, other)).Query(order, CancellationToken.None);

        Assert.Equal(silence is null ? new BankAnswer.Paid("2026112222001400000000000001", 24400, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)) : new BankAnswer.Silent(silence), answer);
    }

    [Fact]
    public async Task A_closed_trade_that_tells_a_payment_was_paid()
    {
        Assert.IsType<BankAnswer.Paid>(await Bank(Changed(Trade, "TRADE_SUCCESS", "TRADE_CLOSED")).Query(order, CancellationToken.None));
        Assert.IsType<BankAnswer.Closed>(await Bank(Changed(Trade, "TRADE_SUCCESS", "TRADE_CLOSED").Replace("2026-11-22 10:00:30", "", StringComparison.Ordinal)).Query(order, CancellationToken.None));
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("\"REFUND\"", "\"another\"", "another refund, or REFUND_SUCCESS")]
    [InlineData("REFUND_SUCCESS", "REFUND_FAIL", "another refund, or REFUND_FAIL")]
    public async Task A_refund_is_done_only_when_it_is_said_of_its_own_number(string old, string other, string? silence)
    {
        var answer = await Bank(Changed(Refunded, old, other)).QueryRefund(order, refund, CancellationToken.None);

        Assert.Equal(silence is null ? new RefundAnswer.Done(refund.Number, 400, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)) : new RefundAnswer.Silent(silence), answer);
    }

    [Theory]
    [InlineData("20000", "aop.unknow-error", true)]
    [InlineData("40004", "ACQ.SYSTEM_ERROR", true)]
    [InlineData("40004", "ACQ.INVALID_PARAMETER", false)]
    public async Task The_gateways_own_trouble_says_nothing_about_a_trade_or_a_refund(string code, string fault, bool silent)
    {
        var bank = Bank($$"""{"code":"{{code}}","sub_code":"{{fault}}"}""");

        Assert.IsType(silent ? typeof(BankAnswer.Silent) : typeof(BankAnswer.Refused), await bank.Open(CodeOrder(), new(null, null), CancellationToken.None));
        Assert.IsType(silent ? typeof(RefundAnswer.Silent) : typeof(RefundAnswer.Refused), await bank.Refund(order, refund, CancellationToken.None));
    }

    [Fact]
    public async Task A_code_of_a_trade_that_is_paid_already_is_asked_after()
    {
        var code = CodeOrder();

        var answer = await Bank("""{"code":"40004","sub_code":"ACQ.TRADE_HAS_SUCCESS"}""", Trade.Replace("NUMBER", code.Number, StringComparison.Ordinal)).Open(code, new(null, null), CancellationToken.None);

        Assert.IsType<BankAnswer.Paid>(answer);
    }

    [Theory, InlineData("alipay_trade_close_response"), InlineData("error_response")]
    public async Task An_answer_stands_under_the_name_of_what_was_asked(string name)
    {
        using var http = new HttpClient(new SignedAnswers([(200, Signed(name, Changed(Trade, "", "")))]));

        var answer = await new AlipayExchange(http, keys, Options(), TimeProvider.System).Send("alipay.trade.query", new AlipayWords.Trade("1"), CancellationToken.None);

        Assert.Equal("HTTP 200, unsigned", answer.Silence);
    }

    [Fact]
    public void A_subject_holds_no_sign_that_parts_fields_or_columns() =>
        Assert.Equal("a b c d e f g", AlipayWords.Subject("a/b=c&d,e\"f\ng"));

    [Fact]
    public void A_bill_in_GBK_is_read_in_fen_beside_its_file_of_sums()
    {
        var told = Assert.IsType<BillAnswer.Told>(AlipayBill.Read(Zip(("业务明细.csv", $"#head\r\n{Heading}\r\n{Paid}\r\n{Back}\r\n#end\r\n"), ("业务明细(汇总).csv", "#sums\r\n"))));

        Assert.Equal(
            [
                new("N1", null, "T1", 24400, 146, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)),
                new("N1", "R1", "T1", 400, 2, new(2026, 11, 22, 3, 0, 30, TimeSpan.Zero)),
            ], told.Lines);
    }

    [Theory]
    [InlineData("244.00", "244.005", "line 2 cannot be read")]
    [InlineData("2026-11-22 11:00:30", "yesterday", "line 3 cannot be read")]
    [InlineData("退款\t", "转账\t", "line 3 cannot be read")]
    [InlineData(",服务费（元）", "", "no column 服务费（元）")]
    public void A_bill_of_which_a_line_or_a_column_cannot_be_read_is_not_read_at_all(string old, string other, string silence) =>
        Assert.Equal(new BillAnswer.Silent(silence), AlipayBill.Read(Zip(("业务明细.csv", $"{Heading}\r\n{Paid}\r\n{Back}\r\n".Replace(old, other, StringComparison.Ordinal)))));

    public void Dispose()
    {
        keys.Dispose();
        alipay.Dispose();
    }

    private string Changed(string text, string old, string other) =>
        (old.Length > 0 ? text.Replace(old, other, StringComparison.Ordinal) : text).Replace("\"NUMBER\"", $"\"{order.Number}\"", StringComparison.Ordinal).Replace("\"REFUND\"", $"\"{refund.Number}\"", StringComparison.Ordinal);

    private static PaymentOrder CodeOrder()
    {
        Assert.Null(Some.Fee().Order("alipay-qr", "exam fee", null, Some.Now, out var order));
        return order;
    }

    private AlipayChannel Bank(params string[] replies) => new(new(new HttpClient(new Named(this, replies)), keys, Options(), TimeProvider.System), keys, Options(), new SettableClock(Some.Now));

    private string Signed(string name, string reply) =>
        $$"""{"{{name}}":{{reply}},"sign":"{{Convert.ToBase64String(alipay.SignData(Encoding.UTF8.GetBytes(reply), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}}"}""";

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true, gbk))
            foreach (var (name, text) in files)
            {
                using var file = archive.CreateEntry(name).Open();
                file.Write(gbk.GetBytes(text));
            }
        return zip.ToArray();
    }

    private static Microsoft.Extensions.Options.IOptions<AlipayOptions> Options() => Microsoft.Extensions.Options.Options.Create(new AlipayOptions
    {
        AppId = OtherBanks.AppId,
        SellerId = OtherBanks.SellerId,
        PrivateKeyPath = OtherBanks.Vector("alipay-app.key.pem"),
        AlipayPublicKeyPath = OtherBanks.Vector("alipay-own.pub.pem"),
        Gateway = "http://bank.test/gateway.do",
        NotifyUrl = "http://exam.test/callbacks/alipay",
        ReturnUrl = "http://web.test/payments/returned",
    });

    /// <summary>Gives its replies one after the other, signed under the name of what was asked; the last one stays.</summary>
    private sealed class Named(AlipayAnswerTests bank, string[] replies) : HttpMessageHandler
    {
        private int asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var method = QueryHelpers.ParseQuery(request.RequestUri!.Query)["method"].ToString();
            var reply = replies[Math.Min(asked++, replies.Length - 1)];
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent(bank.Signed(method.Replace('.', '_') + "_response", reply)) });
        }
    }
}
