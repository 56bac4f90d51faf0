using Microsoft.AspNetCore.Hosting;

namespace ExamPlatform.Testing;

/// <summary>What the sandbox must be told before it starts, of those worlds that a test does not ask. Set what the test does ask after it.</summary>
public static class SandboxSettings
{
    public static void UseOtherWorlds(this IWebHostBuilder builder, string secret = "none-that-anyone-asks-for")
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var name in (string[])["DisabilityRegister", "IdRegistry", "FaceVerification"]) builder.UseSetting($"Sandbox:{name}:Secret", secret);
        foreach (var name in (string[])["AccountAppId", "AccountSecret", "WebsiteAppId", "WebsiteSecret", "MiniProgramAppId", "MiniProgramSecret", "Token", "BaiduClientId", "BaiduSecret"]) builder.UseSetting($"Sandbox:WeChat:{name}", $"test-{name}");
        builder.UseSetting("Sandbox:WeChat:EncodingAesKey", new string('A', 43));
        builder.UseSetting("Sandbox:WeChat:RedirectAddress", "http://web.test");
    }
}
