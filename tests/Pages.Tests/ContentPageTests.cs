using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>What officers publish and everybody reads; what candidates ask and staff answer. Everything works without script.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ContentPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Hostile = "## 小标题\n\n<script>document.title='x'</script>\n\n[坏链接](javascript:alert(1)) [好链接](https://www.nhc.gov.cn/) <javascript:alert(1)>\n\n# 大标题\n\n| 科目 | 分数 |\n| --- | --- |\n| 基础知识 | 60 |\n";

    [Theory]
    [InlineData("announcement")]
    [InlineData("policy")]
    [InlineData("outline")]
    [InlineData("passStandard")]
    [InlineData("download")]
    [InlineData("note")]
    [InlineData("flow")]
    [InlineData("support")]
    public async Task Every_section_of_an_exam_is_open_and_sound_on_a_phone(string kind)
    {
        var page = await browser.Open(platform.Web, width: 320);

        Assert.Equal(200, (await page.GotoAsync($"/exams/HP/{kind}"))!.Status);
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "考试内容导航" }).Locator("[aria-current=page]")).ToHaveCountAsync(1);
        await page.IsSound();
    }

    [Fact]
    public async Task A_new_platform_shows_each_exams_flow_and_notes_from_its_page_without_script()
    {
        var page = await browser.Open(platform.Web, script: false, width: 320);
        await page.GotoAsync("/exams/BM");
        await page.GetByRole(AriaRole.Link, new() { Name = "考试须知", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "盲人医疗按摩人员考试考试须知" }).ClickAsync();

        await Expect(page.Locator(".site-article")).ToContainTextAsync("第二代残疾人证");
        await Look(page);
        Assert.Equal(404, (await page.GotoAsync("/exams/BM/nothing"))!.Status);
        Assert.Equal(404, (await page.GotoAsync("/exams/XX/note"))!.Status);
        Assert.Equal(404, (await page.GotoAsync($"/articles/{Guid.NewGuid()}"))!.Status);
    }

    [Fact]
    public async Task An_officer_previews_publishes_pins_and_withdraws_an_announcement()
    {
        var title = $"关于准考证打印的通知 {Guid.NewGuid():N}"[..20];
        var page = await browser.Officer(platform, "national", "/office/content/new");
        await page.IsUsable();
        await page.Locator("#kind").SelectOptionAsync("announcement");
        await page.Press("保存草稿");
        await Expect(page.Locator("#title-error")).ToContainTextAsync("请填写标题");
        await page.IsUsable();

        await page.Locator("#kind").SelectOptionAsync("announcement");
        await page.GetByLabel("标题").FillAsync(title);
        await page.GetByLabel("正文").FillAsync(Hostile);
        await page.Press("预览");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "大标题" })).ToBeVisibleAsync();
        await page.IsUsable();
        await page.Press("保存草稿");
        var address = new Uri(page.Url).AbsolutePath;
        await page.GetByLabel("选择附件").SetInputFilesAsync(new FilePayload { Name = "报名表.zip", MimeType = "application/x-zip-compressed", Buffer = [.. "PK\u0003\u0004"u8, .. new byte[300], .. "PK\u0005\u0006"u8, .. new byte[18]] });
        await page.Press("上传附件");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("附件已更改");
        await page.Press("发布");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已发布");
        await page.Press("置顶");
        await page.IsUsable();

        var reader = await browser.Open(platform.Web, width: 320);
        await reader.GotoAsync("/");
        await Expect(reader.Locator("main")).ToContainTextAsync(title);
        await reader.IsSound();
        await reader.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Expect(reader.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        Assert.DoesNotContain("javascript:", string.Join(' ', await reader.Locator("main a").EvaluateAllAsync<string[]>("links => links.map(l => l.href)")));
        await Expect(reader.Locator(".site-article script")).ToHaveCountAsync(0);
        await reader.IsSound();
        var download = await reader.RunAndWaitForDownloadAsync(() => reader.GetByRole(AriaRole.Link, new() { Name = "报名表.zip" }).ClickAsync());
        Assert.Equal("报名表.zip", download.SuggestedFilename);
        Assert.Equal(326, new FileInfo(await download.PathAsync()).Length);
        var shown = reader.Url;

        await page.GetByLabel("撤下的原因").FillAsync("时间有变化");
        await page.Press("撤下");
        await Expect(page.GetByText("（时间有变化）")).ToBeVisibleAsync();
        Assert.Equal(404, (await reader.GotoAsync(shown))!.Status);
        await page.GotoAsync("/office/content");
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title })).ToContainTextAsync("已撤下");
        await page.IsUsable();
        await page.GotoAsync(address);
        await page.Press("改为草稿");
        await Expect(page.GetByText("现在：草稿")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_officers_change_keeps_the_version_before_and_a_schedule_says_from_when_without_script()
    {
        var page = await browser.Officer(platform, "area-110000", "/office/content/new?kind=policy", script: false);
        await page.GetByLabel("标题").FillAsync("北京考区政策");
        await page.GetByLabel("正文").FillAsync("第一版的内容");
        await page.Press("保存草稿");
        await page.GetByLabel("正文").FillAsync("第二版的内容");
        await page.Press("保存为新版本");
        await page.GetByText("第1版，").ClickAsync();
        await Expect(page.GetByText("第一版的内容")).ToBeVisibleAsync();

        await page.GetByLabel("开始公开的时间").FillAsync("2030-05-01T09:00");
        await page.GetByLabel("结束公开的时间").FillAsync("2030-04-01T09:00");
        await page.Press("发布");
        await Expect(page.Locator("#until-error")).ToContainTextAsync("须晚于开始公开的时间");
        await page.GetByLabel("结束公开的时间").FillAsync("2030-06-01T09:00");
        await page.Press("发布");
        await Expect(page.Locator("main")).ToContainTextAsync("现在：定时发布");
        await Expect(page.Locator("main")).ToContainTextAsync("从2030年5月1日（星期三）09:00起公开");
        await Look(page);
    }

    [Fact]
    public async Task A_feed_reader_gets_the_announcements_of_an_exam()
    {
        var officer = await platform.Platform.SignIn("national");
        var title = $"订阅 & {Guid.NewGuid():N}"[..16];
        await Publish(officer, "announcement", "HP", title, "内容");
        var page = await browser.Open(platform.Web);

        var answer = await page.Context.APIRequest.GetAsync(new Uri(platform.Web, "/announcements.atom?exam=HP").ToString());
        var feed = System.Xml.Linq.XDocument.Parse(await answer.TextAsync());

        Assert.Contains(title, feed.Descendants("{http://www.w3.org/2005/Atom}title").Select(t => t.Value));
        Assert.StartsWith("application/atom+xml", answer.Headers["content-type"], StringComparison.Ordinal);
        await page.GotoAsync("/announcements");
        await Expect(page.Locator("main")).ToContainTextAsync(title);
        await page.IsSound();
    }

    [Fact]
    public async Task Staffs_help_is_found_by_words_that_stand_in_another_order()
    {
        var (officer, title) = (await platform.Platform.SignIn("national"), $"准考证丢失以后补打的办法{Guid.NewGuid():N}"[..16]);
        await Publish(officer, "help", "HP", title, "登录后在报名页面重新打印。");
        var page = await browser.Open(platform.Web, script: false);

        await Eventually.Holds("the front end to know of it", async () =>
        {
            await page.GotoAsync("/help?q=怎么补打丢失的准考证");
            return (await page.Locator("main ul a").First.InnerTextAsync()) == title;
        }, TimeSpan.FromMinutes(3)); // what is public is kept for a minute
        await page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Expect(page.Locator(".site-article")).ToContainTextAsync("重新打印");
    }

    [Fact]
    public async Task A_candidate_asks_staff_answer_and_both_are_told_without_script()
    {
        var life = await CandidateLife.Register(platform.Platform);
        var text = $"<b>现场确认</b>可以代办吗？{Guid.NewGuid():N}"[..40];
        var own = await browser.Open(platform.Web, script: false, width: 320);
        await own.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/questions?exam=HP");
        await own.Press("提交问题");
        await Expect(own.Locator("#text-error")).ToContainTextAsync("请填写问题");
        await Look(own);
        await own.GetByLabel("问哪里的工作人员").SelectOptionAsync("110000/110100/");
        await own.GetByLabel("问题", new() { Exact = true }).FillAsync(text);
        await own.Press("提交问题");
        await Expect(own.Locator("article")).ToContainTextAsync(text);
        await Look(own);

        var staff = await browser.Officer(platform, "site-110100", "/office/questions", script: false);
        await Look(staff);
        await Expect(staff.GetByRole(AriaRole.Navigation).GetByText("考生答疑（")).ToBeVisibleAsync();
        await staff.GetByRole(AriaRole.Link, new() { Name = text }).ClickAsync();
        await staff.GetByLabel("答复").FillAsync("请本人携带证件办理。");
        await staff.Press("提交答复");
        await Expect(staff.GetByRole(AriaRole.Alert)).ToContainTextAsync("考生会收到通知");
        await Look(staff);
        await staff.GetByRole(AriaRole.Link, new() { Name = "把这个问题的答复写成帮助文章" }).ClickAsync();
        await Expect(staff.GetByLabel("正文")).ToHaveValueAsync("请本人携带证件办理。");
        await Expect(staff.Locator("#kind")).ToHaveValueAsync("help");

        await Eventually.Holds("the inbox to tell of it", async () =>
        {
            await own.GotoAsync("/inbox");
            return await own.GetByText("您的提问有了答复").CountAsync() > 0;
        });
        await own.GotoAsync("/questions");
        await Expect(own.GetByRole(AriaRole.Listitem).Filter(new() { HasText = text })).ToContainTextAsync("已答复");
        await Look(own);
        await own.GetByRole(AriaRole.Link, new() { Name = text }).ClickAsync();
        await Expect(own.Locator("main")).ToContainTextAsync("请本人携带证件办理。");
        await own.Press("结束提问");
        await Expect(own.Locator("main")).ToContainTextAsync("提问已结束");
    }

    /// <summary>The same page where scripts run: what looks for barriers is one. Forms that were just refused are looked at where the form was filled in with script.</summary>
    private async Task Look(IPage page)
    {
        var seen = await browser.Open(platform.Web, width: 320);
        await seen.Context.AddCookiesAsync([.. (await page.Context.CookiesAsync()).Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path })]);
        await seen.GotoAsync(page.Url);
        await seen.IsSound();
        await seen.Context.CloseAsync();
    }

    private static async Task Publish(Person officer, string kind, string? programme, string title, string text)
    {
        var draft = (await officer.Post("/api/content/desk/articles", new { kind, programme, areaPath = "", title, text })).Expect(201);
        (await officer.Send(HttpMethod.Post, $"/api/content/desk/articles/{draft["id"]}/publication", new { from = (string?)null, until = (string?)null }, request => request.Headers.TryAddWithoutValidation("If-Match", "*"))).Expect(200);
    }
}
