using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>The form of a submission from the candidate's page: as a page and as a PDF (E10).</summary>
[Collection(PlatformCollection.Name)]
public sealed class PrintedFormPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_candidate_reads_the_form_as_a_page_with_its_style_and_without_barrier()
    {
        var (page, code) = await Submitted();
        await page.IsSound();

        await page.GetByRole(AriaRole.Link, new() { Name = "打开确认表的网页版", Exact = false }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "报名申请确认表" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = $"校验码二维码，内容为 {code}" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "姓名" })).ToContainTextAsync("演示");
        Assert.Equal("collapse", await page.Locator("table").First.EvaluateAsync<string>("table => getComputedStyle(table).borderCollapse")); // the policy lets its own style through
        await page.IsSound();
    }

    [Fact]
    public async Task A_candidate_gets_the_pdf_from_one_link_and_nobody_else_does()
    {
        var (page, _) = await Submitted();
        var address = await page.GetByRole(AriaRole.Link, new() { Name = "确认表（PDF）", Exact = false }).GetAttributeAsync("href");

        var pdf = await page.APIRequest.GetAsync(new Uri(platform.Web, address).ToString());

        Assert.Equal((200, "application/pdf"), (pdf.Status, pdf.Headers["content-type"]));
        Assert.Equal("%PDF-"u8.ToArray(), (await pdf.BodyAsync())[..5]);
        Assert.Contains("no-store", pdf.Headers["cache-control"], StringComparison.Ordinal);
        var stranger = (await CandidateLife.Register(platform.Platform)).Facts;
        var other = await browser.Open(platform.Web);
        await other.SignIn(stranger.DocumentNumber, stranger.Password, "/applications");
        Assert.Equal(404, (await other.APIRequest.GetAsync(new Uri(platform.Web, address).ToString())).Status);
    }

    private async Task<(IPage Page, string Code)> Submitted()
    {
        var life = await platform.FilledIn();
        var code = (await life.Submit())["verificationCode"];
        var page = await browser.Open(platform.Web, width: 320);
        await page.SignIn(life.Life.Facts.DocumentNumber, life.Life.Facts.Password, $"/applications/{life.Life.Id}/submissions/1");
        return (page, code);
    }
}
