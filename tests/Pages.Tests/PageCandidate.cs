using ExamPlatform.Demo;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>A candidate of BM at the pages, who finds everything by what a screen reader says: role and name.</summary>
public sealed class PageCandidate(IPage page, NewCandidate facts, Func<IPage, Task>? look = null)
{
    private const string City = "110000/110100";

    public IPage Page => page;

    /// <summary>The application's id, once started.</summary>
    public string Id => new Uri(page.Url).AbsolutePath.Split('/') is [_, "applications", var id, ..] ? id : "";
    public string Address { get; private set; } = "";

    public async Task Register()
    {
        await Go("/register?return=/exams/BM");
        await page.GetByLabel("我已阅读并同意以上内容").CheckAsync();
        await Fill("姓名", facts.Name, exact: true);
        await Fill("证件号码", facts.DocumentNumber, exact: true);
        await Fill("再次填写姓名", facts.Name);
        await Fill("再次填写证件号码", facts.DocumentNumber);
        await Fill("手机号码", facts.Mobile);
        await Fill("密码", facts.Password);
        await Press("注册");
        Assert.Equal("/exams/BM", new Uri(page.Url).AbsolutePath);
    }

    public async Task FillIn()
    {
        await Press("开始报名");
        Address = $"/applications/{Id}";
        await Go($"{Address}/area");
        await page.GetByLabel("考区考点").SelectOptionAsync(City);
        await Press("保存并继续");
        await Go($"{Address}/steps/report");
        await page.GetByLabel("无学历报名").CheckAsync();
        await Fill("残疾人证号", facts.DocumentNumber + "11");
        await Press("保存并继续");
        await page.GetByLabel("高中").CheckAsync();
        await Press("保存并继续");
        await Fill("医疗按摩年限", "11");
        await Fill("工作单位", "演示按摩医院");
        await page.GetByLabel("医疗机构").CheckAsync();
        await Press("保存并继续");
        await page.GetByLabel("现行盲文").CheckAsync();
        await Press("保存并继续");
        await Upload($"{Address}/photo", "选择照片文件", "上传并用于本次报名");
        foreach (var title in (string[])["从事医疗按摩专业证明", "医疗机构执业许可证副本复印件", "考生承诺书"]) await Upload($"{Address}/documents", $"选择“{title}”文件", $"上传{title}");
    }

    public async Task Submit()
    {
        await Go($"{Address}/check");
        await Press("提交报名信息");
        Assert.Equal("?sent=yes", new Uri(page.Url).Query);
    }

    public async Task Upload(string address, string label, string button)
    {
        await Go(address);
        await page.GetByLabel(label).SetInputFilesAsync(new FilePayload { Name = "scan.png", MimeType = "image/png", Buffer = Picture.Png() });
        var here = page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await here.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        // with script the page stays: what is chosen is gone when it has been taken, or refused
        await Assertions.Expect(page.Locator("form").Filter(new() { Has = here }).Locator("[type=file]")).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator(".govuk-error-message")).ToHaveCountAsync(0);
        if (look is not null) await look(page);
    }

    public async Task Go(string address)
    {
        await page.GotoAsync(address);
        if (look is not null) await look(page);
    }

    private Task Fill(string label, string value, bool exact = false) => page.GetByLabel(label, new() { Exact = exact }).FillAsync(value);

    /// <summary>Reached and pressed with the keyboard.</summary>
    private async Task Press(string button)
    {
        var here = page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await here.FocusAsync();
#pragma warning disable CS0612 // what else waits for the page that answers a form at the same address?
        await page.RunAndWaitForNavigationAsync(() => page.Keyboard.PressAsync("Enter"));
#pragma warning restore CS0612
        if (await page.Locator(".govuk-error-summary").CountAsync() > 0) throw new Surprise($"{page.Url}: {await page.Locator(".govuk-error-summary").InnerTextAsync()}");
        if (look is not null) await look(page);
    }
}
