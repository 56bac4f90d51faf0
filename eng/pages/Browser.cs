using Microsoft.Playwright;

namespace ExamPlatform.Pages;

/// <summary>The Chromium that the setup for the tests installs.</summary>
internal sealed class Browser(IPlaywright playwright, IBrowser chromium, Uri web) : IAsyncDisposable
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    public static async Task<Browser> Start(Uri web)
    {
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = Flags }), web);
    }

    /// <summary>A window of a visitor's own, signed in.</summary>
    /// <param name="display">The theme and text size that a cookie keeps, such as dark.100.</param>
    public async Task<IPage> Open(Visitor visitor, int width, int height, string display = "light.100")
    {
        var context = await chromium.NewContextAsync(new() { BaseURL = web.ToString(), Locale = "zh-CN", ViewportSize = new() { Width = width, Height = height } });
        await context.AddCookiesAsync([new() { Name = "exam-display", Value = display, Url = web.ToString() }]);
        var page = await context.NewPageAsync();
        if (visitor.SignIn is not { } credentials) return page;
        await page.GotoAsync("/sign-in");
        await page.Locator("[name=who]").FillAsync(credentials.Who);
        await page.Locator("[name=password]").FillAsync(credentials.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => !address.EndsWith("/sign-in", StringComparison.Ordinal));
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
