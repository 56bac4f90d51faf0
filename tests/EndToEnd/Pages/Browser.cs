using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ExamPlatform.EndToEnd.Pages;

/// <summary>A real Chromium that looks at the web front end. One for a test class; each test has a window of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = Flags });
    }

    public async Task<IPage> Open(Uri web, bool script = true, int width = 1000, Action<BrowserNewContextOptions>? options = null)
    {
        var settings = new BrowserNewContextOptions { BaseURL = web.ToString(), JavaScriptEnabled = script, Locale = "zh-CN", ViewportSize = new() { Width = width, Height = 900 } };
        options?.Invoke(settings);
        var context = await chromium!.NewContextAsync(settings);
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}

public static class Looks
{
    /// <summary>WCAG 2.2 A and AA, and the contrast of AAA: none may be violated.</summary>
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
        Rules = new() { ["color-contrast-enhanced"] = new() { Enabled = true } },
    };

    public static async Task HasNoBarrier(this IPage page)
    {
        var found = await page.RunAxe(Rules);
        Assert.True(found.Violations.Length == 0, $"{page.Url}: {string.Join("; ", found.Violations.Select(v => $"{v.Id} {string.Join(", ", v.Nodes.Select(n => n.Html))}"))}");
    }

    /// <summary>Nothing is wider than the window.</summary>
    public static async Task DoesNotScrollSideways(this IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{page.Url} scrolls sideways");
}
