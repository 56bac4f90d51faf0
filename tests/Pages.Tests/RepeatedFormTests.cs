using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>What was sent once may be sent again: by a double click, a step back, a second tab.</summary>
[Collection(PlatformCollection.Name)]
public sealed class RepeatedFormTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Gone = "刚才的操作已经处理过，或者现在不能再做";

    [Fact]
    public async Task A_double_click_starts_submits_and_pays_once_and_shows_what_a_single_one_shows()
    {
        var life = await platform.FilledIn();
        var (own, page) = ($"/applications/{life.Life.Id}", await SignedIn(life.Life, script: false));

        await DoubleClick(page, "/exams/HP", "开始报名");
        await Assertions.Expect(page).ToHaveURLAsync(own);
        await DoubleClick(page, $"{own}/check", "提交报名信息");
        await Assertions.Expect(page).ToHaveURLAsync($"{own}?sent=yes");
        await life.Confirm();
        await life.Review();
        await life.Life.Fee();
        await DoubleClick(page, $"{own}/payment", "去支付");

        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "微信支付二维码" })).ToBeVisibleAsync();
        Assert.Single((await life.Life.Candidate.Get("/api/applications")).Expect(200).Json.EnumerateArray());
        Assert.Equal("1", (await life.Life.Look())["version"]);
    }

    [Fact]
    public async Task Going_back_after_submitting_and_submitting_again_says_that_it_is_no_longer_open()
    {
        var life = await platform.FilledIn();
        var page = await SignedIn(life.Life);
        await page.GotoAsync($"/applications/{life.Life.Id}/check");
        await page.Press("提交报名信息");

        await page.GoBackAsync();
        await page.Press("提交报名信息");

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("报名信息现在不能修改");
        await page.IsSound();
        Assert.Equal("1", (await life.Life.Look())["version"]);
    }

    [Fact]
    public async Task A_form_that_is_no_longer_on_the_page_is_answered_by_how_things_stand_now()
    {
        var life = await platform.Submitted();
        foreach (var about in (string[])["welcome", "submitted"]) await life.Life.Notice(about);
        var own = $"/applications/{life.Life.Id}";
        foreach (var (address, button, then) in ((string, string, string)[])[("/inbox", "标为已读", "/inbox"), ($"{own}/leave", "撤回报名信息", own), ($"{own}/leave", "放弃本次报名", own)])
        {
            var (first, second) = await TwoTabs(life.Life, address);
            await first.Press(button, exact: false);
            await second.Press(button, exact: false);

            Assert.Equal((then, "?gone=yes"), (new Uri(second.Url).AbsolutePath, new Uri(second.Url).Query));
            await Assertions.Expect(second.Locator("main")).ToContainTextAsync(Gone);
            await second.IsSound();
            await second.Context.CloseAsync();
        }

        Assert.Equal("abandoned", (await life.Life.Look())["standing"]);
    }

    [Fact]
    public async Task Two_tabs_that_edit_the_same_step_lose_nothing_and_the_person_decides()
    {
        var life = await platform.FilledIn();
        var (first, second) = await TwoTabs(life.Life, $"/applications/{life.Life.Id}/steps/work");
        await first.GetByLabel("单位名称").FillAsync("先保存的医院");
        await first.Press("保存并继续");
        await second.GetByLabel("单位名称").FillAsync("后保存的医院");

        await second.Press("保存并继续");
        await Assertions.Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("您填写的是“后保存的医院”，已保存的是“先保存的医院”");
        Assert.Equal("后保存的医院", await second.GetByLabel("单位名称").InputValueAsync());
        await second.IsSound();
        await second.Press("保存并继续");

        await second.GotoAsync($"/applications/{life.Life.Id}/steps/work");
        Assert.Equal("后保存的医院", await second.GetByLabel("单位名称").InputValueAsync());
    }

    [Theory]
    [InlineData("/profile/contact", "通讯地址", "保存")]
    [InlineData("/profile/education/0", "所学专业", "保存")]
    public async Task What_another_tab_has_changed_is_told_and_sent_again_it_is_meant(string address, string field, string button)
    {
        var life = await platform.FilledIn();
        var (first, second) = await TwoTabs(life.Life, address);
        await first.GetByLabel(field, new() { Exact = true }).FillAsync("先保存的内容");
        await first.Press(button);
        await second.GetByLabel(field, new() { Exact = true }).FillAsync("后保存的内容");

        await second.Press(button);
        await Assertions.Expect(second.Locator(".govuk-error-summary")).ToContainTextAsync("内容刚刚在别处修改过");
        Assert.Equal("后保存的内容", await second.GetByLabel(field, new() { Exact = true }).InputValueAsync());
        await second.IsSound();
        await second.Press(button);

        Assert.Contains("后保存的内容", (await life.Life.Candidate.Get("/api/profile")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_whose_session_had_ended_is_asked_for_again_after_signing_in()
    {
        var life = await platform.FilledIn();
        var page = await SignedIn(life.Life, script: false);
        await page.GotoAsync($"/applications/{life.Life.Id}/photo");
        await page.Context.ClearCookiesAsync(new() { Name = "exam" });
        await page.GetByLabel("选择照片文件").SetInputFilesAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = Picture.Png() });

        await page.Press("上传照片");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Life.Facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(life.Life.Facts.Password);
        await page.Press("登录");
        await page.Press("再次提交");

        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("请先选择一个文件");
        await page.GetByLabel("选择照片文件").SetInputFilesAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = Picture.Png() });
        await page.Press("上传照片");
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToHaveCountAsync(0);
    }

    private static async Task DoubleClick(IPage page, string address, string button)
    {
        await page.GotoAsync(address);
        if (await page.GetByRole(AriaRole.Radio).CountAsync() > 0) await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = button }).DblClickAsync();
    }

    private async Task<IPage> SignedIn(CandidateLife life, bool script = true)
    {
        var page = await browser.Open(platform.Web, script);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password);
        return page;
    }

    /// <summary>One window with the same page in two tabs.</summary>
    private async Task<(IPage First, IPage Second)> TwoTabs(CandidateLife life, string address)
    {
        var first = await SignedIn(life);
        var second = await first.Context.NewPageAsync();
        await first.GotoAsync(address);
        await second.GotoAsync(address);
        return (first, second);
    }
}
