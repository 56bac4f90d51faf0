using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>公示 at the pages: put up, read by everybody, objected to, settled.</summary>
[Collection(PlatformCollection.Name)]
public sealed class NoticePageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Who_has_passed_is_put_up_read_objected_to_and_the_objection_settled()
    {
        var life = await new FjLife(platform.Platform, new Telling("FJ", null, TextWriter.Null)).Admitted();
        var officer = await browser.Officer(platform, "area-350000", "/office/notices");
        await officer.Press("发布2027年招录的公示");
        await Expect(officer.Content()).ToContainTextAsync("已发布公示");
        await officer.IsUsable();
        var anybody = await browser.Open(platform.Web);
        await anybody.GotoAsync("/notices");
        await anybody.IsUsable();
        await anybody.GetByRole(AriaRole.Link, new() { NameRegex = new("福建省中医医师规范化培训") }).First.ClickAsync();
        await Expect(anybody.Content()).Not.ToContainTextAsync(life.Facts.Name);
        await anybody.IsUsable();

        await anybody.GetByRole(AriaRole.Link, new() { Name = "对第1号提出异议" }).ClickAsync();
        await anybody.Press("提交异议");
        await Expect(anybody.Locator(".govuk-error-summary")).ToContainTextAsync("请填写11位手机号码");
        await anybody.IsUsable();
        var text = $"此人没有取得毕业证书 {Guid.NewGuid():N}";
        await anybody.GetByLabel("异议内容").FillAsync(text);
        await anybody.GetByLabel("您的姓名").FillAsync("李大钊");
        await anybody.GetByLabel("手机号码").FillAsync("13912345678");
        await SendBeside(anybody); // a double click sends the form twice
        await anybody.Press("提交异议");
        await Expect(anybody.Content()).ToContainTextAsync("已收到您的异议");
        await anybody.IsUsable();

        await officer.GotoAsync("/office/objections/FJ");
        var card = officer.Locator("section.site-card").Filter(new() { HasText = text });
        await Expect(card).ToHaveCountAsync(1);
        await Expect(card).ToContainTextAsync("李大钊，13912345678");
        await officer.IsUsable();
        await card.GetByLabel("不成立").CheckAsync();
        await card.GetByLabel("处理意见").FillAsync("已核实，证书有效");
#pragma warning disable CS0612 // what else waits for the page that answers a form at the same address?
        await officer.RunAndWaitForNavigationAsync(() => card.GetByRole(AriaRole.Button).ClickAsync());
#pragma warning restore CS0612
        await Expect(officer.Content()).ToContainTextAsync("异议不成立");
        await Expect(officer.Locator("section.site-card").Filter(new() { HasText = text })).ToHaveCountAsync(0);
    }

    /// <summary>Sends what is filled in, and leaves the page as it is.</summary>
    private static async Task SendBeside(IPage page)
    {
        var form = page.Context.APIRequest.CreateFormData();
        foreach (var field in await page.Locator("main form").Locator("input, textarea").AllAsync()) form.Set((await field.GetAttributeAsync("name"))!, await field.InputValueAsync());
        Assert.Contains("已收到您的异议", await (await page.Context.APIRequest.PostAsync(page.Url, new() { Form = form })).TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_up_is_not_found_and_an_empty_list_says_so()
    {
        var page = await browser.Open(platform.Web);

        Assert.Equal(404, (await page.GotoAsync($"/notices/FJ/{Guid.NewGuid()}"))!.Status);
        Assert.Equal(200, (await page.GotoAsync("/notices"))!.Status);
    }
}
