using ExamPlatform.Testing;
using System.Security.Cryptography;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.DisabilityRegister;
using ExamPlatform.Sandbox.IdRegistry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Identities.Tests;

/// <summary>The sandbox on a real socket: the disability register with its signature, WeChat and Baidu, and their ways to fail.</summary>
public sealed class RegisterWorld : WebApplicationFactory<RegisteredPeople>
{
    public const string Secret = "secret-of-the-register";
    private readonly TimeProvider clock;
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-sandbox-").FullName;

    private readonly Func<HttpMessageHandler>? platform;

    /// <param name="platform">The way to the service under test, for what the world tells by itself.</param>
    public RegisterWorld(TimeProvider clock, Func<HttpMessageHandler>? platform = null)
    {
        (this.clock, this.platform) = (clock, platform);
        UseKestrel(0);
        StartServer();
        Address = CreateClient().BaseAddress!;
    }

    public Uri Address { get; }

    public void Add(RegisteredPerson person) => Services.GetRequiredService<RegisteredPeople>().Add(person);

    /// <param name="name">Whose number it is; null: there is no such number. Of whom nothing is told, the registry says yes.</param>
    public void Tell(string number, string? name) => Services.GetRequiredService<KnownIds>().Tell(number, name);

    public void Misbehave(string text, Effect effect, Channel channel = Channel.DisabilityRegister, int times = 1) => Services.GetRequiredService<Behaviours>().Add(new(channel, effect, times, OnlyContaining: text));

    /// <summary>Whether what was told by <see cref="Misbehave"/> has not happened yet: the register was not asked.</summary>
    public bool StillToMisbehave(string certificate) => Services.GetRequiredService<Behaviours>().Pending.Any(behaviour => behaviour.OnlyContaining == certificate);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        using var key = RSA.Create(2048); // another channel of the sandbox wants keys to start
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
        foreach (var name in (string[])["AccessKeyId", "AccessKeySecret"]) builder.UseSetting($"Sandbox:AliyunSms:{name}", "test");
        builder.UseOtherWorlds(Secret);
        builder.UseSetting("Sandbox:WeChat:CallbackUrl", "http://localhost/callbacks/wechat");
        builder.UseSetting("Sandbox:WeChat:ResendScale", "0.0001");
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(clock);
            if (platform is not null) services.AddHttpClient(Platform.Client).ConfigurePrimaryHttpMessageHandler(platform);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Identity with the register at its side.</summary>
public sealed class DisabilityFixture : IdentityFixture
{
    private RegisterWorld? world;

    public RegisterWorld World => world ??= new(Clock);

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings,
        new("Identity:DisabilityRegister:BaseAddress", World.Address.ToString()),
        new("Identity:DisabilityRegister:Secret", RegisterWorld.Secret),
        new("Identity:IdRegistry:BaseAddress", World.Address.ToString()),
        new("Identity:IdRegistry:Secret", RegisterWorld.Secret),
    ];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) world?.Dispose();
    }
}
