using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>The same pages as people set their devices: enlarged, with colours of their own, without motion.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DisplayTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    /// <summary>Controls without what shows in forced colours where they are, and with the focus.</summary>
    private const string Unseen = """
        () => {
            const seen = (style, side) => style[`${side}Style`] !== 'none' && parseFloat(style[`${side}Width`]) > 0;
            const name = e => e.outerHTML.slice(0, 120);
            const controls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(e => e.getClientRects().length > 0);
            const edges = e => e.matches('.govuk-radios__input, .govuk-checkboxes__input') ? getComputedStyle(e.nextElementSibling, '::before') : getComputedStyle(e);
            const bare = controls.filter(e => e.matches('.govuk-button, input, select, textarea') && !seen(edges(e), 'borderTop') && !seen(edges(e), 'outline')).map(e => `no border: ${name(e)}`);
            const lost = controls.filter(e => { e.focus({ focusVisible: true }); return document.activeElement === e && !seen(getComputedStyle(e), 'outline') && !seen(edges(e), 'outline'); }).map(e => `no outline with the focus: ${name(e)}`);
            return [...bare, ...lost];
        }
        """;

    [Fact]
    public async Task At_400_percent_and_with_text_twice_as_large_nothing_scrolls_sideways()
    {
        var draft = await platform.FilledIn();
        foreach (var (text, options) in ((string, Action<BrowserNewContextOptions>)[])[("100", Zoomed), ("200", _ => { }), ("200", Zoomed)])
            await ForEachPage(draft, text, options, async page =>
            {
                await page.DoesNotScrollSideways();
                if (text == "200") await page.HasNoBarrier();
            });

        static void Zoomed(BrowserNewContextOptions options) => (options.ViewportSize, options.DeviceScaleFactor) = (new() { Width = 320, Height = 256 }, 4);
    }

    [Fact]
    public async Task In_forced_colours_each_control_has_an_edge_and_shows_the_focus() =>
        await ForEachPage(await platform.FilledIn(), "100", options => options.ForcedColors = ForcedColors.Active, async page =>
        {
            Looks.AreNone([.. (await page.EvaluateAsync<string[]>(Unseen)).Select(what => $"{page.Url}: {what}")]);
            await page.HasNoBarrier();
        });

    [Fact]
    public async Task Who_wants_no_motion_gets_none() =>
        await ForEachPage(await platform.FilledIn(), "100", options => options.ReducedMotion = ReducedMotion.Reduce, async page =>
        {
            Assert.Equal("auto", await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).scrollBehavior"));
            Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('*')].filter(e => /[1-9]/.test(getComputedStyle(e).transitionDuration + getComputedStyle(e).animationDuration)).length"));
        });

    private async Task ForEachPage(HpLife draft, string text, Action<BrowserNewContextOptions> options, Func<IPage, Task> look)
    {
        var own = $"/applications/{draft.Life.Id}";
        foreach (var (who, password, addresses) in ((string, string, string[])[])[
            (draft.Life.Facts.DocumentNumber, draft.Life.Facts.Password, ["/exams/HP", "/applications", own, $"{own}/steps/report", $"{own}/photo", $"{own}/documents", $"{own}/check", "/inbox", "/profile", "/profile/education/new", "/settings"]),
            ($"site-{HpLife.Site}", platform.Platform.ReadyMadePassword, ["/office", "/office/work", "/office/forms", "/office/counter"])])
        {
            var page = await browser.Open(platform.Web, width: 1280, options: options);
            await page.Context.AddCookiesAsync([new() { Name = "exam-display", Value = $"auto.{text}", Url = platform.Web.ToString() }]);
            await page.SignIn(who, password);
            foreach (var address in addresses)
            {
                await page.GotoAsync(address);
                await look(page);
            }
            await page.Context.CloseAsync();
        }
    }
}
