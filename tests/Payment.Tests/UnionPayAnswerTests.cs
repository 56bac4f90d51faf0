using System.IO.Compression;
using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.UnionPay;
using ExamPlatform.Testing;
using UnionPaySignature = ExamPlatform.Sandbox.UnionPay.UnionPaySignature;

namespace ExamPlatform.Payments.Tests;

/// <summary>What UnionPay signs rightly and is still not ours, says nothing about money, or is a bill that is not whole.</summary>
public sealed class UnionPayAnswerTests : IDisposable
{
    private readonly UnionPaySignature bank = new(Microsoft.Extensions.Options.Options.Create(new Sandbox.UnionPay.UnionPayOptions
    {
        MerchantCertificatePath = OtherBanks.Vector("unionpay-merchant.pem"),
        CertificatePath = OtherBanks.Vector("unionpay-bank.pem"),
        PrivateKeyPath = OtherBanks.Vector("unionpay-bank.key.pem"),
    }));
    private readonly UnionPayKeys keys = new(Options());
    private readonly SettableClock clock = new(Some.Now);
    private readonly RefundTerms refund = Some.Refund(Some.Now, 400);
    private readonly PaymentOrder order = Some.OrderOf(Some.Fee());

    [Theory]
    [InlineData("", "", typeof(BankAnswer.Paid))]
    [InlineData("merId", "700000000000002", typeof(BankAnswer.Silent))]
    [InlineData("orderId", "another", typeof(BankAnswer.Silent))]
    [InlineData("txnAmt", "", typeof(BankAnswer.Silent))]
    [InlineData("traceTime", "", typeof(BankAnswer.Silent))]
    [InlineData("origRespCode", "06", typeof(BankAnswer.Silent))]
    [InlineData("origRespCode", "33", typeof(BankAnswer.Unpaid))]
    public async Task An_order_is_paid_only_by_what_is_said_of_it_as_a_whole(string field, string value, Type answer) =>
        Assert.IsType(answer, await Channel(Told(order.Number, 24400, field, value)).Query(order, CancellationToken.None));

    [Theory]
    [InlineData("", "", typeof(RefundAnswer.Done))]
    [InlineData("merId", "700000000000002", typeof(RefundAnswer.Silent))]
    [InlineData("orderId", "another", typeof(RefundAnswer.Silent))]
    [InlineData("origRespCode", "05", typeof(RefundAnswer.Pending))]
    [InlineData("origRespCode", "33", typeof(RefundAnswer.Refused))]
    [InlineData("respCode", "34", typeof(RefundAnswer.Missing))]
    public async Task A_refund_is_done_only_by_what_is_said_of_it_and_under_way_while_that_is_unknown(string field, string value, Type answer) =>
        Assert.IsType(answer, await Channel(Told(refund.Number, 400, field, value)).QueryRefund(order, refund, CancellationToken.None));

    [Theory]
    [InlineData("00", typeof(RefundAnswer.Pending))]
    [InlineData("05", typeof(RefundAnswer.Silent))]
    [InlineData("12", typeof(RefundAnswer.Done))] // sent before: asked after
    [InlineData("33", typeof(RefundAnswer.Refused))]
    public async Task Of_a_refund_nothing_is_taken_for_refused_that_may_have_happened(string code, Type answer)
    {
        order.Fire(OrderEvent.PaidForFee, Some.Paid(Some.Now), "test", Some.Now);

        Assert.IsType(answer, await Channel(Told(refund.Number, 400, "respCode", code), Told(refund.Number, 400)).Refund(order, refund, CancellationToken.None));
    }

    [Theory]
    [InlineData("", "", null, "")]
    [InlineData("merId", "700000000000002", Verdict.WrongFacts, "another merchant")]
    [InlineData("currencyCode", "840", Verdict.WrongFacts, "another currency")]
    [InlineData("respCode", "03", Verdict.Ignored, "respCode 03")]
    [InlineData("txnType", "31", Verdict.Ignored, "txnType 31")]
    public void A_callback_is_believed_only_of_money_that_came_to_us_for_certain(string field, string value, Verdict? refused, string reason)
    {
        var reading = Channel().Read(Stored(Told(order.Number, 24400, field, value)));

        Assert.Equal((refused, reason), (reading.Refused, reading.Reason));
        Assert.Equal(refused is null, reading.Answer is BankAnswer.Paid);
    }

