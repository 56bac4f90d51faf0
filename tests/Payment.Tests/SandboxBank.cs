using ExamPlatform.Sandbox.WeChatPay;
using ExamPlatform.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ExamPlatform.Payments.Tests;

/// <summary>The sandbox's WeChat Pay on a real socket, with keys made for this run; its callbacks go to the service under test.</summary>
public sealed class SandboxBank : WebApplicationFactory<Sandbox.Platform>
{
    public const string MerchantId = "1900000001";
    public const string AppId = "wx0000000000000001";
    public const string MerchantSerial = "5157F09EFDC096DE15EBE81A47057A7200000001";
    public const string PlatformKeyId = "PUB_KEY_ID_0000000000000001";

    private readonly RSA merchant = RSA.Create(2048);
    private readonly RSA own = RSA.Create(2048);
    private readonly X509Certificate2 root, certificate;
    private readonly SettableClock clock;
    private readonly Func<HttpMessageHandler> platform;
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-bank-").FullName;

    public SandboxBank(SettableClock clock, Func<HttpMessageHandler> platform)
    {
        (this.clock, this.platform) = (clock, platform);
        using var rootKey = RSA.Create(2048);
        var top = new CertificateRequest("CN=Tenpay.com Root CA", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        top.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        root = top.CreateSelfSigned(clock.Now.AddYears(-1), clock.Now.AddYears(20));
        certificate = new CertificateRequest("CN=Tenpay.com sign", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(root, clock.Now.AddYears(-1), clock.Now.AddYears(10), [0x51, 0x57, 0x09]);
    }

    public string ApiV3Key { get; } = RandomNumberGenerator.GetHexString(32);
    public string MerchantPrivateKeyPem => merchant.ExportPkcs8PrivateKeyPem();
    public string Address { get; private set; } = "";

    public IEnumerable<KeyValuePair<string, string>> MerchantSettings =>
    [
        new("Payment:WeChatPay:MerchantId", MerchantId),
        new("Payment:WeChatPay:AppId", AppId),
        new("Payment:WeChatPay:AccountAppId", "test-AccountAppId"),
        new("Payment:WeChatPay:MiniProgramAppId", "test-MiniProgramAppId"),
        new("Payment:WeChatPay:H5", "true"),
        new("Payment:WeChatPay:MerchantSerial", MerchantSerial),
        new("Payment:WeChatPay:MerchantPrivateKeyPath", Pem("merchant-private", merchant.ExportPkcs8PrivateKeyPem())),
        new("Payment:WeChatPay:ApiV3Key", ApiV3Key),
        new("Payment:WeChatPay:PlatformKeyId", PlatformKeyId),
        new("Payment:WeChatPay:PlatformPublicKeyPath", Pem("platform-public", own.ExportSubjectPublicKeyInfoPem())),
        new("Payment:WeChatPay:PlatformRootPath", Pem("platform-root", root.ExportCertificatePem())),
        new("Payment:WeChatPay:BaseAddress", Address),
        new("Payment:WeChatPay:NotifyUrl", "http://localhost/callbacks/wechat-pay"),
    ];

    public void Open()
    {
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress.ToString();
    }

    public async Task<JsonElement> Control(string path, object request)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Address) };
        using var response = await http.PostAsJsonAsync($"/control/{path}", request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.StatusCode == System.Net.HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Misbehaves towards the next requests that name this order or description.</summary>
    public Task Misbehave(string effect, string onlyContaining, int times = 1) => Control("behaviour", new { channel = "wechatPay", effect, times, onlyContaining });

    public BankOrder? Find(string number) => Services.GetRequiredService<OrderBook>().Find(number);

    /// <summary>The callback of a paid order as WeChat Pay would send it now.</summary>
    public HttpRequestMessage Callback(string number)
    {
        var body = Services.GetRequiredService<Callbacks>().LastOf(number)!.Body;
        var request = new HttpRequestMessage(HttpMethod.Post, "/callbacks/wechat-pay") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in Services.GetRequiredService<AnswerSignature>().For(body)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("Sandbox:WeChatPay:MerchantId", MerchantId);
        builder.UseSetting("Sandbox:WeChatPay:AppId", AppId);
        builder.UseSetting("Sandbox:WeChatPay:MerchantSerial", MerchantSerial);
        builder.UseSetting("Sandbox:WeChatPay:MerchantPublicKeyPath", Pem("merchant-public", merchant.ExportSubjectPublicKeyInfoPem()));
        builder.UseSetting("Sandbox:WeChatPay:ApiV3Key", ApiV3Key);
        builder.UseSetting("Sandbox:WeChatPay:PlatformKeyId", PlatformKeyId);
        builder.UseSetting("Sandbox:WeChatPay:PlatformPrivateKeyPath", Pem("platform-private", own.ExportPkcs8PrivateKeyPem()));
        builder.UseSetting("Sandbox:WeChatPay:PlatformCertificatePath", Pem("platform-certificate", certificate.ExportCertificatePem()));
        builder.UseSetting("Sandbox:AliyunSms:AccessKeyId", "none");
        builder.UseSetting("Sandbox:AliyunSms:AccessKeySecret", "none");
        builder.UseOtherWorlds();
        builder.UseOtherBanks();
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddHttpClient(Sandbox.Platform.Client).ConfigurePrimaryHttpMessageHandler(platform);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        merchant.Dispose();
        own.Dispose();
        root.Dispose();
        certificate.Dispose();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string Pem(string name, string text)
    {
        var path = Path.Combine(folder, name + ".pem");
        File.WriteAllText(path, text);
        return path;
    }
}
