using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>Officers at work on a phone: each page in each of its states is sound.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OfficerStateTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Site = $"site-{HpLife.Site}";

    [Fact]
    public async Task A_work_is_sound_whoever_holds_it_and_however_it_was_decided()
    {
        var life = await platform.Submitted();
        var work = await (await platform.Desk()).Find(life.Life.Id, "confirmation");
        var page = await SignedIn(Site);

        await Look(page, "/office", $"/office/work/{work}", "/office/work?programme=HP&stage=confirmation", "/office/work?programme=HP&stage=confirmation&dueBefore=x", "/office/work?programme=BM&session=2027&stage=second-review&state=sentBack");
        await page.GotoAsync($"/office/work/{work}");
        await page.Press("领取并开始审核");
        await page.IsSound();
        await Look(await SignedIn($"area-{HpLife.Area}"), $"/office/work/{work}");
        await page.Press("提交决定");
        await IsTold(page, "请选择一个决定");
        await page.GetByLabel("不通过：退回考生").CheckAsync();
        await page.Press("提交决定");
        await IsTold(page, "");
        await page.GetByLabel("照片不符合要求").CheckAsync();
        await page.GetByLabel("说明", new() { Exact = true }).FillAsync("请重拍");
        await page.Press("提交决定");
        await page.IsSound();

        Assert.Equal("photo-unfit", (await life.Life.Await("returnedForCorrection"))["returned/reasons/0/code"]);
        await Look(page, "/office/work?state=mine", "/office/work?state=failed&programme=HP");
    }

    [Fact]
    public async Task A_decision_is_made_by_keyboard_alone()
    {
        var life = await platform.Submitted("350000", "350100");
        var work = await (await platform.Desk("site-350100")).Find(life.Life.Id, "confirmation");
        var page = await SignedIn("site-350100", width: 1000);
        await page.GotoAsync($"/office/work?programme=HP&stage=confirmation");

        await TabTo(page, $"a[href^='/office/work/{work}']");
        await page.Answered(() => page.Keyboard.PressAsync("Enter"));
        await TabTo(page, "button", "领取并开始审核");
        await page.Answered(() => page.Keyboard.PressAsync("Enter"));
        await TabTo(page, "[name=outcome]");
        await page.Keyboard.PressAsync("Space");
        await TabTo(page, "button", "提交决定");
        await page.Answered(() => page.Keyboard.PressAsync("Enter"));

        Assert.Contains("done=pass", new Uri(page.Url).Query, StringComparison.Ordinal);
        await life.Life.Await("submitted", "site-review");
    }

    [Fact]
    public async Task Ticked_work_is_shown_again_and_then_passed_at_once()
    {
        var desk = await platform.Desk();
        var (first, second) = (await platform.Submitted(), await platform.Submitted());
        string[] works = [await desk.Find(first.Life.Id, "confirmation"), await desk.Find(second.Life.Id, "confirmation")];
        var page = await SignedIn(Site);
        await FirstPageWith(page, works);

        await page.Press("批量通过所选事项");
        await IsTold(page, "请至少选择一项");
        foreach (var work in works) await page.Locator($"#tick-{work}").CheckAsync();
        await page.Press("批量通过所选事项");
        await page.IsSound();
        await page.Press("通过这2项");
        await page.IsSound();

        foreach (var life in (HpLife[])[first, second]) await life.Life.Await("submitted", "site-review");
    }

    [Fact]
    public async Task The_code_on_a_form_leads_to_its_work_says_when_it_is_old_and_when_there_is_none()
    {
        var life = await platform.FilledIn();
        var old = (await life.Submit())["verificationCode"];
        await life.Life.Leave("withdrawal");
        await life.Life.Look();
        await life.Life.Fill("work", new { employer = "另一家医院", since = "2015-07", years = "11", post = "护师" });
        var present = (await life.Submit())["verificationCode"];
        await (await platform.Desk()).Find(life.Life.Id, "confirmation");
        var page = await SignedIn(Site);

        foreach (var (code, says) in ((string, string)[])[(present, "报名表有效"), (old, "这份报名表已过期"), ("ZZZZZZZZ", "没有找到这个校验码"), ("", "请填写校验码")])
        {
            await page.GotoAsync("/office/forms");
            await page.GetByLabel("校验码").FillAsync(code);
            await page.Press("查找");
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(says);
            await page.IsSound();
        }
    }

    [Fact]
    public async Task A_failure_of_the_province_is_passed_on_and_papers_are_ticked_at_the_city()
    {
        using var telling = new Telling("BM", null, TextWriter.Null);
        var life = await new BmLife(platform.Platform, telling).Submitted();
        var (city, province) = (await platform.Desk("site-110100"), await platform.Desk("area-110000"));
        var page = await SignedIn("site-110100", $"/office/work/{await city.Find(life.Id, "acceptance")}");
        await page.IsSound();
        await page.Press("登记为已收到", exact: false);
        await page.IsSound();
        await Eventually.Holds("the paper to have arrived", async () => (await life.Look()).Json.List("papers").Any(paper => paper.Find("arrivedAt") is not null));
        await city.Pass(life.Id, "acceptance");
        await city.Pass(life.Id, "first-review");
        await province.Fail(life.Id, "second-review", "", "years-short");

        await page.GotoAsync($"/office/work/{await city.Find(life.Id, "second-review")}");
        await page.Press("领取并开始审核");
        await page.IsSound();
        await page.GetByLabel("通知考生：").CheckAsync();
        await page.Press("提交决定");

        await page.IsSound();
        await life.Await("returnedForCorrection");
    }

    private async Task<IPage> SignedIn(string officer, string to = "/office", int width = 320)
    {
        var page = await browser.Open(platform.Web, width: width);
        await page.SignIn(officer, platform.Platform.ReadyMadePassword, to);
        return page;
    }

    private static async Task Look(IPage page, params string[] addresses)
    {
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await page.IsSound();
        }
    }

    private static async Task IsTold(IPage page, string what)
    {
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync(what);
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToBeFocusedAsync();
        await page.IsSound();
    }

    /// <summary>Newer work is at the list's end; other tests' work may fill the pages before.</summary>
    private static async Task FirstPageWith(IPage page, string[] works)
    {
        await page.GotoAsync("/office/work?programme=HP&stage=confirmation");
        while (await page.Locator($"#tick-{works[^1]}").CountAsync() == 0) await page.Answered(() => page.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync());
    }

    private static async Task TabTo(IPage page, string selector, string text = "")
    {
        for (var n = 0; n < 150; n++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("([selector, text]) => document.activeElement.matches(selector) && document.activeElement.textContent.includes(text)", new[] { selector, text })) return;
        }
        Assert.Fail($"{page.Url}: the Tab key does not reach {selector} {text}");
    }
}
