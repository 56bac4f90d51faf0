using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>How a person wants to be told, and what officers see of notices.</summary>
[Collection(PlatformCollection.Name)]
public sealed class NoticeChannelPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Quiet_hours_and_channels_are_chosen_and_stay()
    {
        var facts = (await CandidateLife.Register(platform.Platform)).Facts;
        var page = await browser.Open(platform.Web);
        await page.SignIn(facts.DocumentNumber, facts.Password, "/settings/notices");
        await page.IsUsable();

        await page.GetByLabel("开始时间").FillAsync("25点");
        await page.Press("保存");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("24小时制");
        await page.IsUsable();
        await page.GetByLabel("开始时间").FillAsync("21:30");
        await page.GetByLabel("短信").UncheckAsync();
        await page.Press("保存");

        await Expect(page.Content()).ToContainTextAsync("已保存消息提醒设置");
        await page.GotoAsync("/settings/notices");
        await Expect(page.GetByLabel("开始时间")).ToHaveValueAsync("21:30");
        await Expect(page.GetByLabel("短信")).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task Officers_read_the_words_of_all_notices_and_what_reached_nobody()
    {
        var page = await browser.Officer(platform, $"site-{HpLife.Site}", "/office/notices/templates");
        await Expect(page.Content()).ToContainTextAsync("缴费即将截止");
        await page.IsUsable();

        await page.GotoAsync("/office/notices/undelivered");
        await Expect(page.Locator("h1")).ToContainTextAsync("未送达的通知");
        await page.IsUsable();
        await page.GotoAsync("/office/notices/undelivered?settled=true");
        await page.IsUsable();
    }
}
