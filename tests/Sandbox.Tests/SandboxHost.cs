using ExamPlatform.Testing;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Sandbox.Tests;

/// <summary>The sandbox on a real socket with keys made for this class, and the merchant that talks with it.</summary>
public sealed class SandboxHost : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string AccessKeyId = "LTAI-test";
    public const string AccessKeySecret = "test-secret";
    public const string RegisterSecret = "secret-of-the-register";

    private readonly string folder = Directory.CreateTempSubdirectory("sandbox").FullName;
    private readonly RSA platformKey = RSA.Create(2048);

    public SettableClock Clock { get; } = new();

    public Merchant Merchant { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Merchant = await Merchant.Start(Clock, platformKey);
        File.WriteAllText(Path.Combine(folder, "platform.pem"), platformKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "merchant.pem"), Merchant.Key.ExportSubjectPublicKeyInfoPem());
        UseKestrel(0);
        StartServer();
        Http = CreateClient();
        Merchant.SandboxAt(Http);
    }

    public async Task<JsonElement> Control(string path, object request)
    {
        using var response = await Http.PostAsJsonAsync($"/control/{path}", request);
        response.EnsureSuccessStatusCode();
        return response.Content.Headers.ContentLength == 0 || response.StatusCode == System.Net.HttpStatusCode.NoContent
            ? default
            : await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("Sandbox:WeChatPay:MerchantId", Merchant.Id);
        builder.UseSetting("Sandbox:WeChatPay:AppId", Merchant.AppId);
        builder.UseSetting("Sandbox:WeChatPay:MerchantSerial", Merchant.Serial);
        builder.UseSetting("Sandbox:WeChatPay:MerchantPublicKeyPath", Path.Combine(folder, "merchant.pem"));
        builder.UseSetting("Sandbox:WeChatPay:ApiV3Key", Merchant.ApiV3Key);
        builder.UseSetting("Sandbox:WeChatPay:PlatformKeyId", Merchant.PlatformKeyId);
        builder.UseSetting("Sandbox:WeChatPay:PlatformPrivateKeyPath", Path.Combine(folder, "platform.pem"));
        builder.UseSetting("Sandbox:WeChatPay:ResendScale", "0.0001");
        builder.UseSetting("Sandbox:AliyunSms:AccessKeyId", AccessKeyId);
        builder.UseSetting("Sandbox:AliyunSms:AccessKeySecret", AccessKeySecret);
        builder.UseSetting("Sandbox:AliyunSms:ReceiptUrl", Merchant.Url("/receipts"));
        builder.UseSetting("Sandbox:AliyunSms:ReplyUrl", Merchant.Url("/replies"));
        builder.UseSetting("Sandbox:AliyunSms:ResendScale", "0.0001");
        builder.UseOtherWorlds(RegisterSecret);
        builder.UseSetting("Sandbox:WeChat:CallbackUrl", Merchant.Url("/wechat"));
        builder.UseSetting("Sandbox:WeChat:ResendScale", "0.0001");
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await Merchant.DisposeAsync();
        await base.DisposeAsync();
        platformKey.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
