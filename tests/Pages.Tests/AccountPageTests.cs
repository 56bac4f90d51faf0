using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Password and user name at the pages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class AccountPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string New = "Other-Horse-2";

    [Fact]
    public async Task A_changed_password_keeps_this_page_signed_in_and_every_other_one_signs_in_anew()
    {
        var (life, page, other) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false), await browser.Open(platform.Web, script: false));
        var facts = life.Facts;
        await other.SignIn(facts.DocumentNumber, facts.Password, "/inbox");
        await page.SignIn(facts.DocumentNumber, facts.Password, "/settings/account");

        await page.GetByLabel("原密码").FillAsync("Wrong-Horse-1");
        await page.GetByLabel("新密码").FillAsync("short");
        Assert.Equal(422, (await page.Answered(() => page.GetByRole(AriaRole.Button, new() { Name = "修改密码" }).ClickAsync())).Status);
        await Expect(page.Locator("#newPassword-error")).ToContainTextAsync("新密码应为8至16位");
        await page.GetByLabel("原密码").FillAsync("Wrong-Horse-1");
        await page.GetByLabel("新密码").FillAsync(New);
        await page.Press("修改密码");
        await Expect(page.Locator("#oldPassword-error")).ToContainTextAsync("原密码不正确");
        await page.GetByLabel("原密码").FillAsync(facts.Password);
        await page.GetByLabel("新密码").FillAsync(New);
        await page.Press("修改密码");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("密码已经修改");
        await page.GotoAsync("/inbox");
        Assert.Equal("/inbox", new Uri(page.Url).AbsolutePath);
        var id = Guid.Parse((await life.Candidate.Get("/api/identity/me"))["id"]);
        Assert.Equal(2, await platform.Query<long>("identity", "select count(*) from sessions where account_id = $1 and ended_by = 'PasswordChanged'", id));
        await other.SignIn(facts.DocumentNumber, New, "/inbox");
    }

    [Fact]
    public async Task A_user_name_of_ones_own_signs_in_and_one_that_is_taken_is_told_at_its_field()
    {
        var (life, page, name) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, width: 320), $"own-{Guid.NewGuid():N}"[..20]);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/account");
        await page.IsSound();

        await page.GetByLabel("新的用户名").FillAsync("national");
        await page.Press("保存用户名");
        await Expect(page.Locator("#userName-error")).ToContainTextAsync("已经有人使用");
        await page.IsSound();
        await page.GetByLabel("新的用户名").FillAsync(name);
        await page.Press("保存用户名");

        await Expect(page.GetByText($"您的用户名是“{name}”")).ToBeVisibleAsync();
        await (await browser.Open(platform.Web, script: false)).SignIn(name.ToUpperInvariant(), life.Facts.Password, "/inbox");
    }

    [Fact]
    public async Task An_officer_has_the_page_too_and_no_user_name_to_choose()
    {
        var page = await browser.Officer(platform, "area-110000", "/settings/account");

        await Expect(page.GetByLabel("新密码")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("新的用户名")).ToHaveCountAsync(0);
    }
}
