using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>A real Chromium that looks at the web front end. One for a test class; each test has a window of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000); // as long as everything else may take on a busy machine
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
    /// <summary>A candidate by number or an officer by name, at the sign-in page.</summary>
    public static async Task SignIn(this IPage page, string who, string password, string to = "/")
    {
        await page.GotoAsync($"/sign-in?return={to}");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(who);
        await page.GetByLabel("密码").FillAsync(password);
        await page.Press("登录");
        Assert.Equal(to, new Uri(page.Url).PathAndQuery);
    }

    /// <summary>Presses a button and waits for the page that answers.</summary>
    public static Task Press(this IPage page, string button, bool exact = true) => page.Answered(() => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = exact }).First.ClickAsync());

    /// <summary>Does what sends a form, and waits for the page that answers it.</summary>
    public static async Task<IResponse> Answered(this IPage page, Func<Task> send)
    {
#pragma warning disable CS0612 // what else waits for the page that answers a form at the same address?
        return (await page.RunAndWaitForNavigationAsync(send))!;
#pragma warning restore CS0612
    }

    /// <summary>WCAG 2.2 A and AA, and the contrast of AAA: none may be violated.</summary>
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
        Rules = new() { ["color-contrast-enhanced"] = new() { Enabled = true } },
    };

    /// <summary>What moved while the page loaded (Layout Instability API), without what a person's own input moves.</summary>
    private const string Moved = """
        () => new Promise(done => {
            const moved = [];
            const take = entries => entries.filter(e => !e.hadRecentInput).forEach(e => moved.push(...e.sources.map(s => `${e.value} ${(s.node?.outerHTML ?? s.node?.nodeName ?? '').slice(0, 120)}`)));
            const observer = new PerformanceObserver(list => take(list.getEntries()));
            observer.observe({ type: 'layout-shift', buffered: true });
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { take(observer.takeRecords()); done(moved); })));
        })
        """;

    /// <summary>The innermost element that is wider than the window; null where the page does not scroll sideways.</summary>
    private const string Widest = """
        () => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth <= clientWidth ? null : [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > clientWidth + 1).at(-1)?.outerHTML.slice(0, 200) ?? '?';
        }
        """;

    public static async Task HasNoBarrier(this IPage page) => AreNone(await page.Barriers());

    /// <summary>Nothing is wider than the window.</summary>
    public static async Task DoesNotScrollSideways(this IPage page) => AreNone(await page.SidewaysScroll());

    /// <summary>What holds for every page in every state: no barrier, nothing wider than the window, nothing that moved while it loaded.</summary>
    public static async Task IsSound(this IPage page) => AreNone(await page.Faults());

    /// <exception cref="TimeoutException">The page runs no scripts: nothing can be measured in it.</exception>
    public static async Task<IReadOnlyList<string>> Faults(this IPage page) =>
        [.. (await page.EvaluateAsync<string[]>(Moved).WaitAsync(TimeSpan.FromSeconds(60))).Select(what => $"{page.Url} moves: {what}"), .. await page.SidewaysScroll(), .. await page.Barriers()];

    /// <summary>All of them are told, in full.</summary>
    public static void AreNone(IReadOnlyList<string> faults) => Assert.True(faults.Count == 0, string.Join('\n', faults));

    private static async Task<IReadOnlyList<string>> Barriers(this IPage page) =>
        [.. (await page.RunAxe(Rules).WaitAsync(TimeSpan.FromMinutes(2))).Violations.Select(v => $"{page.Url}: {v.Id} {string.Join(", ", v.Nodes.Select(n => n.Html))}")];

    private static async Task<IReadOnlyList<string>> SidewaysScroll(this IPage page) =>
        await page.EvaluateAsync<string?>(Widest) is { } widest ? [$"{page.Url} scrolls sideways: {widest}"] : [];
}
