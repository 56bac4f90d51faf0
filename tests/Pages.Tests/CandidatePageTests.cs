using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

[Collection(PlatformCollection.Name)]
public sealed class CandidatePageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_candidate_of_BM_comes_through_by_keyboard_and_names_alone_with_and_without_script(bool script)
    {
        var (facts, city, province) = (NewCandidate.Random(), await platform.Desk("site-110100"), await platform.Desk("area-110000"));
        await platform.Platform.Sandbox.Register(facts.DocumentNumber + "11", facts.Name, "110100");
        var candidate = new PageCandidate(await browser.Open(platform.Web, script), facts, script ? Looks.HasNoBarrier : null);

        await candidate.Register();
        await candidate.FillIn();
        await candidate.Submit();
        await city.Pass(candidate.Id, "acceptance");
        await city.Fail(candidate.Id, "first-review", "请重拍", "photo-unfit");
        await Says(candidate, "市级初审不通过，请修改后重新提交");
        await Assertions.Expect(candidate.Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = candidate.Page.GetByText("需要修改", new() { Exact = true }) })).ToContainTextAsync("照片");
        await candidate.Upload($"{candidate.Address}/photo", "选择照片文件", "上传并用于本次报名");
        await candidate.Submit();
        await city.Pass(candidate.Id, "first-review");
        await province.Pass(candidate.Id, "second-review");

        await Says(candidate, "报名成功");
    }

    [Fact]
    public async Task What_is_sent_in_is_taken_back_and_given_up_at_the_page()
    {
        var life = await platform.Submitted();
        var page = await browser.Open(platform.Web);
        await page.GotoAsync($"/sign-in?return=/applications/{life.Life.Id}/leave");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Life.Facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(life.Life.Facts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "撤回报名信息" }).ClickAsync();
        await Assertions.Expect(page.GetByText("已撤回，修改后须再次提交")).ToBeVisibleAsync();
        await page.GotoAsync($"/applications/{life.Life.Id}/leave");
        await page.HasNoBarrier();
        await page.GetByRole(AriaRole.Button, new() { Name = "放弃本次报名" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("放弃");
        Assert.Equal("abandoned", (await life.Life.Look())["standing"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/exams/BM")]
    [InlineData("/register")]
    [InlineData("/sign-in")]
    [InlineData("/settings")]
    [InlineData("/accessibility")]
    [InlineData("/nothing-here")]
    public async Task Open_pages_have_no_barrier_in_any_theme_and_never_scroll_sideways_at_320_pixels(string address)
    {
        foreach (var theme in (string[])["light", "dark", "contrast"])
        {
            var page = await browser.Open(platform.Web, width: 320);
            await page.Context.AddCookiesAsync([new() { Name = "exam-display", Value = $"{theme}.100", Url = platform.Web.ToString() }]);
            await page.GotoAsync(address);

            await page.HasNoBarrier();
            await page.DoesNotScrollSideways();
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task What_was_typed_when_the_session_had_ended_is_there_after_signing_in_again()
    {
        var facts = NewCandidate.Random();
        var page = await browser.Open(platform.Web, script: false);
        await new PageCandidate(page, facts).Register();
        await page.GotoAsync("/profile/contact");
        await page.GetByLabel("通讯地址").FillAsync("北京市东城区演示路 1 号");
        await page.GetByLabel("邮政编码").FillAsync("100010");
        await page.Context.ClearCookiesAsync(new() { Name = "exam" });

        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await page.GetByLabel("身份证件号码或用户名").FillAsync(facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(facts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "再次提交" }).ClickAsync();

        await page.WaitForURLAsync("**/profile#contact");
        Assert.Contains("北京市东城区演示路 1 号", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    private static async Task Says(PageCandidate candidate, string status) => await Eventually.Holds($"the page to say {status}", async () =>
    {
        await candidate.Go(candidate.Address);
        return (await candidate.Page.Locator("main").InnerTextAsync()).Contains(status, StringComparison.Ordinal);
    });
}
