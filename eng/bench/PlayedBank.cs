using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Bench;

/// <summary>The four headers and the body of a callback.</summary>
internal sealed record SignedWords(string Body, string Timestamp, string Nonce, string Signature, string Serial);

/// <summary>WeChat Pay as far as callbacks and questions go, with keys of this run: it tells what was paid, forges, and answers when it is asked.</summary>
internal sealed class PlayedBank : IAsyncDisposable
{
    private const string MerchantId = "1900000001", AppId = "wx0000000000000001", KeyId = "PUB_KEY_ID_0000000000000001";
    private static readonly string[] Forgeries = ["wrongSignature", "unknownSerial", "stale", "tampered", "wrongKey", "foreignMerchant", "wrongAmount"];
    private readonly string folder = Directory.CreateTempSubdirectory("exam-bench-bank-").FullName;
    private readonly string apiV3Key = RandomNumberGenerator.GetHexString(32);
    private readonly string ownPem, merchantPem;
    private readonly ThreadLocal<RSA> own;
    private readonly ThreadLocal<RSA> forger = new(() => RSA.Create(2048), true);
    private readonly ConcurrentDictionary<string, DateTimeOffset> paid = new();
    private WebApplication? app;
    private int asked, forged;

    private PlayedBank()
    {
        using var key = RSA.Create(2048);
        using var merchant = RSA.Create(2048);
        (ownPem, merchantPem) = (key.ExportPkcs8PrivateKeyPem(), merchant.ExportPkcs8PrivateKeyPem());
        own = new(() =>
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(ownPem);
            return rsa;
        }, true);
        File.WriteAllText(Path.Combine(folder, "merchant.pem"), merchantPem);
        File.WriteAllText(Path.Combine(folder, "platform.pem"), key.ExportSubjectPublicKeyInfoPem());
    }

    /// <summary>What was paid, and when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Paid => paid;
    public int Asked => asked;

    /// <summary>What the service is told of this bank.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Payment__WeChatPay__MerchantId", MerchantId),
        new("Payment__WeChatPay__AppId", AppId),
        new("Payment__WeChatPay__MerchantSerial", "5157F09EFDC096DE15EBE81A47057A7200000001"),
        new("Payment__WeChatPay__MerchantPrivateKeyPath", Path.Combine(folder, "merchant.pem")),
        new("Payment__WeChatPay__ApiV3Key", apiV3Key),
        new("Payment__WeChatPay__PlatformKeyId", KeyId),
        new("Payment__WeChatPay__PlatformPublicKeyPath", Path.Combine(folder, "platform.pem")),
        new("Payment__WeChatPay__BaseAddress", app!.Urls.First()),
        new("Payment__WeChatPay__NotifyUrl", "http://localhost/callbacks/wechat-pay"),
    ];

    public static async Task<PlayedBank> StartAsync(CancellationToken ct)
    {
        var (bank, builder) = (new PlayedBank(), WebApplication.CreateSlimBuilder());
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        bank.app = builder.Build();
        bank.app.MapGet("/v3/pay/transactions/out-trade-no/{number}", bank.Answer);
        await bank.app.StartAsync(ct);
        return bank;
    }

    public void Pay(string number, DateTimeOffset at) => paid[number] = at;

    /// <summary>The callback of a paid order, signed now: the same event however often it is told.</summary>
    public HttpRequestMessage Tell(Uri to, string number) => Request(to, Words(number));

    public SignedWords Words(string number) => Sign(Notification($"event-{number}", Transaction(number, MerchantId, 24400), apiV3Key), own.Value!, KeyId, DateTimeOffset.UtcNow);

    /// <summary>What somebody else would send, each time in another way.</summary>
    public HttpRequestMessage Forge(Uri to, string number)
    {
        var n = Interlocked.Increment(ref forged);
        var (kind, id, now) = (Forgeries[n % Forgeries.Length], $"forged-{n}", DateTimeOffset.UtcNow);
        var good = Notification(id, Transaction(number, MerchantId, 24400), apiV3Key);
        var words = kind switch
        {
            "wrongSignature" => Sign(good, forger.Value!, KeyId, now),
            "unknownSerial" => Sign(good, forger.Value!, "PUB_KEY_ID_9999999999999999", now),
            "stale" => Sign(good, own.Value!, KeyId, now.AddMinutes(-10)),
            "tampered" => Sign(good, own.Value!, KeyId, now) with { Body = good.Replace("TRANSACTION.SUCCESS", "TRANSACTION.success", StringComparison.Ordinal) },
            "wrongKey" => Sign(Notification(id, Transaction(number, MerchantId, 24400), new string('k', 32)), own.Value!, KeyId, now),
            "foreignMerchant" => Sign(Notification(id, Transaction(number, "1900009999", 24400), apiV3Key), own.Value!, KeyId, now),
            _ => Sign(Notification(id, Transaction(number, MerchantId, 1), apiV3Key), own.Value!, KeyId, now),
        };
        return Request(to, words);
    }

    /// <summary>The work that nobody who believes a callback is spared.</summary>
    public void VerifyAndOpen(SignedWords words)
    {
        if (!own.Value!.VerifyData(Message(words.Timestamp, words.Nonce, words.Body), Convert.FromBase64String(words.Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) throw new CryptographicException("The bench's own signature does not fit.");
        using var told = JsonDocument.Parse(words.Body);
        var (resource, nonce) = (told.RootElement.GetProperty("resource"), told.RootElement.GetProperty("resource").GetProperty("nonce").GetString()!);
        var cipher = Convert.FromBase64String(resource.GetProperty("ciphertext").GetString()!);
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(apiV3Key), 16);
        var plain = new byte[cipher.Length - 16];
        aes.Decrypt(Encoding.UTF8.GetBytes(nonce), cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length), plain, "transaction"u8);
    }

    private async Task Answer(HttpContext http, string number)
    {
        Interlocked.Increment(ref asked);
        var body = paid.ContainsKey(number) ? Transaction(number, MerchantId, 24400)
            : JsonSerializer.Serialize(new Dictionary<string, string> { ["appid"] = AppId, ["mchid"] = MerchantId, ["out_trade_no"] = number, ["trade_state"] = "NOTPAY" });
        var words = Sign(body, own.Value!, KeyId, DateTimeOffset.UtcNow);
        foreach (var (name, value) in Headers(words)) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private string Transaction(string number, string merchant, int fen) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["appid"] = AppId,
        ["mchid"] = merchant,
        ["out_trade_no"] = number,
        ["transaction_id"] = $"42{number[..26]}",
        ["trade_state"] = "SUCCESS",
        ["success_time"] = paid.GetValueOrDefault(number, DateTimeOffset.UnixEpoch).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["amount"] = new { total = fen, currency = "CNY" },
    });

    private static string Notification(string id, string transaction, string key)
    {
        var (nonce, plain) = (RandomNumberGenerator.GetHexString(12), Encoding.UTF8.GetBytes(transaction));
        var sealedBytes = new byte[plain.Length + 16];
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(key), 16);
        aes.Encrypt(Encoding.UTF8.GetBytes(nonce), plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), "transaction"u8);
        return JsonSerializer.Serialize(new
        {
            id,
            event_type = "TRANSACTION.SUCCESS",
            resource_type = "encrypt-resource",
            resource = new { algorithm = "AEAD_AES_256_GCM", ciphertext = Convert.ToBase64String(sealedBytes), associated_data = "transaction", nonce },
        });
    }

    private static SignedWords Sign(string body, RSA key, string serial, DateTimeOffset at)
    {
        var (timestamp, nonce) = (at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(32));
        return new(body, timestamp, nonce, Convert.ToBase64String(key.SignData(Message(timestamp, nonce, body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), serial);
    }

    private static byte[] Message(string timestamp, string nonce, string body) => Encoding.UTF8.GetBytes($"{timestamp}\n{nonce}\n{body}\n");

    private static IEnumerable<(string, string)> Headers(SignedWords words) =>
        [("Wechatpay-Timestamp", words.Timestamp), ("Wechatpay-Nonce", words.Nonce), ("Wechatpay-Signature", words.Signature), ("Wechatpay-Serial", words.Serial)];

    private static HttpRequestMessage Request(Uri to, SignedWords words)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new StringContent(words.Body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in Headers(words)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        foreach (var keys in (ThreadLocal<RSA>[])[own, forger])
        {
            foreach (var key in keys.Values) key.Dispose();
            keys.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }
}
