using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.Sandbox.Tests;

/// <summary>A merchant written against the published protocol, not against the sandbox's code: signs requests, receives and verifies callbacks.</summary>
public sealed class Merchant : IAsyncDisposable
{
    public const string Id = "1900000109";
    public const string AppId = "wxd678efh567hg6787";
    public const string Serial = "7777A1B2C3D4E5F60718293A4B5C6D7E8F901234";
    public const string ApiV3Key = "0123456789abcdef0123456789ABCDEF";
    public const string PlatformKeyId = "PUB_KEY_ID_0119000001092026112200000000000001";

    private readonly WebApplication app;
    private readonly TimeProvider clock;
    private readonly RSA platform;
    private readonly ConcurrentDictionary<string, Channel<Received>> inboxes = new();
    private readonly ConcurrentDictionary<string, int> refusals = new();
    private HttpClient sandbox = null!;
    private string nextReplyAnswer = """{"code":0,"msg":"接收成功"}""";

    private Merchant(TimeProvider clock, RSA platform)
    {
        this.clock = clock;
        this.platform = platform;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(Receive);
    }

    public RSA Key { get; } = RSA.Create(2048);

    public static async Task<Merchant> Start(TimeProvider clock, RSA platform)
    {
        var merchant = new Merchant(clock, platform);
        await merchant.app.StartAsync();
        return merchant;
    }

    public void SandboxAt(HttpClient client) => sandbox = client;

    public string Url(string path) => app.Urls.First() + path;

    /// <summary>Answers the next push of a reply with this body instead of the right one.</summary>
    public void AnswerNextReply(string body) => nextReplyAnswer = body;

    /// <summary>Answers 500 to the next requests whose path or body contains this text.</summary>
    public void RefuseNext(string text, int times) => refusals[text] = times;

    public async Task<Received> Next(string path)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await Inbox(path).Reader.ReadAsync(deadline.Token);
    }

    public Task<HttpResponseMessage> Post(string target, object body) =>
        Send(Request(HttpMethod.Post, target, JsonSerializer.Serialize(body)));

    public Task<HttpResponseMessage> Get(string target) => Send(Request(HttpMethod.Get, target, ""));

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => sandbox.SendAsync(request);

    public Task<HttpResponseMessage> Place(
        string number,
        string path = "/notify",
        int total = 6000) =>
        Post("/v3/pay/transactions/native", Order(number, path, total));

    public Dictionary<string, object?> Order(string number, string path = "/notify", int total = 6000) => new()
    {
        ["appid"] = AppId,
        ["mchid"] = Id,
        ["description"] = "Exam fee",
        ["out_trade_no"] = number,
        ["notify_url"] = Url(path),
        ["amount"] = new Dictionary<string, object?> { ["total"] = total, ["currency"] = "CNY" },
    };

    public HttpRequestMessage Request(
        HttpMethod method,
        string target,
        string body,
        string? nonce = null,
        TimeSpan age = default,
        string serial = Serial,
        string id = Id)
    {
        nonce ??= Guid.NewGuid().ToString("N");
        var timestamp = (clock.GetUtcNow() - age).ToUnixTimeSeconds();
        var signature = Sign($"{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n");
        var request = new HttpRequestMessage(method, target);
        if (method != HttpMethod.Get) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "merchant/1.0");
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"WECHATPAY2-SHA256-RSA2048 mchid=\"{id}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial}\",signature=\"{signature}\"");
        return request;
    }

    public string Sign(string message) =>
        Convert.ToBase64String(Key.SignData(Encoding.UTF8.GetBytes(message), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public async Task<bool> Trusts(HttpResponseMessage response)
    {
        if (!response.Headers.Contains("Wechatpay-Signature")) return false;
        return Trusts(name => response.Headers.GetValues(name).Single(), await response.Content.ReadAsStringAsync());
    }

    public bool Trusts(Received callback) => Trusts(name => callback.Headers.GetValueOrDefault(name, ""), callback.Body);

    public static JsonElement Open(Received callback, string key = ApiV3Key)
    {
        var resource = callback.Json.GetProperty("resource");
        var sealedBytes = Convert.FromBase64String(resource.GetProperty("ciphertext").GetString()!);
        var plain = new byte[sealedBytes.Length - 16];
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(key), 16);
        aes.Decrypt(
            Encoding.UTF8.GetBytes(resource.GetProperty("nonce").GetString()!),
            sealedBytes.AsSpan(0, plain.Length),
            sealedBytes.AsSpan(plain.Length),
            plain,
            Encoding.UTF8.GetBytes(resource.GetProperty("associated_data").GetString()!));
        return JsonDocument.Parse(plain).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Key.Dispose();
    }

    private bool Trusts(Func<string, string> header, string body)
    {
        if (header("Wechatpay-Serial") != PlatformKeyId) return false;
        if (Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - long.Parse(header("Wechatpay-Timestamp"))) >= 300) return false;
        var message = Encoding.UTF8.GetBytes($"{header("Wechatpay-Timestamp")}\n{header("Wechatpay-Nonce")}\n{body}\n");
        var signature = header("Wechatpay-Signature");
        return !signature.StartsWith("WECHATPAY/SIGNTEST/", StringComparison.Ordinal)
            && platform.VerifyData(message, Convert.FromBase64String(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private async Task Receive(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Request.Path.Value!;
        var received = new Received(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        var refused = refusals.Keys.FirstOrDefault(text => path.Contains(text, StringComparison.Ordinal) || received.Body.Contains(text, StringComparison.Ordinal));
        context.Response.StatusCode = refused is not null && refusals.AddOrUpdate(refused, 0, (_, times) => times - 1) >= 0 ? 500 : 200;
        if (path == "/replies") await context.Response.WriteAsync(Interlocked.Exchange(ref nextReplyAnswer, """{"code":0,"msg":"接收成功"}"""));
        await Inbox(path).Writer.WriteAsync(received);
    }

    private Channel<Received> Inbox(string path) =>
        inboxes.GetOrAdd(path, _ => System.Threading.Channels.Channel.CreateUnbounded<Received>());

    public sealed record Received(IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    }
}
