using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.WeChatPay;
using ExamPlatform.Testing;

namespace ExamPlatform.Payments.Tests;

/// <summary>What is rightly signed and still not ours, or says nothing about money.</summary>
public sealed class WeChatPayAnswerTests : IDisposable
{
    private const string Transaction = """
        {"appid":"wx1","mchid":"1900000001","out_trade_no":"NUMBER","transaction_id":"4200000001","trade_state":"SUCCESS","success_time":"2026-11-22T10:00:30+08:00","amount":{"total":24400,"currency":"CNY"}}
        """;
    private const string Refunded = """
        {"mchid":"1900000001","refund_id":"5030001","out_refund_no":"REFUND","out_trade_no":"NUMBER","status":"SUCCESS","refund_status":"SUCCESS","success_time":"2026-11-22T10:00:30+08:00","amount":{"refund":400,"total":24400,"currency":"CNY"}}
        """;

    private readonly RSA platform = RSA.Create(2048), merchant = RSA.Create(2048);
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-answers-").FullName;
    private readonly SettableClock clock = new(Some.Now);
    private readonly PaymentOrder order = Some.OrderOf(Some.Fee());
    private readonly RefundTerms refund = Some.Refund(Some.Now, 400);

    [Theory]
    [InlineData("", "", null)]
    [InlineData("1900000001", "1900000002", "another merchant")]
    [InlineData("\"wx1\"", "\"wx2\"", "another app")]
    [InlineData("CNY", "USD", "another currency")]
    [InlineData("NUMBER", "another", "another order")]
    [InlineData("SUCCESS", "ACCEPT", "an unexpected state ACCEPT")]
    public async Task An_order_is_paid_only_by_what_is_said_of_it_our_merchant_our_app_and_our_currency(string old, string other, string? silence)
    {
        var answer = await Bank((200, Changed(Transaction, old, other))).Query(order, CancellationToken.None);

        Assert.Equal(silence is null ? new BankAnswer.Paid("4200000001", 24400, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)) : new BankAnswer.Silent(silence), answer);
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("1900000001", "1900000002", "another merchant")]
    [InlineData("\"wx1\"", "\"wx2\"", "another app")]
    [InlineData("CNY", "USD", "another currency")]
    [InlineData("SUCCESS", "NOTPAY", "success without payment")]
    public void A_callback_of_success_is_believed_only_of_a_payment_to_us(string old, string other, string? reason)
    {
        var reading = Bank().Read(Callback("TRANSACTION.SUCCESS", Changed(Transaction, old, other)));

        Assert.Equal((reason is null ? null : Verdict.WrongFacts, reason ?? ""), (reading.Refused, reading.Reason));
        Assert.Equal(reason is null, reading.Answer is BankAnswer.Paid);
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("REFUND\"", "another\"", "another refund")]
    [InlineData("NUMBER", "another", "another refund")]
    [InlineData("CNY", "USD", "another currency")]
    public async Task A_refund_is_done_only_by_what_is_said_of_it_its_order_and_our_currency(string old, string other, string? silence)
    {
        var answer = await Bank((200, Changed(Refunded, old, other))).QueryRefund(order, refund, CancellationToken.None);

        Assert.Equal(silence is null ? new RefundAnswer.Done("5030001", 400, new(2026, 11, 22, 2, 0, 30, TimeSpan.Zero)) : new RefundAnswer.Silent(silence), answer);
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("1900000001", "1900000002", "another merchant")]
    [InlineData("\"refund_status\":\"SUCCESS\"", "\"refund_status\":\"CLOSED\"", "an event of another kind")]
    public void A_callback_about_a_refund_is_of_our_merchant_and_says_what_its_kind_says(string old, string other, string? reason)
    {
        var reading = Bank().Read(Callback("REFUND.SUCCESS", Changed(Refunded, old, other)));

        Assert.Equal((reason is null ? null : Verdict.WrongFacts, reason ?? ""), (reading.Refused, reading.Reason));
    }

    [Theory]
    [InlineData(429, "FREQUENCY_LIMITED", true)]
    [InlineData(500, "SYSTEM_ERROR", true)]
    [InlineData(503, "", true)]
    [InlineData(404, "", true)]
    [InlineData(400, "PARAM_ERROR", false)]
    public async Task The_banks_own_trouble_says_nothing_about_an_order_or_a_refund(int status, string code, bool silent)
    {
        var bank = Bank((status, $$"""{"code":"{{code}}"}"""));

        Assert.IsType(silent ? typeof(BankAnswer.Silent) : typeof(BankAnswer.Refused), await bank.Open(order, new(null, null), CancellationToken.None));
        Assert.IsType(silent ? typeof(RefundAnswer.Silent) : typeof(RefundAnswer.Refused), await bank.Refund(order, refund, CancellationToken.None));
    }

    [Fact]
    public async Task An_order_that_cannot_be_opened_or_closed_because_it_is_paid_is_asked_after()
    {
        (int, string)[] paid = [(400, """{"code":"ORDERPAID"}"""), (200, Changed(Transaction, "", ""))];

        Assert.IsType<BankAnswer.Paid>(await Bank(paid).Open(order, new(null, null), CancellationToken.None));
        Assert.IsType<BankAnswer.Paid>(await Bank(paid).Close(order, CancellationToken.None));
    }

    [Fact]
    public async Task A_day_without_a_bill_had_no_payments_only_from_ten_o_clock_on()
    {
        var bank = Bank((400, """{"code":"NO_STATEMENT_EXIST"}"""));
        var day = new DateOnly(2026, 11, 21);

        clock.Now = new(2026, 11, 22, 1, 59, 59, TimeSpan.Zero);
        Assert.IsType<BillAnswer.NotReady>(await bank.Bill(day, CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(Assert.IsType<BillAnswer.Told>(await bank.Bill(day, CancellationToken.None)).Lines);
    }

    [Fact]
    public async Task The_merchants_signature_goes_to_no_address_of_another_scheme()
    {
        var answers = Answers((200, """{"hash_type":"SHA1","hash_value":"00","download_url":"https://elsewhere.test/bill"}"""));

        Assert.Equal(new BillAnswer.Silent("the bill cannot be downloaded"), await Bank(answers).Bill(new(2026, 11, 21), CancellationToken.None));

        Assert.Equal(1, answers.Asked);
    }

    [Fact]
    public void Within_WeChat_is_paid_only_where_an_application_there_is_configured() => Assert.Equal(["wechat-native"], Bank().Kinds);

    public void Dispose()
    {
        platform.Dispose();
        merchant.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string Changed(string text, string old, string other) =>
        (old.Length > 0 ? text.Replace(old, other, StringComparison.Ordinal) : text).Replace("\"NUMBER\"", $"\"{order.Number}\"", StringComparison.Ordinal).Replace("\"REFUND\"", $"\"{refund.Number}\"", StringComparison.Ordinal);

    private SignedAnswers Answers(params (int Status, string Body)[] answers) => new(answers.Select(answer => (answer.Status, answer.Body)), (_, body) =>
    {
        var (timestamp, signature) = Sign(body);
        return [("Wechatpay-Timestamp", timestamp), ("Wechatpay-Nonce", "nonce"), ("Wechatpay-Signature", signature), ("Wechatpay-Serial", "PUB_KEY_ID_1")];
    });

    private WeChatPayChannel Bank(params (int Status, string Body)[] answers) => Bank(Answers(answers));

    private WeChatPayChannel Bank(SignedAnswers answers)
    {
        File.WriteAllText(Path.Combine(folder, "merchant.pem"), merchant.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "platform.pem"), platform.ExportSubjectPublicKeyInfoPem());
        var options = Microsoft.Extensions.Options.Options.Create(new WeChatPayOptions
        {
            MerchantId = "1900000001",
            AppId = "wx1",
            MerchantSerial = "1",
            MerchantPrivateKeyPath = Path.Combine(folder, "merchant.pem"),
            ApiV3Key = "0123456789abcdef0123456789abcdef",
            PlatformKeyId = "PUB_KEY_ID_1",
            PlatformPublicKeyPath = Path.Combine(folder, "platform.pem"),
            BaseAddress = "http://bank.test",
            NotifyUrl = "http://exam.test/callbacks/wechat-pay",
        });
        var keys = new WeChatPayKeys(options);
        return new(new(new HttpClient(answers), keys, options, clock), keys, options, clock);
    }

    private BankCallback Callback(string kind, string resource)
    {
        var plain = Encoding.UTF8.GetBytes(resource);
        var (cipher, tag) = (new byte[plain.Length], new byte[16]);
        using var aes = new AesGcm("0123456789abcdef0123456789abcdef"u8, 16);
        aes.Encrypt("nonce-of-12b"u8, plain, cipher, tag);
        var body = JsonSerializer.Serialize(new { id = "event-1", event_type = kind, resource = new { algorithm = "AEAD_AES_256_GCM", ciphertext = Convert.ToBase64String([.. cipher, .. tag]), nonce = "nonce-of-12b" } });
        var (timestamp, signature) = Sign(body);
        var headers = new Dictionary<string, string> { ["wechatpay-timestamp"] = timestamp, ["wechatpay-nonce"] = "nonce", ["wechatpay-signature"] = signature, ["wechatpay-serial"] = "PUB_KEY_ID_1" };
        return new() { Id = Guid.NewGuid(), Channel = "wechat-pay", ReceivedAt = clock.Now, Headers = JsonSerializer.Serialize(headers), Body = Encoding.UTF8.GetBytes(body) };
    }

    private (string Timestamp, string Signature) Sign(string body)
    {
        var timestamp = clock.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return (timestamp, Convert.ToBase64String(platform.SignData(Encoding.UTF8.GetBytes($"{timestamp}\nnonce\n{body}\n"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }
}
