using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

[Collection(PlatformCollection.Name)]
public sealed class AwayPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("application", true)]
    [InlineData("gateway", false)]
    public async Task What_was_typed_waits_on_the_page_while_the_platform_is_away_and_is_taken_afterwards(string away, bool script)
    {
        var page = await browser.Open(platform.Web, script);
        page.SetDefaultTimeout(60_000); // a gateway that takes requests and does not answer is given up after twenty seconds
        await new PageCandidate(page, NewCandidate.Random()).Register();
        await page.GotoAsync("/profile/contact");
        await page.GetByLabel("通讯地址").FillAsync("北京市东城区演示路 9 号");
        await page.GetByLabel("邮政编码").FillAsync("100010");
        await platform.Stop(away);
        try
        {
            await Send("保存", 503);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("系统繁忙，请稍候");
            if (script) await page.HasNoBarrier();
            await Send("再次提交", 503); // still away: still kept
        }
        finally
        {
            await platform.Start(away);
            await platform.Platform.Ready();
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "再次提交" }).ClickAsync();

        await page.WaitForURLAsync("**/profile#contact");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("北京市东城区演示路 9 号");

        async Task Send(string button, int status)
        {
            var answer = await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync(), response => response.Request.Method == "POST" && response.Request.IsNavigationRequest);
            Assert.Equal(status, answer.Status);
        }
    }

    [Fact]
    public async Task A_page_asked_for_while_the_platform_is_away_says_so_when_to_try_again_and_comes_when_it_is_back()
    {
        var page = await browser.Open(platform.Web);
        await platform.Stop("application");
        try
        {
            var answer = await page.GotoAsync("/");
            Assert.Equal(503, answer!.Status);
            Assert.Contains("retry-after", answer.Headers.Keys);
            await page.HasNoBarrier();
        }
        finally
        {
            await platform.Start("application");
            await platform.Platform.Ready();
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "重新打开" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "重新打开" })).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "盲人医疗按摩人员考试" })).ToBeVisibleAsync();
    }
}
