using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Money at the pages: refunds by two officers, the books, a candidate's receipts.</summary>
[Collection(PlatformCollection.Name)]
public sealed class MoneyPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_refund_is_asked_by_one_officer_and_decided_by_another_without_script()
    {
        var life = await Paid();
        var page = await browser.Officer(platform, $"site-{HpLife.Site}", "/office/refunds", script: false);
        await page.GetByLabel("报名编号").FillAsync("12");
        await page.Press("查找");
        await Expect(page.Locator("#application-error")).ToContainTextAsync("32位");
        await page.GetByLabel("报名编号").FillAsync(life.Id);
        await page.Press("查找");
        await page.GetByLabel("退费金额（元）").FillAsync("0");
        await page.GetByLabel("退费理由").FillAsync("考生退考，经核实同意");
        await page.GetByRole(AriaRole.Button, new() { Name = "提出退费" }).ClickAsync();
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("大于0");
        await page.GetByLabel("退费金额（元）").FillAsync("1.50");
        await page.GetByRole(AriaRole.Button, new() { Name = "提出退费" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("退费已提出");
        await page.GotoAsync("/office/refunds");
        await Expect(page.Locator("main")).ToContainTextAsync("须由另一名考务人员决定");

        var second = await browser.Officer(platform, $"area-{HpLife.Area}", "/office/refunds");
        var card = second.Locator(".site-card").Filter(new() { Has = second.Locator($"a[href='/office/payments/{life.Id}']") });
        await second.IsUsable();
        await card.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(second.Locator(".govuk-error-summary")).ToContainTextAsync("您的决定");
        await card.GetByLabel("同意退费", new() { Exact = true }).CheckAsync();
        await card.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("决定已提交");
        await second.GotoAsync($"/office/payments/{life.Id}");
        await Expect(second.Locator("main")).Not.ToContainTextAsync("待决定");
    }

    [Fact]
    public async Task A_candidate_finds_the_receipt_of_a_payment_as_a_page_and_as_a_pdf()
    {
        var life = await Paid();
        var page = await browser.Open(platform.Web);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, $"/applications/{life.Id}/receipts");
        await page.IsSound();
        var link = page.GetByRole(AriaRole.Link, new() { Name = "下载收据（PDF）", Exact = false });

        var pdf = await page.APIRequest.GetAsync(new Uri(platform.Web, await link.GetAttributeAsync("href")).ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "打开收据", Exact = false }).ClickAsync();

        Assert.Equal((200, "application/pdf"), (pdf.Status, pdf.Headers["content-type"]));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "考试费缴费收据" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("元整");
        await Expect(page.Locator("main")).Not.ToContainTextAsync(life.Facts.DocumentNumber);
        await page.IsSound();
    }

    [Fact]
    public async Task The_books_are_shown_to_national_officers_and_nobody_else()
    {
        await Paid();
        var page = await browser.Officer(platform, "national", "/office/books");

        await Expect(page.Locator("main")).ToContainTextAsync("现为0.00元");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "考试费" }).Filter(new() { HasText = "微信支付" }).First).ToBeVisibleAsync();
        await page.IsUsable();
        var other = await browser.Officer(platform, $"area-{HpLife.Area}", "/office/books");
        await Expect(other.Locator("main")).ToContainTextAsync("账目由国家级考务人员管理");
        await other.IsUsable();
    }

    private async Task<CandidateLife> Paid()
    {
        var life = await platform.AwaitingPayment();
        await life.Life.Fee();
        await platform.Platform.Sandbox.Pay((await life.Order())["codeUrl"]);
        await life.Life.Await("registered");
        return life.Life;
    }
}
