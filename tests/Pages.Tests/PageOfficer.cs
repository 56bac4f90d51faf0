using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>An officer, or the operator, at the pages.</summary>
internal static class PageOfficer
{
    /// <summary>Signs in and comes to an address.</summary>
    public static async Task<IPage> Officer(this Browser browser, RunningPlatform platform, string userName, string address, bool script = true, int width = 1000)
    {
        var page = await browser.Open(platform.Web, script, width);
        await page.GotoAsync($"/sign-in?return={Uri.EscapeDataString(address)}");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(userName);
        await page.GetByLabel("密码").FillAsync(platform.Platform.ReadyMadePassword);
        await page.Press("登录");
        return page;
    }

    /// <summary>Presses a key once the scripts are there that listen for it.</summary>
    public static async Task Key(this IPage page, string key)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.Keyboard.PressAsync(key);
    }

    /// <summary>Looks at a page in a wide window and in a narrow one.</summary>
    public static async Task IsUsable(this IPage page)
    {
        await page.HasNoBarrier();
        await page.SetViewportSizeAsync(320, 900);
        await page.HasNoBarrier();
        await page.DoesNotScrollSideways();
        await page.SetViewportSizeAsync(1000, 900);
    }

    public static ILocator Content(this IPage page) => page.Locator("main");

    /// <summary>An officer who is not ready-made, with a password of their own.</summary>
    public static async Task<(string UserName, string Password)> Appoint(this RunningPlatform platform, Person by, string level, string areaPath)
    {
        const string password = "Other-Horse-2";
        var userName = $"{level}-{Guid.NewGuid():N}"[..20];
        var first = (await by.Post("/api/identity/officers", new { userName, displayName = "另一名考务", level, areaPath })).Expect(201)["firstPassword"];
        (await (await platform.Platform.SignInWith(userName, first)).Post("/api/identity/me/password", new { oldPassword = first, newPassword = password })).Expect(204);
        return (userName, password);
    }
}
