using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>A message to many at the pages: one officer writes it and looks at the dry run, another decides, and it can be stopped.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BulkSendPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Bulk = "/office/notices/bulk";

    [Fact]
    public async Task One_officer_writes_to_many_another_agrees_and_the_candidate_reads_it()
    {
        var life = (await platform.Submitted()).Life;
        await life.Leave("withdrawal");
        await life.GiveUp();
        var page = await browser.Officer(platform, $"site-{HpLife.Site}", Bulk);
        await page.IsUsable();
        await page.GetByRole(AriaRole.Link, new() { Name = "写一条群发通知" }).ClickAsync();
        await page.Press("保存并试算");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("标题");
        await page.IsUsable();
        await Write(page, "退费安排");
        await Count(page);
        await page.IsUsable();
        await page.Press("请另一名考务人员决定");
        await Expect(page.Content()).ToContainTextAsync("须由另一名考务人员决定");

        var second = await browser.Officer(platform, $"area-{HpLife.Area}", new Uri(page.Url).AbsolutePath);
        await second.Press("提交决定");
        await Expect(second.Locator(".govuk-error-summary")).ToContainTextAsync("您的决定");
        await second.IsUsable();
        await second.GetByLabel("同意，马上发送", new() { Exact = true }).CheckAsync();
        await second.Press("提交决定");
        await Until(second, "已经发完");
        await second.IsUsable();

        Assert.Equal("退费安排", (await life.Notice("officeMessage")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task It_is_stopped_with_a_reason_and_without_script()
    {
        var page = await browser.Officer(platform, $"site-{HpLife.Site}", $"{Bulk}/new", script: false);
        await Write(page, "写错了");
        await page.Press("停止");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("停止的理由");
        await page.GetByLabel("停止的理由").FillAsync("日期写错了");
        await page.Press("停止");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已停止");
        await Expect(page.Content()).ToContainTextAsync("日期写错了");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "停止", Exact = true })).ToHaveCountAsync(0);
    }

    /// <summary>To those who gave up, in the inbox only: whom other tests are about hears nothing.</summary>
    private static async Task Write(IPage page, string title)
    {
        await page.Locator($"input[name=session][value='{HpLife.Programme}/{HpLife.Session}']").CheckAsync();
        await page.GetByLabel("已放弃").CheckAsync();
        await page.GetByLabel("标题").FillAsync(title);
        await page.GetByLabel("内容", new() { Exact = true }).FillAsync("请在消息中查看退费安排。");
        await page.GetByLabel("只发站内消息", new() { Exact = true }).CheckAsync();
        await page.Press("保存并试算");
    }

    private static Task Count(IPage page) => Until(page, "试算有效期至");

    /// <summary>Looks again until the page says it.</summary>
    private static Task Until(IPage page, string words) => Eventually.Holds($"the page says {words}", async () =>
    {
        await page.GotoAsync(new Uri(page.Url).AbsolutePath);
        return (await page.Content().InnerTextAsync()).Contains(words, StringComparison.Ordinal);
    });

    [Fact]
    public async Task An_announcement_goes_to_the_followers_when_a_second_national_officer_agrees()
    {
        var (title, national) = ($"报名开始 {Guid.NewGuid():N}"[..20], await platform.Platform.SignIn("national"));
        var written = (await national.Create("/api/content/desk/articles", new { kind = "announcement", programme = (string?)null, areaPath = "", title, text = "内容" })).Expect(201);
        (await national.Send(HttpMethod.Post, $"/api/content/desk/articles/{written["id"]}/publication", new { from = (string?)null, until = (string?)null }, request => request.Headers.TryAddWithoutValidation("If-Match", written.ETag))).Expect(200);
        var page = await browser.Officer(platform, "national", $"/office/content/{written["id"]}");
        await page.GetByRole(AriaRole.Link, new() { Name = "推送给公众号关注者" }).ClickAsync();
        await Expect(page.Content()).ToContainTextAsync(title);
        await page.IsUsable();
        await page.Press("申请推送");
        await Expect(page.Content()).ToContainTextAsync("须由另一名全国考务人员决定");
        await page.Press("不推送");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("不推送的理由");
        await page.IsUsable();

        var (userName, password) = await platform.Appoint(await platform.Platform.SignIn("operator"), "national", "");
        var second = await browser.Open(platform.Web);
        await second.SignIn(userName, password, new Uri(page.Url).AbsolutePath);
        await second.IsUsable();
        await second.Press("同意，马上推送");

        await Expect(second.Content()).ToContainTextAsync("已同意，正在推送。");
        await second.IsUsable();
    }
}
