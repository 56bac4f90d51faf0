using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>What only some exams have, at the page: payment, wanted places, an appeal.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OtherExamPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_payment_is_begun_at_the_page_checked_with_the_bank_while_that_is_silent_and_made_good()
    {
        var life = await platform.AwaitingPayment();
        await life.Life.Fee();
        var (sandbox, page) = (platform.Platform.Sandbox, await SignedIn(life.Life, $"/applications/{life.Life.Id}/payment"));
        await sandbox.Misbehave("wechatPay", "drop", only: "/v3/pay/transactions/native");
        await sandbox.Misbehave("wechatPay", "fail", only: "/out-trade-no/", times: 50);

        await page.Press("去支付");
        await Says(page, "正在向银行核对");
        await page.IsSound();
        await sandbox.Behave();
        // the page looks by itself: somebody who reloads it as fast as a test can would be asked to wait by the gateway
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "去支付" })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await page.Press("去支付");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "微信支付二维码" })).ToBeVisibleAsync();
        await page.IsSound();
        await sandbox.Pay((await life.Life.Candidate.Get($"/api/payments/fees/{await life.Life.Fee()}")).Expect(200)["order/codeUrl"]);

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已缴费", new() { Timeout = 120_000 });
        await page.IsSound();
    }

    [Fact]
    public async Task Wanted_places_are_chosen_at_the_page_and_none_is_said_at_the_field()
    {
        using var telling = new Telling("FJ", null, TextWriter.Null);
        var life = await new FjLife(platform.Platform, telling).Applicant();
        var page = await SignedIn(life, $"/applications/{life.Id}/preferences");

        await page.Press("保存并继续");
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToBeFocusedAsync();
        await page.IsSound();
        var places = await page.Locator("#wanted-0 option").AllInnerTextsAsync();
        await page.Locator("#wanted-0").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Locator("#wanted-1").SelectOptionAsync(new SelectOptionValue { Index = 2 });
        await page.Press("保存并继续");

        Assert.Equal($"/applications/{life.Id}", new Uri(page.Url).AbsolutePath);
        Assert.Equal(2, (await life.Look()).Json.List("preferences").Count);
        Assert.True(places.Count > 2, string.Join(", ", places));
    }

    [Fact]
    public async Task Who_has_failed_for_good_appeals_at_the_page_and_the_level_above_decides_at_its_own()
    {
        using var telling = new Telling("ML", null, TextWriter.Null);
        var tour = new Tour(browser, platform.Web);
        using var watched = platform.Watched(tour.Look);
        var life = await new MlLife(watched, telling).Submitted();
        await (await platform.Desk("site-110100")).Fail(life.Id, "on-site-qualification", "学历不符", "education-unfit");
        await life.Await("rejected");
        var page = await SignedIn(life, $"/applications/{life.Id}/leave");

        await page.Press("提出申诉");
        await page.IsSound();
        await life.Await("appealed");
        await Decide("area-110000", await (await platform.Desk("area-110000")).Find(life.Id, "on-site-qualification"));

        await life.Await("submitted");
        Looks.AreNone(tour.Faults);
    }

    [Fact]
    public async Task Each_page_of_who_gave_back_gave_up_or_came_too_late_is_sound()
    {
        var tour = new Tour(browser, platform.Web);
        using var watched = platform.Watched(tour.Look);
        var (given, late) = (await new HpLife(watched).Register(), await new HpLife(watched).Register());
        await given.FillIn();
        await given.Submit();
        await given.Life.Leave("withdrawal");
        await given.Life.Leave("abandonment");
        await late.FillIn("350000", "350100");
        await late.Submit();

        await platform.At(new DateTimeOffset(2027, 1, 26, 0, 0, 0, TimeSpan.FromHours(8)) - TimeProvider.System.GetUtcNow(), () => late.Life.Await("abandoned"));

        Looks.AreNone(tour.Faults);
    }

    private async Task Decide(string officer, string work)
    {
        var page = await browser.Open(platform.Web, width: 320);
        await page.SignIn(officer, platform.Platform.ReadyMadePassword, $"/office/work/{work}");
        await page.Press("领取", exact: false);
        await page.IsSound();
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.Press("提交", exact: false);
        await page.IsSound();
    }

    private async Task<IPage> SignedIn(CandidateLife life, string address)
    {
        var page = await browser.Open(platform.Web, width: 320);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, address);
        return page;
    }

    private static Task Says(IPage page, string words) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(words);
}
