using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>What officers do at pages beside deciding: numbers by the day, exports, registers, preview, keys, practice, stuck messages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OfficePageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Site = "site-110100", National = "national";

    [Fact]
    public async Task The_dashboard_draws_the_days_and_says_the_same_in_tables()
    {
        await (await platform.Submitted()).Confirm();
        var page = await browser.Officer(platform, Site, "/office");

        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new("共进入[1-9][0-9]*项，处理[1-9][0-9]*项") })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { NameRegex = new("每天的数量") }).GetByRole(AriaRole.Rowheader)).Not.ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "各考务人员处理的数量" })).ToContainTextAsync("本人");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "平台故障" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "31天", Exact = true }).ClickAsync();
        await Expect(page.Locator(".office-days__arrived")).ToHaveCountAsync(31);
        await page.IsUsable();
    }

    [Fact]
    public async Task An_export_asks_what_it_is_for_and_comes_as_a_workbook_of_texts_or_as_csv()
    {
        var life = await platform.Submitted();
        await (await platform.Desk()).Find(life.Life.Id, "confirmation");
        var page = await browser.Officer(platform, Site, "/office/work?stage=confirmation");
        await page.GetByRole(AriaRole.Link, new() { Name = "导出这个列表" }).ClickAsync();
        await page.Press("登记并导出");
        await Expect(page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "请填写导出的用途" })).ToBeVisibleAsync();
        await page.IsUsable();

        await page.GetByLabel("导出的用途").FillAsync("核对考点名单");
        await page.Press("登记并导出");
        await page.IsUsable();
        var workbook = await Download(page, "下载XLSX文件");
        await Expect(page.Content()).ToContainTextAsync("用途：核对考点名单");
        var rows = Sheet.Rows(workbook);

        Assert.Equal("报名", rows[0][0]);
        Assert.Contains(rows, row => row[0] == life.Life.Id && row[4] == "报名确认");
        Assert.Subset(new HashSet<string> { "inlineStr", "s", "str" }, Sheet.Kinds(workbook).ToHashSet()); // no number, no formula

        await page.GetByLabel("导出的用途").FillAsync("核对");
        await page.GetByLabel("CSV文件").CheckAsync();
        await page.Press("登记并导出");
        Assert.Contains($"\"{life.Life.Id}\"", System.Text.Encoding.UTF8.GetString(await Download(page, "下载CSV文件")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_with_faults_is_told_row_by_row_and_not_imported_and_a_good_one_takes_its_place()
    {
        var page = await browser.Officer(platform, National, "/office/registers");
        await Import(page, "wrong.csv", "code,name,initials\nB 1,乙医院,yyy\nB2,,bb\n"u8.ToArray());

        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("2.*代码（code）.*代码只能用字母") })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("3.*名称（name）") })).ToBeVisibleAsync();
        Assert.Equal(0, await platform.Query<long>("application", "select count(*) from register_entries where code = 'B2'"));
        await page.IsUsable();
        var units = await platform.Query<long>("application", "select count(*) from register_entries where kind = 'Units'");
        await Import(page, "units.csv", await File.ReadAllBytesAsync(Path.Combine(Root(), "services/application/registers/units.csv"))); // the same again, so that other tests find what they know
        await Expect(page.Content()).ToContainTextAsync($"现有{units}条");
    }

    [Fact]
    public async Task An_exam_is_seen_as_a_candidate_will_see_it_before_it_is_published()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Root(), "services/application/programmes/BM.json")))!;
        (document["code"], document["title"]) = ("BMPREVIEW", "预览用考试");
        var page = await browser.Officer(platform, National, "/office/programmes");
        await page.GetByLabel("或在这里粘贴考试内容").FillAsync(document.ToJsonString());
        await page.Press("预览");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "预览用考试" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("毕业省份")).ToHaveCountAsync(0);
        await page.IsUsable();
        await page.GetByLabel("考区考点").SelectOptionAsync("110000");
        await page.GetByLabel("学历报名", new() { Exact = true }).CheckAsync();
        await page.Press("按这些选择和答案再次预览");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "预览：考生看到的内容" })).ToContainTextAsync("学历证明");
        await Expect(page.GetByLabel("毕业省份")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "发布预览用考试第" })).ToBeVisibleAsync();
        (await platform.Platform.Nobody.Get("/api/programmes/BMPREVIEW")).ExpectRefusal(404, "not-found");
    }

    [Fact]
    public async Task Work_is_gone_through_by_single_keys_which_leave_fields_alone_and_can_be_switched_off()
    {
        var (first, second) = (await platform.Submitted(), await platform.Submitted());
        var desk = await platform.Desk();
        var (one, two) = (await desk.Find(first.Life.Id, "confirmation"), await desk.Find(second.Life.Id, "confirmation"));
        var page = await browser.Officer(platform, Site, "/office/shortcuts");
        await Keys(page, "使用");
        await page.GotoAsync($"/office/work/{one}?state=open&stage=confirmation");
        await page.Key("n");
        await page.WaitForURLAsync(new Regex(two));
        await page.Key("p");
        await page.WaitForURLAsync(new Regex(one));
        await page.Key("c");
        await Expect(page.GetByText("这件事项由您领取")).ToBeVisibleAsync();
        await page.Key("d");
        await Expect(page.Locator("#decide-title")).ToBeFocusedAsync();
        await page.GetByLabel("说明", new() { Exact = true }).PressSequentiallyAsync("npcd");
        await Expect(page.GetByLabel("说明", new() { Exact = true })).ToHaveValueAsync("npcd");
        await page.IsUsable();

        await page.GotoAsync("/office/shortcuts");
        await page.IsUsable();
        await Keys(page, "关闭");
        await page.GotoAsync($"/office/work/{one}?state=open&stage=confirmation");
        await Expect(page.Locator("[aria-keyshortcuts]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_list_and_a_picture_are_gone_through_by_keys()
    {
        var life = await platform.Submitted();
        var work = await (await platform.Desk()).Find(life.Life.Id, "confirmation");
        var page = await browser.Officer(platform, Site, "/office/shortcuts");
        await Keys(page, "使用");
        await page.GotoAsync("/office/work?stage=confirmation");
        await page.Key("j");
        await Expect(page.Locator("a[data-row]").First).ToBeFocusedAsync();
        await page.GotoAsync($"/office/work/{work}");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("放大或旋转") }).First.EvaluateAsync("link => link.removeAttribute('target')");
        await page.Key("z");
        await page.WaitForURLAsync(new Regex("/documents/"));
        await page.Key("z");
        await page.WaitForURLAsync(new Regex("zoom=150"));
        await page.Key("r");

        await Expect(page.Content()).ToContainTextAsync("现在显示比例150%，已旋转90度");
        await page.Key("x");
        await Expect(page.Content()).ToContainTextAsync("现在显示比例100%，已旋转90度");
    }

    [Fact]
    public async Task Practice_is_marked_wherever_it_is_shown_and_thrown_away_when_a_national_officer_confirms()
    {
        var code = await PracticeExam();
        var open = await browser.Open(platform.Web);
        await Eventually.Holds("the page of the exam to say practice", async () => await open.GotoAsync($"/exams/{code}") is { Status: 200 } && await open.GetByRole(AriaRole.Heading, new() { NameRegex = new("试报名") }).CountAsync() == 1, TimeSpan.FromSeconds(90));
        var page = await browser.Officer(platform, National, $"/office/programmes/{code}");
        await Eventually.Holds("the pages to know the exam", async () => await page.GotoAsync($"/office/programmes/{code}") is not null && await page.GetByText("试报名批次").CountAsync() == 1, TimeSpan.FromSeconds(90));
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("清除.*试报名数据") }).ClickAsync();
        await page.IsUsable();
        await page.Press("清除试报名数据");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("请勾选确认");
        await page.GetByLabel("我确认清除").CheckAsync();
        await page.Press("清除试报名数据");

        await Expect(page.Content()).ToContainTextAsync("正在清除0份试报名");
        Assert.Equal(1, await platform.Query<long>("application", "select count(*) from trial_discards where programme_code = $1", code));
    }

    [Fact]
    public async Task The_operator_sees_the_messages_of_every_service_and_officers_do_not()
    {
        var page = await browser.Officer(platform, "operator", "/operations");

        foreach (var service in (string[])["身份", "报名", "文件", "审核", "缴费", "通知"]) await Expect(page.GetByRole(AriaRole.Heading, new() { Name = service, Exact = true })).ToBeVisibleAsync();
        await page.IsUsable();
        Assert.Equal(403, (await (await browser.Officer(platform, National, "/office")).GotoAsync("/operations"))!.Status);
        foreach (var address in (string[])["/office/registers", "/office/programmes"]) Assert.Equal(403, (await (await browser.Officer(platform, Site, "/office")).GotoAsync(address))!.Status);
    }

    private static async Task Keys(IPage page, string choice)
    {
        await page.GetByLabel(choice, new() { Exact = true }).CheckAsync();
        await page.Press("保存");
    }

    private static async Task Import(IPage page, string name, byte[] content)
    {
        await page.GetByLabel("工作单位").CheckAsync();
        await page.GetByLabel("名录文件").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });
        await page.GetByLabel("我确认用这个文件代替整个名录").CheckAsync();
        await page.Press("导入并代替名录");
    }

    private static async Task<byte[]> Download(IPage page, string link)
    {
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        return await File.ReadAllBytesAsync(await file.PathAsync());
    }

    /// <summary>An exam of its own whose only session is practice.</summary>
    private async Task<string> PracticeExam()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Root(), "services/application/programmes/HP.json")))!;
        var code = $"TRY{Guid.NewGuid().ToString("N")[..8].ToUpperInvariant()}";
        (document["code"], document["title"], document["version"]) = (code, "演练考试", 1);
        foreach (var session in document["sessions"]!.AsArray()) session!["trial"] = new JsonObject { ["discardAfterDays"] = 30, ["source"] = "test" };
        (await (await platform.Platform.SignIn(National)).Create("/api/programmes", document)).Expect(201);
        return code;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ExamPlatform.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
