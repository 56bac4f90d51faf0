using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>A name that cannot be typed: the search for a character, the middle dot, and what was typed before that is not lost (B2).</summary>
[Collection(PlatformCollection.Name)]
public sealed class RareCharacterPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Name = "姓名", Second = "再次填写姓名";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_person_registers_with_a_character_that_was_looked_for_and_nothing_typed_is_lost(bool script)
    {
        var (page, facts) = (await Register(script), NewCandidate.Random());
        await page.GetByLabel("我已阅读并同意以上内容").CheckAsync();
        await page.GetByLabel(Name, new() { Exact = true }).FillAsync("张？");
        await page.GetByLabel("证件号码", new() { Exact = true }).FillAsync(facts.DocumentNumber);
        await page.GetByLabel("手机号码").FillAsync(facts.Mobile);

        await page.Press($"查找“{Name}”中打不出的字");
        await Search(page, reading: "ji2", strokes: "6", radical: "口（kǒu，3画）");
        await page.Press("𠮷 读音 jí，同“吉”，共6画，口部，部首外3画");

        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "𠮷" })).ToContainTextAsync("已在“姓名”中放入“𠮷”");
        await Expect(page.GetByLabel(Name, new() { Exact = true })).ToHaveValueAsync("张𠮷");
        await Expect(page.GetByLabel(Name, new() { Exact = true })).ToBeFocusedAsync();
        await Expect(page.GetByLabel("手机号码")).ToHaveValueAsync(facts.Mobile);
        await Expect(page.GetByLabel("我已阅读并同意以上内容")).ToBeCheckedAsync();
        await page.GetByLabel(Second).FillAsync("张");
        await page.Press($"查找“{Second}”中打不出的字");
        await Search(page, reading: "ji", strokes: "6", radical: "口（kǒu，3画）");
        await page.Press("𠮷", exact: false);
        await Expect(page.GetByLabel(Second)).ToHaveValueAsync("张𠮷");
        await page.GetByLabel("再次填写证件号码").FillAsync(facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(facts.Password);
        await page.Answered(() => page.GetByLabel("密码").PressAsync("Enter")); // and not the search

        Assert.Equal("/applications", new Uri(page.Url).AbsolutePath);
        var person = new Person(platform.Platform, new { documentNumber = facts.DocumentNumber, password = facts.Password });
        await person.SignIn();
        Assert.Equal("张𠮷", (await person.Get("/api/identity/me")).Expect(200)["candidate/name"]);
    }

    [Fact]
    public async Task The_search_says_what_is_wrong_turns_pages_and_leads_back()
    {
        var page = await Register(script: false, width: 320);
        await page.GetByLabel(Name, new() { Exact = true }).FillAsync("李");
        await page.Press($"查找“{Name}”中打不出的字");
        Assert.Equal(422, (await page.Answered(() => page.GetByRole(AriaRole.Button, new() { Name = "查找", Exact = true }).ClickAsync())).Status);
        await Expect(page.Locator("#reading-error")).ToContainTextAsync("至少填写一项");
        await Search(page, strokes: "六");
        await Expect(page.Locator("#strokes-error")).ToContainTextAsync("请填写数字");
        await Search(page, reading: "zzz", strokes: "");
        await Expect(page.Locator("main")).ToContainTextAsync("没有找到");
        await Search(page, reading: "", strokes: "9");
        var first = await page.Locator(".site-character").AllInnerTextsAsync();
        await page.Press("再看后面的字");
        Assert.Equal((60, 60), (first.Count, await page.Locator(".site-character").CountAsync()));
        Assert.DoesNotContain(first[^1], await page.Locator(".site-character").AllInnerTextsAsync());
        await page.Press("不查了，回到注册");
        await Expect(page.GetByLabel(Name, new() { Exact = true })).ToHaveValueAsync("李");
    }

    [Theory]
    [InlineData(false, "买买提?艾合买提", "买买提·艾合买提")]
    [InlineData(false, "买买提", "买买提·")]
    [InlineData(true, "买买提", "买买提·")]
    public async Task The_middle_dot_of_a_name_is_a_button(bool script, string typed, string then)
    {
        var page = await Register(script);
        await page.GetByLabel(Name, new() { Exact = true }).FillAsync(typed);

        var dot = page.GetByRole(AriaRole.Button, new() { Name = $"在“{Name}”中加间隔点“·”" });
        if (script) await dot.ClickAsync();
        else await page.Answered(() => dot.ClickAsync());

        await Expect(page.GetByLabel(Name, new() { Exact = true })).ToHaveValueAsync(then);
        await Expect(page.GetByLabel(Name, new() { Exact = true })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_search_has_no_barrier()
    {
        var page = await Register(script: true, width: 320);
        await page.IsSound();
        await page.Press($"查找“{Name}”中打不出的字");
        await page.IsSound();
        await Search(page, reading: "yan");

        await page.IsSound();
    }

    private async Task<IPage> Register(bool script, int width = 1000)
    {
        var page = await browser.Open(platform.Web, script, width);
        await page.GotoAsync("/register");
        return page;
    }

    private static async Task Search(IPage page, string? reading = null, string? strokes = null, string? radical = null)
    {
        if (reading is not null) await page.GetByLabel("拼音").FillAsync(reading);
        if (strokes is not null) await page.GetByLabel("总画数").FillAsync(strokes);
        if (radical is not null) await page.GetByLabel("部首").SelectOptionAsync(new SelectOptionValue { Label = radical });
        await page.Press("查找");
    }
}