    [Fact]
    public void A_callback_judged_long_after_it_came_is_measured_by_its_arrival()
    {
        clock.Now = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero); // the certificate has ended

        Assert.Null(Channel().Read(Stored(Told(order.Number, 24400))).Refused);
    }

    [Fact]
    public void A_form_that_says_something_twice_is_none() => Assert.Null(Fields.Read("txnAmt=1&txnAmt=24400"u8));

    [Fact]
    public void A_bill_of_which_a_row_cannot_be_read_is_not_read_at_all()
    {
        var row = Row(("01", 20), ("1122100030", 5), ("000000024400", 7), ("951807261002324791038", 10), (order.Number, 12), ("D000000000122", 16));
        var (day, strange) = (new DateOnly(2026, 11, 22), row.Replace("000000024400", "0000000244.0", StringComparison.Ordinal));

        Assert.Equal(new BillLine(order.Number, null, "951807261002324791038", 24400, 122, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)), Assert.Single(UnionPayBill.Read(Packed(row), day, out _)!.Value.Lines));
        foreach (var broken in (string[])[strange, row[..200], row.Replace(" 01 ", " 99 ", StringComparison.Ordinal)]) Assert.Null(UnionPayBill.Read(Packed($"{row}\r\n{broken}\r\n"), day, out _));
    }

    public void Dispose()
    {
        bank.Dispose();
        keys.Dispose();
    }

    /// <summary>All that UnionPay tells of a transaction, with one field changed.</summary>
    private Dictionary<string, string> Told(string number, long amountInFen, string field = "", string value = "")
    {
        var fields = new Dictionary<string, string>
        {
            ["version"] = "5.1.0",
            ["signMethod"] = "01",
            ["merId"] = OtherBanks.UnionPayMerchant,
            ["orderId"] = number,
            ["txnTime"] = "20261122100000",
            ["txnType"] = "01",
            ["txnAmt"] = $"{amountInFen}",
            ["currencyCode"] = "156",
            ["queryId"] = "951807261002324791038",
            ["traceTime"] = "1122100030",
            ["respCode"] = "00",
            ["origRespCode"] = "00",
        };
        if (field.Length > 0) fields[field] = value;
        bank.Sign(fields);
        return fields;
    }

    private UnionPayChannel Channel(params Dictionary<string, string>[] answers) =>
        new(new(new HttpClient(new SignedAnswers(answers.Select(fields => (200, string.Join('&', fields.Select(f => $"{f.Key}={f.Value}")))))), keys, Options(), clock), keys, Options(), clock);

    private static BankCallback Stored(Dictionary<string, string> fields) => new()
    {
        Id = Guid.NewGuid(),
        Channel = "unionpay",
        ReceivedAt = Some.Now,
        Headers = "{}",
        Body = Encoding.UTF8.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"))),
    };

    /// <summary>A row of the ZM file: its columns, counted from one.</summary>
    private static string Row(params (string Value, int Column)[] cells)
    {
        int[] widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32];
        return string.Join(' ', widths.Select((width, n) => (cells.FirstOrDefault(c => c.Column == n + 1).Value ?? "").PadRight(width)));
    }

    private static string Packed(string rows)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var file = archive.CreateEntry("INN26112288ZM_700000000000001").Open();
            file.Write(Encoding.Latin1.GetBytes(rows));
        }
        using var deflated = new MemoryStream();
        using (var deflating = new ZLibStream(deflated, CompressionMode.Compress, leaveOpen: true)) deflating.Write(zip.ToArray());
        return Convert.ToBase64String(deflated.ToArray());
    }

    private static Microsoft.Extensions.Options.IOptions<UnionPayOptions> Options() => Microsoft.Extensions.Options.Options.Create(new UnionPayOptions
    {
        MerchantId = OtherBanks.UnionPayMerchant,
        CertificatePath = OtherBanks.Vector("unionpay-merchant.pem"),
        PrivateKeyPath = OtherBanks.Vector("unionpay-merchant.key.pem"),
        RootCertificatePath = OtherBanks.Vector("unionpay-root.pem"),
        MiddleCertificatePath = OtherBanks.Vector("unionpay-middle.pem"),
        SignerName = OtherBanks.SignerName,
        Gateway = "http://bank.test/gateway/api",
        FileAddress = "http://bank.test/files",
        NotifyUrl = "http://exam.test/callbacks/unionpay",
        ReturnUrl = "http://web.test/payments/returned",
    });
}
