using ExamPlatform.Testing;
using System.Security.Cryptography;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Chsi;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

/// <summary>The service with 学信网 played by the sandbox on a real socket.</summary>
public sealed class ChsiFixture : ApplicationFixture
{
    private readonly Lazy<ChsiWorld> world = new(() => new());

    public ChsiWorld World => world.Value;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings.Where(s => s.Key != "Application:Chsi:BaseAddress"), new("Application:Chsi:BaseAddress", World.Address.ToString())];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && world.IsValueCreated) world.Value.Dispose();
    }
}

public sealed class ChsiWorld : WebApplicationFactory<Reports>
{
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-sandbox-").FullName;

    public ChsiWorld()
    {
        UseKestrel(0);
        StartServer();
        Address = CreateClient().BaseAddress!;
    }

    public Uri Address { get; }

    /// <summary>Registers a report under a code of its own, and returns the code.</summary>
    public string Report(Func<Report, Report>? change = null)
    {
        var report = new Report(RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 16), "测试考生", "北京大学", "临床医学", Sandbox.Chsi.EducationLevel.Master, "2018-07", "100011201802000001", Degree: "医学硕士");
        report = change?.Invoke(report) ?? report;
        Services.GetRequiredService<Reports>().Keep(report);
        return report.Code;
    }

    public void Misbehave(string code, Effect effect, int? status = null) => Services.GetRequiredService<Behaviours>().Add(new(Channel.Chsi, effect, OnlyContaining: code, Status: status));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        using var key = RSA.Create(2048); // the other channels of the sandbox want keys to start
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
        builder.UseSetting("Sandbox:AliyunSms:AccessKeyId", "test");
        builder.UseSetting("Sandbox:AliyunSms:AccessKeySecret", "test");
        builder.UseOtherWorlds();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
