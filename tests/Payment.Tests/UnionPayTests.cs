using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.UnionPay;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Tests;

/// <summary>What is UnionPay's alone; its texts and certificates were signed by openssl (<c>Vectors/make.py</c>).</summary>
[Collection(nameof(PaymentFixture))]
public sealed class UnionPayTests(PaymentFixture service)
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    [Fact]
    public void A_request_is_signed_as_openssl_signs_it_under_the_certificates_decimal_serial()
    {
        using var keys = new UnionPayKeys(Options());
        var fields = new Dictionary<string, string>
        {
            ["version"] = "5.1.0",
            ["txnTime"] = "20261122100000",
            ["txnType"] = "00",
            ["signMethod"] = "01",
            ["orderId"] = "019ab7c0e1f07c3a9d5e2f4b6a8c0d1e",
            ["merId"] = "700000000000001",
            ["encoding"] = "UTF-8",
            ["empty"] = "",
            ["certId"] = keys.CertificateId,
            ["accessType"] = "0",
        };

        Assert.Equal("324709154066", keys.CertificateId); // 4B9A2C7D12
        Assert.Equal(File.ReadAllText(OtherBanks.Vector("unionpay-request.sig")), keys.Sign(fields));
    }

    [Theory]
    [InlineData("unionpay-bank", "", "", null, "")]
    [InlineData("unionpay-bank", "24400", "1", Verdict.Forged, "the signature does not fit")]
    [InlineData("unionpay-expired", "", "", Verdict.Forged, "signed under a certificate that is not UnionPay's, or does not hold now")]
    [InlineData("unionpay-early", "", "", Verdict.Forged, "signed under a certificate that is not UnionPay's, or does not hold now")]
    [InlineData("unionpay-merchant", "", "", Verdict.Forged, "signed under a certificate that is not UnionPay's, or does not hold now")] // the same root, another name
    [InlineData("unionpay-bank", "signMethod=01", "signMethod=11", Verdict.Forged, "not signed by method 01 of 5.1.0")]
    public void A_notification_is_believed_by_root_dates_name_and_signature(string vector, string old, string other, Verdict? refused, string reason)
    {
        var form = File.ReadAllText(OtherBanks.Vector(vector + ".form"));

        var reading = service.Channel("unionpay").Read(Stored(old.Length > 0 ? form.Replace(old, other, StringComparison.Ordinal) : form));

        Assert.Equal((refused, reason), (reading.Refused, reading.Reason));
        // ordered ten seconds before the new year, paid ten seconds after it
        if (refused is null) Assert.Equal(new BankAnswer.Paid("951807261002324791038", 24400, new(2026, 12, 31, 16, 0, 10, TimeSpan.Zero)), reading.Answer);
    }

    [Fact]
    public void Another_root_is_not_believed()
    {
        using var keys = new UnionPayKeys(Options(root: "unionpay-merchant.pem"));

        Assert.NotNull(keys.Verify(Fields.Read(File.ReadAllBytes(OtherBanks.Vector("unionpay-bank.form")))!, Some.Now));
    }

    [Theory]
    [InlineData("00/03", typeof(BankAnswer.Silent))]
    [InlineData("00/05", typeof(BankAnswer.Silent))]
    [InlineData("05", typeof(BankAnswer.Silent))]
    [InlineData("34", typeof(BankAnswer.Unpaid))]
    public async Task What_may_have_happened_is_never_taken_for_unpaid(string code, Type answer)
    {
        var (_, order) = await service.OrderedBy("unionpay-pc");

        await service.Misbehave("unionpay", "fail", order.Number, code);

        Assert.IsType(answer, await service.Channel("unionpay").Query(order, CancellationToken.None));
    }

    [Fact]
    public async Task A_try_that_failed_leaves_the_order_unpaid_until_its_end_and_closed_after()
    {
        var (_, order) = await service.OrderedBy("unionpay-pc");
        var bank = service.Channel("unionpay");

        await service.Misbehave("unionpay", "fail", order.Number, "00/33");
        Assert.IsType<BankAnswer.Unpaid>(await bank.Query(order, CancellationToken.None));
        service.Clock.Advance(TimeSpan.FromMinutes(21));
        await service.Misbehave("unionpay", "fail", order.Number, "00/33");

        Assert.IsType<BankAnswer.Closed>(await bank.Query(order, CancellationToken.None));
    }

    [Fact]
    public async Task The_notification_of_a_refund_names_the_payments_order_and_the_refund()
    {
        var (fee, order) = await service.OrderedBy("unionpay-pc");
        await service.Bank.Control("unionpay/pay", new { outTradeNo = order.Number });
        await service.Becomes(fee, FeeState.Paid);
        var refund = Some.Refund(service.Clock.Now, 100);
        await service.Channel("unionpay").Refund(await service.OrderOf(fee), refund, CancellationToken.None);

        BankCallback? stored = null;
        await Testing.Until.Async(async () => (stored = await service.Query(db => Task.FromResult(db.BankCallbacks.Where(c => c.Channel == "unionpay").AsEnumerable()
            .FirstOrDefault(c => Encoding.UTF8.GetString(c.Body).Contains(refund.Number, StringComparison.Ordinal))))) is not null, what: "the refund's notification came");
        var reading = service.Channel("unionpay").Read(stored!);

        Assert.Equal((null, order.Number, refund.Number, null), (reading.Refused, reading.Number, reading.RefundNumber, reading.Answer));
        Assert.Equal(100, Assert.IsType<RefundAnswer.Done>(reading.Refunded).AmountInFen);
    }

    [Fact]
    public async Task A_day_of_ours_is_read_from_two_days_of_unionpays_which_end_at_23_00()
    {
        var day = DateOnly.FromDateTime(service.Clock.Now.ToOffset(Beijing).DateTime);
        var (late, before) = (await PaidAt(day, "23:30"), await PaidAt(day.AddDays(-1), "23:30"));
        var bank = service.Channel("unionpay");

        service.Clock.Advance(new DateTimeOffset(day.AddDays(1), new(10, 0), Beijing) - service.Clock.Now);
        Assert.IsType<BillAnswer.NotReady>(await bank.Bill(day, CancellationToken.None));
        service.Clock.Advance(TimeSpan.FromDays(1));

        var numbers = Assert.IsType<BillAnswer.Told>(await bank.Bill(day, CancellationToken.None)).Lines.Select(line => line.Number).ToList();
        Assert.Contains(late, numbers);
        Assert.DoesNotContain(before, numbers);
    }

    [Fact]
    public void Every_try_of_a_refund_names_the_same_time_which_its_number_tells()
    {
        Assert.Equal(Some.Now, UnionPayWords.TimeOf(Some.Refund(Some.Now, 1).Number));
        Assert.Throws<ArgumentException>(() => UnionPayWords.TimeOf(Guid.Empty.ToString("N")));
    }

    [Fact]
    public void An_answer_is_read_unescaped_and_with_fields_within_fields()
    {
        var told = UnionPayExchange.Read("respCode=00&signature=ab+/=&customerInfo={a=1&b=2}&respMsg=成功[0000000]");

        Assert.Equal(("00", "ab+/=", "{a=1&b=2}", "成功[0000000]"), (told["respCode"], told["signature"], told["customerInfo"], told["respMsg"]));
    }

    [Theory, InlineData(""), InlineData("§"), InlineData("AAAA")]
    public void A_bill_that_cannot_be_read_as_a_whole_is_not_read(string content) => Assert.Null(UnionPayBill.Read(content, new(2026, 11, 22), out _));

    [Fact]
    public void Where_it_is_not_configured_there_is_no_unionpay_and_half_a_configuration_names_every_fault()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddUnionPay();

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(IChannel));
        Assert.Equal(10, new UnionPayOptionsValidator().Validate(null, new() { NotifyUrl = "https://exam.example/callbacks/unionpay?x=1" }).Failures!.Count());
        Assert.True(new UnionPayOptionsValidator().Validate(null, Options().Value).Succeeded);
    }

    private async Task<string> PaidAt(DateOnly day, string time)
    {
        var (_, order) = await service.OrderedBy("unionpay-pc");
        await service.Bank.Control("unionpay/pay", new { outTradeNo = order.Number, dropCallback = true, successTime = new DateTimeOffset(day, TimeOnly.Parse(time, null), Beijing) });
        return order.Number;
    }

    private static BankCallback Stored(string form) => new() { Id = Guid.NewGuid(), Channel = "unionpay", ReceivedAt = Some.Now, Headers = "{}", Body = Encoding.UTF8.GetBytes(form) };

    private static IOptions<UnionPayOptions> Options(string root = "unionpay-root.pem") => Microsoft.Extensions.Options.Options.Create(new UnionPayOptions
    {
        MerchantId = OtherBanks.UnionPayMerchant,
        CertificatePath = OtherBanks.Vector("unionpay-merchant.pem"),
        PrivateKeyPath = OtherBanks.Vector("unionpay-merchant.key.pem"),
        RootCertificatePath = OtherBanks.Vector(root),
        MiddleCertificatePath = OtherBanks.Vector("unionpay-middle.pem"),
        SignerName = OtherBanks.SignerName,
        Gateway = "http://127.0.0.1:1/gateway/api",
        FileAddress = "http://127.0.0.1:1/files",
        NotifyUrl = "http://127.0.0.1:1/callbacks/unionpay",
        ReturnUrl = "http://127.0.0.1:1/payments/returned",
    });
}
