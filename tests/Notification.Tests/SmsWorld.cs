using ExamPlatform.Testing;
using System.Security.Cryptography;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.WeChat;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Notifications.Tests;

/// <summary>The sandbox on a real socket: the SMS gateway with its real signature, and its ways to fail.</summary>
public sealed class SmsWorld : WebApplicationFactory<SentMessages>
{
    public const string KeyId = "LTAI-test";
    public const string KeySecret = "test-secret";
    public const string ReplyToken = "reply-token-of-the-test-process";
    public const string ReceiptToken = "receipt-token-of-the-test-process";
    private readonly TimeProvider clock;
    private readonly Func<HttpMessageHandler> platform;
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-sandbox-").FullName;

    /// <param name="platform">The way to the platform under test, which runs in this process.</param>
    public SmsWorld(TimeProvider clock, Func<HttpMessageHandler> platform)
    {
        (this.clock, this.platform) = (clock, platform);
        UseKestrel(0);
        StartServer();
        Address = CreateClient().BaseAddress!;
    }

    public Uri Address { get; }

    public IReadOnlyList<SentMessage> To(string mobile) => [.. Services.GetRequiredService<SentMessages>().To(mobile)];

    /// <summary>Somebody replies by SMS.</summary>
    /// <returns>The sequence id.</returns>
    public string Reply(string mobile, string content, int repeat = 1) => Services.GetRequiredService<Replies>().Send(mobile, content, repeat);

    public IReadOnlyList<ReplyAttempt> Pushes(string sequenceId) => [.. Services.GetRequiredService<Replies>().Attempts.Where(attempt => attempt.SequenceId == sequenceId)];

    public IReadOnlyList<TencentMessage> ByTencent(string mobile) => [.. Services.GetRequiredService<TencentSms>().To(mobile)];

    public WeChatWorld WeChat => Services.GetRequiredService<WeChatWorld>();

    public SentNews News => Services.GetRequiredService<SentNews>();

    /// <summary>Lets a channel misbehave towards the next requests that contain a text.</summary>
    public void Misbehave(Channel channel, string containing, Effect effect, int times = 1, string? code = null) => Services.GetRequiredService<Behaviours>().Add(new(channel, effect, times, containing, Code: code));

    /// <summary>Lets the gateway misbehave towards the next requests about one mobile.</summary>
    public void Misbehave(string mobile, Effect effect, int times = 1, string? code = null) =>
        Services.GetRequiredService<Behaviours>().Add(new(Channel.Sms, effect, times, mobile, Code: code));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        using var key = RSA.Create(2048); // the other channel of the sandbox wants keys to start
        var (secret, open) = (Path.Combine(folder, "secret.pem"), Path.Combine(folder, "public.pem"));
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem());
        builder.UseEnvironment("Testing");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var name in (string[])["MerchantId", "AppId", "MerchantSerial"]) builder.UseSetting($"Sandbox:WeChatPay:{name}", "test");
        builder.UseSetting("Sandbox:WeChatPay:MerchantPublicKeyPath", open);
        builder.UseSetting("Sandbox:WeChatPay:PlatformPrivateKeyPath", secret);
        builder.UseSetting("Sandbox:WeChatPay:ApiV3Key", new string('k', 32));
        builder.UseSetting("Sandbox:WeChatPay:PlatformKeyId", "PUB_KEY_ID_1");
        builder.UseSetting("Sandbox:AliyunSms:AccessKeyId", KeyId);
        builder.UseSetting("Sandbox:AliyunSms:AccessKeySecret", KeySecret);
        builder.UseOtherWorlds();
        builder.UseSetting("Sandbox:TencentSms:SecretId", KeyId);
        builder.UseSetting("Sandbox:TencentSms:SecretKey", KeySecret);
        builder.UseSetting("Sandbox:TencentSms:ReceiptUrl", $"http://platform/callbacks/tencent-sms-receipts/{ReceiptToken}");
        builder.UseSetting("Sandbox:TencentSms:ResendScale", "0.01");
        builder.UseSetting("Sandbox:AliyunSms:ReceiptUrl", $"http://platform/callbacks/aliyun-sms-receipts/{ReplyToken}");
        builder.UseSetting("Sandbox:AliyunSms:ReplyUrl", $"http://platform/callbacks/aliyun-sms-replies/{ReplyToken}");
        builder.UseSetting("Sandbox:AliyunSms:ResendScale", "0.001");
        builder.ConfigureTestServices(services => services.AddSingleton(clock).AddHttpClient(Platform.Client).ConfigurePrimaryHttpMessageHandler(platform));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
