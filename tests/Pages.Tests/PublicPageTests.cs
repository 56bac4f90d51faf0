using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Pages that are open without sign-in: exams, calendar, help.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PublicPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("/calendar?exam=HP&area=440000")]
    [InlineData("/calendar")]
    [InlineData("/help")]
    [InlineData("/help?q=照片")]
    [InlineData("/help/photo")]
    [InlineData("/exams/FJ")]
    [InlineData("/exams/HP")]
    public async Task Open_pages_have_no_barrier_and_never_scroll_sideways(string address)
    {
        foreach (var theme in (string[])["light", "dark"])
        {
            var page = await browser.Open(platform.Web, width: 320);
            await page.Context.AddCookiesAsync([new() { Name = "exam-display", Value = $"{theme}.100", Url = platform.Web.ToString() }]);
            Assert.Equal(200, (await page.GotoAsync(address))!.Status);
            await page.HasNoBarrier();
            await page.DoesNotScrollSideways();
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task The_calendar_is_filtered_by_exam_and_area_without_script_and_an_areas_own_windows_count()
    {
        var page = await browser.Open(platform.Web, script: false);
        await page.GotoAsync("/calendar");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "时间与全国不同的考区" }).First).ToContainTextAsync("广东省 网上报名");

        await page.GetByLabel("考试", new() { Exact = true }).SelectOptionAsync("HP");
        await page.GetByLabel("考区", new() { Exact = true }).SelectOptionAsync("440000");
        await page.GetByRole(AriaRole.Button, new() { Name = "筛选" }).ClickAsync();

        var registration = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "网上报名" });
        await Expect(registration).ToContainTextAsync("2027年1月12日（星期二）");
        await Expect(registration).ToContainTextAsync("正在进行");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "网上缴费" })).ToContainTextAsync("2027年2月20日");
        Assert.Equal(1, await page.GetByRole(AriaRole.Table).CountAsync());
    }

    [Fact]
    public async Task A_window_that_ends_later_because_the_platform_was_down_says_so_with_the_reason()
    {
        const string outage = """insert into outages ("from", until, told_up_to) values ('2027-01-12T04:00:00Z', '2027-01-12T05:00:00Z', '00000000-0000-0000-0000-000000000000') returning id""";
        await platform.Query<long>("application", outage);
        var page = await browser.Open(platform.Web, script: false);

        await Eventually.Holds("the calendar to show the extension", async () =>
        {
            await page.GotoAsync("/calendar?exam=HP&area=440000");
            return await page.GetByText("2027年1月12日（星期二）18:00").CountAsync() > 0;
        }, TimeSpan.FromMinutes(3)); // the front end keeps what is public for a minute

        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "网上报名" })).ToContainTextAsync("已顺延：因平台故障");
        await Expect(page.GetByText("2027年1月12日（星期二）12:00至2027年1月12日（星期二）13:00平台不能使用")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_exam_says_what_it_asks_for_and_what_it_costs()
    {
        var page = await browser.Open(platform.Web, script: false);
        await page.GotoAsync("/exams/BM");
        foreach (var text in (string[])["等待市级初审", "蓝色背景", "考生承诺书", "小2寸蓝底照片，2份", "不在网上收取考试费"]) await Expect(page.Locator("main")).ToContainTextAsync(text);

        await page.GotoAsync("/exams/HP");
        await Expect(page.Locator("main")).ToContainTextAsync("在截止前缴纳考试费");
    }

    [Fact]
    public async Task Help_is_found_from_the_footer_and_searched_without_script()
    {
        var page = await browser.Open(platform.Web, script: false);
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Contentinfo).GetByRole(AriaRole.Link, new() { Name = "帮助" }).ClickAsync();

        await page.GetByLabel("搜索帮助").FillAsync("照片 背景");
        await page.GetByRole(AriaRole.Button, new() { Name = "搜索" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("找到");
        await page.GetByRole(AriaRole.Link, new() { Name = "怎样准备和上传照片" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("怎样准备和上传照片");

        await page.GotoAsync("/help?q=火星");
        await Expect(page.Locator("main")).ToContainTextAsync("没有找到“火星”");
        Assert.Equal(404, (await page.GotoAsync("/help/nothing"))!.Status);
    }
}
