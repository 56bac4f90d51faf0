using ExamPlatform.Demo;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

[Collection(PlatformCollection.Name)]
public sealed class ScanSignInTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_phone_that_scans_the_code_signs_the_computer_in_by_itself()
    {
        var (phone, computer) = (await Phone(script: true), await browser.Open(platform.Web));
        var digits = await Waits(computer);
        await computer.IsSound();

        await phone.GotoAsync($"/devices?code={digits.Replace(" ", "", StringComparison.Ordinal)}"); // what the picture holds
        await phone.IsSound();
        await phone.Press("同意登录");
        await phone.HasNoBarrier();

        await computer.WaitForURLAsync("**/applications");
    }

    [Fact]
    public async Task Without_script_and_by_the_digits_alone_it_is_the_same_with_one_press_more()
    {
        var (phone, computer) = (await Phone(script: false), await browser.Open(platform.Web, script: false));
        var digits = await Waits(computer);
        await computer.Press("手机上已同意，继续");
        await Assertions.Expect(computer.GetByRole(AriaRole.Alert)).ToContainTextAsync("手机上还没有同意");

        await Approve(phone, digits, "同意登录");
        await Assertions.Expect(phone.GetByRole(AriaRole.Status).First).ToContainTextAsync("已同意");
        await computer.Press("手机上已同意，继续");

        Assert.Equal("/applications", new Uri(computer.Url).AbsolutePath);
    }

    [Fact]
    public async Task A_refused_computer_is_told_so_and_can_begin_again()
    {
        var (phone, computer) = (await Phone(script: true), await browser.Open(platform.Web));

        await Approve(phone, await Waits(computer), "不同意");

        await computer.WaitForURLAsync("**/sign-in/scan?over=refused");
        await Assertions.Expect(computer.Locator("main")).ToContainTextAsync("手机上选择了不同意");
        await Waits(computer);
    }

    [Fact]
    public async Task Digits_that_nobody_waits_with_and_no_digits_at_all_are_told_what_to_do()
    {
        var phone = await Phone(script: true);
        foreach (var (typed, told) in ((string, string)[])[("00000000", "没有等待登录的设备"), ("一二三", "请输入另一台设备上显示的8位数字")])
        {
            await phone.GotoAsync("/devices");
            await phone.GetByLabel("8位数字").FillAsync(typed);
            await phone.Press("继续");
            await Assertions.Expect(phone.Locator("main")).ToContainTextAsync(told);
            await phone.IsSound();
        }
    }

    private async Task<IPage> Phone(bool script)
    {
        var page = await browser.Open(platform.Web, script, width: 320);
        await new PageCandidate(page, NewCandidate.Random()).Register();
        return page;
    }

    /// <summary>The computer shows a code; its digits are told.</summary>
    private static async Task<string> Waits(IPage computer)
    {
        await computer.GotoAsync("/sign-in");
        await computer.GetByRole(AriaRole.Link, new() { Name = "用手机登录这台设备" }).ClickAsync();
        await computer.Press("用手机登录");
        return await computer.Locator(".site-digits").InnerTextAsync();
    }

    private static async Task Approve(IPage phone, string digits, string decision)
    {
        await phone.GotoAsync("/settings");
        await phone.GetByRole(AriaRole.Link, new() { Name = "登录另一台设备" }).ClickAsync();
        await phone.GetByLabel("8位数字").FillAsync(digits);
        await phone.Press("继续");
        await phone.Press(decision);
    }
}
