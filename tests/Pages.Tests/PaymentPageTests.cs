using System.Text.RegularExpressions;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>Paying, by what one pays with.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PaymentPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Phone = "Mozilla/5.0 (Linux; Android 14; V2254A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36";
    private const string WithinWeChat = Phone + " MicroMessenger/8.0.50";

    [Fact]
    public async Task On_a_phone_one_is_led_to_WeChat_and_back_and_told_that_it_is_paid()
    {
        var (life, page) = await Opened(Phone);

        await Choose(page, "微信支付（手机浏览器）");
        await page.IsSound();
        await page.GetByRole(AriaRole.Button, new() { Name = "前往支付" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "支付" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已缴费", new() { Timeout = 120_000 });
        Assert.Equal($"/applications/{life.Id}/payment", new Uri(page.Url).AbsolutePath);
        await page.IsSound();
    }

    /// <summary>UnionPay takes a form that the page posts there, and posts the payer back; Alipay takes an address.</summary>
    [Theory]
    [InlineData("银联网银支付", "form[action*='/unionpay/'] input[type=hidden][name=signature]")]
    [InlineData("支付宝", "a[href*='/alipay/'][href*='sign=']")]
    public async Task On_a_computer_one_is_led_to_the_banks_page_and_back_and_told_that_it_is_paid(string way, string handle)
    {
        var (life, page) = await Opened(agent: null);

        await Choose(page, way);
        await Assertions.Expect(page.Locator(handle)).ToHaveCountAsync(1);
        await page.IsSound();
        await page.GetByRole(AriaRole.Button, new() { Name = "前往支付" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "付款" }).ClickAsync();
        if (way == "银联网银支付") await page.GetByRole(AriaRole.Button, new() { Name = "返回商户" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已缴费", new() { Timeout = 120_000 });
        Assert.Equal($"/applications/{life.Id}/payment", new Uri(page.Url).AbsolutePath);
    }

    [Fact]
    public async Task Where_paying_on_a_phone_is_not_open_the_phone_says_so_and_a_computer_can_pay()
    {
        var life = await PaidOnComputersOnly();

        var phone = await Opened(life, Phone);
        await Assertions.Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "请使用电脑缴费" })).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "去支付" })).ToHaveCountAsync(0);
        await phone.IsSound();

        await Assertions.Expect((await Opened(life, agent: null)).GetByRole(AriaRole.Button, new() { Name = "去支付" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_chooses_another_way_has_the_first_closed_at_the_bank_and_chooses_again()
    {
        var (life, page) = await Opened(agent: null);
        await Choose(page, "微信扫码支付");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "微信支付二维码" })).ToBeVisibleAsync();

        await page.Press("换一种支付方式");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "去支付" })).ToBeVisibleAsync();
        await page.IsSound();
        Assert.Equal("due", (await life.Candidate.Get($"/api/payments/fees/{await life.Fee()}")).Expect(200)["state"]);
    }

    [Fact]
    public async Task Within_WeChat_the_button_holds_what_the_bridge_is_told()
    {
        var (_, page) = await Opened(WithinWeChat);

        await Choose(page, "微信支付");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "前往支付" })).ToHaveAttributeAsync("data-bridge", new Regex("\"paySign\":\"[^\"]{300,}\""));
        await page.IsSound();
    }

    [Fact]
    public async Task A_bank_that_posts_the_payer_back_is_not_believed_and_the_bank_is_asked()
    {
        var (life, page) = await Opened(Phone);
        await Choose(page, "微信支付（手机浏览器）");

        var fee = (await life.Candidate.Get("/api/payments/fees")).Expect(200)["0/id"];
        await page.GotoAsync($"/payments/returned/{fee}?out_trade_no=1&trade_status=TRADE_SUCCESS");

        Assert.Equal($"/applications/{life.Id}/payment", new Uri(page.Url).AbsolutePath);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("还没有收到这笔支付");
        await page.IsSound();
    }

    private static async Task Choose(IPage page, string way)
    {
        if (await page.GetByLabel(way, new() { Exact = true }).CountAsync() > 0) await page.GetByLabel(way, new() { Exact = true }).CheckAsync();
        await page.Press("去支付");
    }

    private async Task<(CandidateLife Life, IPage Page)> Opened(string? agent)
    {
        var life = (await platform.AwaitingPayment()).Life;
        return (life, await Opened(life, agent));
    }

    private async Task<IPage> Opened(CandidateLife life, string? agent)
    {
        await life.Fee();
        var page = await browser.Open(platform.Web, options: options => options.UserAgent = agent);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, $"/applications/{life.Id}/payment");
        return page;
    }

    /// <summary>An application in 湖北, where the platform begins without officers.</summary>
    private async Task<CandidateLife> PaidOnComputersOnly()
    {
        var life = (await platform.Submitted("420000", "420100")).Life;
        var area = await Appointed(await platform.Platform.SignIn("national"), "area", "420000/");
        var site = new Desk(await Appointed(area, "site", "420000/420100/"));
        await site.Pass(life.Id, "confirmation");
        await site.Pass(life.Id, "site-review");
        await new Desk(area).Pass(life.Id, "area-review");
        await life.Await("awaitingPayment");
        return life;
    }

    private async Task<Person> Appointed(Person by, string level, string areaPath)
    {
        var (userName, password) = await platform.Appoint(by, level, areaPath);
        return await platform.Platform.SignInWith(userName, password);
    }
}
