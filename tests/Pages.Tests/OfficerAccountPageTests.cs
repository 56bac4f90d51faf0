using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Officers and their own accounts at the pages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OfficerAccountPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string New = "Other-Horse-2";

    [Fact]
    public async Task An_officer_sets_up_an_app_and_signs_in_with_its_code_without_script()
    {
        var (userName, appointer) = ($"factor-{Guid.NewGuid():N}"[..20], await platform.Platform.SignIn("area-110000"));
        var first = (await appointer.Post("/api/identity/officers", new { userName, displayName = "两步验证", level = "site", areaPath = "110000/110100/" })).Expect(201)["firstPassword"];
        (await (await platform.Platform.SignInWith(userName, first)).Post("/api/identity/me/password", new { oldPassword = first, newPassword = New })).Expect(204);
        var page = await browser.Open(platform.Web, script: false);
        await page.SignIn(userName, New, "/settings/second-factor");
        await page.GetByLabel("登录密码").FillAsync(New);
        await page.Press("开始设置");
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "二维码，内容与上面的密钥相同" })).ToBeVisibleAsync();
        var secret = (await page.Locator("main strong").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.GetByLabel("动态验证码").FillAsync("x");
        await page.Press("确认开启");
        await Expect(page.Locator("#code-error")).ToContainTextAsync("动态验证码不正确");
        await page.GetByLabel("动态验证码").FillAsync(Totp(secret, 0));
        await page.Press("确认开启");
        await Expect(page.Locator("main li")).ToHaveCountAsync(10);

        var own = await browser.Open(platform.Web, width: 320);
        await own.GotoAsync("/sign-in?return=/office/work");
        await own.GetByLabel("身份证件号码或用户名").FillAsync(userName);
        await own.GetByLabel("密码").FillAsync(New);
        await own.Press("登录");
        await Expect(own.Locator("#secondFactor-error")).ToContainTextAsync("请再填写一次密码，并填写动态验证码");
        await own.IsSound();
        await own.GetByLabel("密码").FillAsync(New);
        await own.GetByLabel("动态验证码").FillAsync(Totp(secret, 1));
        await own.Press("登录");
        Assert.Equal("/office/work", new Uri(own.Url).AbsolutePath);
    }

    [Fact]
    public async Task An_officer_appoints_the_next_level_who_replaces_the_first_password_and_is_let_in_anew_and_dismissed()
    {
        var (page, userName) = (await browser.Officer(platform, "area-110000", "/office/officers"), $"new-{Guid.NewGuid():N}"[..20]);
        await page.IsUsable();
        await page.GetByLabel("用户名").FillAsync(userName);
        await page.GetByLabel("单位或姓名").FillAsync("新考点");
        await page.GetByLabel("辖区代码").FillAsync("35");
        await page.Press("新增并生成初始密码");
        await Expect(page.Locator("#area-error")).ToContainTextAsync("辖区代码不正确");
        await page.GetByLabel("辖区代码").FillAsync("110100");
        await page.Press("新增并生成初始密码");
        var first = await page.Locator(".site-digits").InnerTextAsync();

        var own = await browser.Open(platform.Web, script: false);
        await own.SignIn(userName, first, "/settings/second-factor");
        await own.GetByRole(AriaRole.Link, new() { Name = "修改密码" }).ClickAsync();
        await own.GetByLabel("原密码").FillAsync(first);
        await own.GetByLabel("新密码").FillAsync(New);
        await own.Press("修改密码");
        await Expect(own.GetByText("请退出登录，再用新密码登录")).ToBeVisibleAsync();
        await own.Press("退出登录");
        await own.SignIn(userName, New, "/office/work");
        Assert.Equal("/office/work", new Uri(own.Url).AbsolutePath);

        await Change(page, userName, "重置登录");
        Assert.NotEqual(first, await page.Locator(".site-digits").InnerTextAsync());
        await Change(page, userName, "停用账号");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("账号已经停用");
    }

    private static async Task Change(IPage page, string userName, string what)
    {
        await page.GetByLabel($"（{userName}）", new() { Exact = false }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = what }).CheckAsync();
        await page.GetByLabel("原因").FillAsync("已核对单位出具的书面证明");
        await page.Press("确认办理");
    }

    /// <summary>What an authenticator app shows (RFC 6238), some steps from now.</summary>
    private static string Totp(string base32, int later)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(n => Convert.ToByte(bits.Substring(n * 8, 8), 2)).ToArray();
        var step = BitConverter.GetBytes((DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + later).Reverse().ToArray();
#pragma warning disable CA5350 // apps know no other
        var hash = System.Security.Cryptography.HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
