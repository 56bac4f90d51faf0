using System.Text.RegularExpressions;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>WeChat at the pages: bound by digits alone, by scanning, within WeChat; signed in with; lost again.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class WeChatPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Who_sees_no_picture_binds_by_sending_digits_without_script_and_signs_in_with_WeChat()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false, width: 320));
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/wechat");
        await page.GetByLabel("登录密码").FillAsync("Wrong-Horse-1");
        await page.Press("开始绑定");
        await Expect(page.Locator("#password-error")).ToContainTextAsync("不正确");
        var digits = await Begin(page, life.Facts.Password);

        await platform.Platform.Sandbox.WeChat(life.WeChat, "follow");
        await platform.Platform.Sandbox.WeChat(life.WeChat, "say", digits);
        await page.GetByRole(AriaRole.Link, new() { Name = "我已操作，查看结果" }).ClickAsync();

        await Expect(page.GetByText("并已关注“中国卫生人才网”公众号")).ToBeVisibleAsync();
        var other = await browser.Open(platform.Web, script: false);
        await SignInWithWeChat(other, life.WeChat);
        Assert.Equal("/applications", new Uri(other.Url).AbsolutePath);
    }

    [Fact]
    public async Task The_page_is_sound_in_each_state_and_unbinding_asks_for_the_password()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, width: 320));
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/wechat");
        await page.IsSound();
        await Begin(page, life.Facts.Password);
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "微信绑定二维码" })).ToBeVisibleAsync();
        await page.IsSound();
        var offer = (await life.Candidate.Get("/api/identity/me/bindings")).Expect(200);
        await platform.Platform.Sandbox.Scan(life.WeChat, offer["request/qr"]);
        await platform.Platform.Sandbox.WeChat(life.WeChat, "unfollow");
        await page.GotoAsync("/settings/wechat");
        await Expect(page.GetByText("现在没有关注“中国卫生人才网”公众号")).ToBeVisibleAsync();
        await page.IsSound();

        await page.Press("解除微信绑定");
        await Expect(page.Locator("#password-weChat-error")).ToBeVisibleAsync();
        await page.GetByLabel("登录密码").FillAsync(life.Facts.Password);
        await page.Press("解除微信绑定");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经解除绑定");
        await Expect(page.GetByText("您还没有绑定微信。")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_address_opened_within_WeChat_binds_after_a_press()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false));
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/wechat");
        await Begin(page, life.Facts.Password);

        await page.GetByRole(AriaRole.Link, new() { Name = "在微信中打开并绑定" }).ClickAsync();
        await Agree(page, life.WeChat);
        await page.Press("确认绑定");

        await Expect(page.GetByText("绑定成功。请回到报名网站查看结果。")).ToBeVisibleAsync();
        await page.GotoAsync("/settings/wechat");
        await Expect(page.GetByText("您已在")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_WeChat_that_is_bound_to_nobody_is_told_how_to_bind_it()
    {
        var page = await browser.Open(platform.Web);

        await SignInWithWeChat(page, $"无人{Guid.NewGuid():N}");

        await Expect(page.GetByText("这个微信还没有绑定报名账号")).ToBeVisibleAsync();
        await page.IsSound();
    }

    [Fact]
    public async Task What_comes_back_without_having_been_begun_here_or_without_agreement_signs_nobody_in()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web));
        await life.BindWeChat();
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "微信登录" }).ClickAsync();
        await Agree(page, life.WeChat, "拒绝");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("没有同意登录");

        await page.GotoAsync($"/sign-in/wechat?code=stolen&state={new string('a', 64)}");

        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("不是从这个浏览器开始的");
        await page.IsSound();
    }

    [Fact]
    public async Task An_exam_that_asks_for_it_leads_there_and_who_unbinds_later_is_reminded_and_goes_on()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false));
        await life.SaveProfile("contact", new { address = "北京市东城区演示路 2 号", postcode = "100010" });
        await life.SaveProfile("education", new { entries = new[] { new { school = "演示卫生学校", major = "护理", level = "secondary", graduatedOn = "2027-07" } } });
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/exams/NU");
        await page.Press("开始报名");
        await Expect(page.GetByText("这个考试要求在报名前关注公众号并绑定考生本人微信")).ToBeVisibleAsync();
        await life.BindWeChat();
        await page.GotoAsync("/settings/wechat?for=NU");
        await page.GetByRole(AriaRole.Link, new() { Name = "返回继续报名" }).ClickAsync();
        await page.Press("开始报名");
        await Expect(page.GetByText("本次报名不受影响")).ToHaveCountAsync(0);

        await platform.Platform.Sandbox.WeChat(life.WeChat, "unfollow");
        await page.ReloadAsync();

        await Expect(page.GetByText("您现在没有关注“中国卫生人才网”公众号。本次报名不受影响")).ToBeVisibleAsync();
    }

    /// <summary>Begins and returns the digits.</summary>
    private static async Task<string> Begin(IPage page, string password)
    {
        await page.GetByLabel("登录密码").FillAsync(password);
        await page.Press("开始绑定");
        return NoDigit().Replace(await page.Locator(".site-digits").InnerTextAsync(), "");
    }

    private static async Task SignInWithWeChat(IPage page, string person)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "微信登录" }).ClickAsync();
        await Agree(page, person);
    }

    /// <summary>At WeChat's own page, as the sandbox plays it.</summary>
    private static async Task Agree(IPage page, string person, string how = "同意")
    {
        await page.GetByLabel("以谁的微信").FillAsync(person);
        await page.GetByRole(AriaRole.Button, new() { Name = how }).ClickAsync();
        await page.WaitForURLAsync(address => !address.Contains("/connect/", StringComparison.Ordinal));
    }

    [GeneratedRegex("[^0-9]")]
    private static partial Regex NoDigit();
}
