using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>Each form sent as it comes, with nothing in it: what is wrong is said first, leads to its field, and the page stays free of barriers.</summary>
[Collection(PlatformCollection.Name)]
public sealed class EmptyFormTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_that_is_sent_empty_says_first_what_is_missing_and_leads_there(bool script)
    {
        var (life, page) = await Draft(script);
        var told = 0;
        var files = script ? Array.Empty<string>() : [$"/applications/{life.Id}/photo", $"/applications/{life.Id}/documents"]; // with script a file is looked at before it is sent: PhotoToolTests
        foreach (var address in (string[])[.. await Addresses(life), .. files])
        {
            await page.GotoAsync(address);
            for (var n = await page.Locator("main form").CountAsync() - 1; n >= 0; n--)
            {
                var answer = await page.Answered(() => page.Locator("main form").Nth(n).Locator("button[type=submit]").First.ClickAsync());
                if (answer.Status == 422)
                {
                    await SaysWhatIsWrong(page, script);
                    told++;
                }
                else Assert.True(answer.Ok, $"{address} answered {answer.Status}");
                await page.GotoAsync(address);
            }
        }
        Assert.True(told > 9, $"only {told} forms found anything missing");
    }

    [Theory]
    [InlineData("/register")]
    [InlineData("/sign-in")]
    public async Task So_do_the_forms_of_those_who_are_not_signed_in(string address)
    {
        var page = await browser.Open(platform.Web, width: 320);
        await page.GotoAsync(address);

        var answer = await page.Answered(() => page.Locator("main form:not([data-passkey]) button[type=submit]").Last.ClickAsync());

        Assert.Equal(422, answer.Status);
        await SaysWhatIsWrong(page, script: true);
    }

    private static async Task SaysWhatIsWrong(IPage page, bool script)
    {
        var summary = page.Locator("main .govuk-error-summary");
        var (links, fields) = (summary.GetByRole(AriaRole.Link), new List<string>());
        Assert.StartsWith("错误：", await page.TitleAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("main .govuk-error-summary ~ h1")).ToHaveCountAsync(1);
        Assert.True(await links.CountAsync() > 0, $"{page.Url}: no error leads to its field");
        foreach (var link in await links.AllAsync())
        {
            var field = (await link.GetAttributeAsync("href"))!;
            Assert.True(field[0] == '/' || await page.Locator($"[id='{field[1..]}']").CountAsync() == 1, $"{page.Url}: {field} is not there");
            if (field[0] == '#') Assert.True(await page.Locator($"[aria-describedby~='{field[1..]}-error']").CountAsync() == 1, $"{page.Url}: nothing is described by the error of {field}");
        }
        if (!script) return;
        await Assertions.Expect(summary).ToBeFocusedAsync();
        await page.IsSound();
    }

    private static async Task<IReadOnlyList<string>> Addresses(CandidateLife life)
    {
        var (own, form) = ($"/applications/{life.Id}", (await life.Candidate.Get($"{life.Address}/form")).Expect(200));
        return [.. form.Json.List("steps").Select(step => $"{own}/steps/{step.Text("code")}"), $"{own}/area", $"{own}/check", "/profile/basic", "/profile/contact", "/profile/work", "/profile/education/new", "/profile/training/new", "/profile/certificates/new"];
    }

    /// <summary>Of BM, which asks for nothing in the profile: there is nothing to take over.</summary>
    private async Task<(CandidateLife Life, IPage Page)> Draft(bool script)
    {
        var life = await CandidateLife.Register(platform.Platform);
        await life.Start("BM", "2027");
        var page = await browser.Open(platform.Web, script, width: 320);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password);
        return (life, page);
    }
}
