using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Passkeys with the browser's own WebAuthn and a device that it plays.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PasskeyPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    /// <summary>A device with a face reader; whether it knows the face can be changed.</summary>
    private static async Task<(ICDPSession Session, string Id)> Device(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return (session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private static Task Verifies(ICDPSession session, string device, bool right) => session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = device, ["isUserVerified"] = right });

    [Fact]
    public async Task A_device_is_added_once_and_then_signs_in_without_anything_typed()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, width: 320));
        var (session, device) = await Device(page);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/passkeys");
        await page.IsSound();
        await page.GetByLabel("登录密码").FillAsync("Wrong-Horse-1");
        await page.Press("继续");
        await Expect(page.Locator("#present-error")).ToBeVisibleAsync();
        await page.GetByLabel("登录密码").FillAsync(life.Facts.Password);
        await page.Press("继续");
        await page.IsSound();
        await page.GetByLabel("设备名称").FillAsync("我的手机");
        await page.GetByRole(AriaRole.Button, new() { Name = "验证并添加" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经添加");
        await page.Press("退出登录");

        await page.GotoAsync("/sign-in?return=/inbox");
        await page.IsSound();
        await Verifies(session, device, false);
        await page.GetByRole(AriaRole.Button, new() { Name = "用面容、指纹或设备密码登录" }).ClickAsync();
        await Expect(page.GetByText("没有登录").First).ToBeVisibleAsync();
        await Verifies(session, device, true);
        await page.GetByRole(AriaRole.Button, new() { Name = "用面容、指纹或设备密码登录" }).ClickAsync();
        await page.WaitForURLAsync("**/inbox");
    }

    [Fact]
    public async Task A_device_that_was_taken_away_signs_in_no_more_and_the_person_is_told_what_to_do()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web));
        await Device(page);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/passkeys");
        await page.GetByLabel("登录密码").FillAsync(life.Facts.Password);
        await page.Press("继续");
        await page.GetByRole(AriaRole.Button, new() { Name = "验证并添加" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经添加");
        await page.Press("删除");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("请选择要删除的设备");
        await page.GetByLabel("我的设备", new() { Exact = false }).CheckAsync();
        await page.GetByLabel("登录密码").First.FillAsync(life.Facts.Password);
        await page.Press("删除");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经删除");
        await page.Press("退出登录");

        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "用面容、指纹或设备密码登录" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("或者用密码登录");
    }

    [Fact]
    public async Task Without_script_there_is_no_button_that_does_nothing()
    {
        var page = await browser.Open(platform.Web, script: false);
        await page.GotoAsync("/sign-in");

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "用面容、指纹或设备密码登录" })).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true })).ToBeVisibleAsync();
    }
}
