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
}
