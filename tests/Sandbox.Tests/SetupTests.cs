using System.Net;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.WeChat;
using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Sandbox.Tests;

public sealed class SetupTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task It_says_it_is_well(string path)
    {
        using var response = await host.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void Every_missing_setting_is_named_at_once()
    {
        var pay = new WeChatPayOptionsValidator().Validate(null, new());
        var sms = new AliyunSmsOptionsValidator().Validate(null, new());

        Assert.Equal(7, pay.Failures!.Count());
        Assert.Equal(2, sms.Failures!.Count());
        Assert.Equal(11, new WeChatOptionsValidator().Validate(null, new()).Failures!.Count());
        Assert.True(new SharedSecretOptionsValidator().Validate("IdRegistry", new() { Secret = "too-short" }).Failed);
        Assert.All(pay.Failures!, fault => Assert.StartsWith("Sandbox:WeChatPay:", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_resend_schedule_is_the_real_one()
    {
        Assert.Equal(15, Callbacks.Schedule.Count);
        Assert.Equal(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(4), Callbacks.Schedule.Aggregate((sum, wait) => sum + wait));
    }
}
