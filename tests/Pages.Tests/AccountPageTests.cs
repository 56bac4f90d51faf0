using ExamPlatform.Demo;
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
        await Expect(page.Locator("#newPassword-error")).ToContainTextAsync("新密码应为8至32位");
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_password_is_replaced_by_the_digits_of_an_sms(bool script)
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script, width: 320));
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "找回密码" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "用注册时填写的手机接收短信验证码" }).ClickAsync();
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
        await page.GetByLabel("手机号码").FillAsync("12");
        await page.Press("发送验证码");
        await Expect(page.Locator("#mobile-error")).ToContainTextAsync("11位数字");
        await page.GetByLabel("手机号码").FillAsync(life.Facts.Mobile);
        await page.Press("发送验证码");
        if (script) await page.IsSound();

        await page.GetByLabel("短信验证码").FillAsync("12x456");
        await page.GetByLabel("新密码").FillAsync(New);
        await page.Press("重新设置密码");
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("填写的内容不一致");
        await page.GetByLabel("短信验证码").FillAsync(await Digits(life.Facts.Mobile));
        await page.GetByLabel("新密码").FillAsync(New);
        await page.Press("重新设置密码");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("密码已经重新设置");
        await page.SignIn(life.Facts.DocumentNumber, New, "/inbox");
    }

    [Fact]
    public async Task A_question_that_was_set_recovers_the_account_without_script()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false));
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/account");
        await page.Press("保存安全问题");
        await Expect(page.Locator("#question-error")).ToContainTextAsync("请选择一个安全问题");
        await page.GetByLabel("您的第一位班主任叫什么名字？").CheckAsync();
        await page.GetByLabel("答案").FillAsync("李老师");
        await page.GetByLabel("登录密码").FillAsync(life.Facts.Password);
        await page.Press("保存安全问题");
        await Expect(page.GetByText("您设置的问题是“您的第一位班主任叫什么名字？”")).ToBeVisibleAsync();

        var other = await browser.Open(platform.Web, script: false);
        await other.GotoAsync("/recover?by=question");
        await other.Press("重新设置密码");
        foreach (var field in (string[])["who", "question", "answer", "newPassword"]) await Expect(other.Locator($"#{field}-error")).ToBeVisibleAsync();
        await other.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
        await other.GetByLabel("您的第一位班主任叫什么名字？").CheckAsync();
        await other.GetByLabel("答案").FillAsync(" 李 老师");
        await other.GetByLabel("新密码").FillAsync(New);
        await other.Press("重新设置密码");

        await Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("密码已经重新设置");
        await other.SignIn(life.Facts.DocumentNumber, New, "/inbox");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_mobile_is_taken_by_the_digits_that_went_to_it(bool script)
    {
        var (life, page, mobile) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script, width: 320), NewCandidate.Random().Mobile);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/account");
        await page.GetByRole(AriaRole.Link, new() { Name = "更换手机号" }).ClickAsync();
        await page.GetByLabel("新手机号").FillAsync("12");
        await page.Press("发送验证码");
        await Expect(page.Locator("#mobile-error")).ToContainTextAsync("11位数字");
        await page.GetByLabel("新手机号").FillAsync(mobile);
        await page.Press("发送验证码");
        if (script) await page.IsSound();
        await page.GetByLabel("短信验证码").FillAsync(await Digits(mobile));
        await page.GetByLabel("登录密码").FillAsync(life.Facts.Password);
        await page.Press("更换手机号");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("手机号已经更换");
        await page.GotoAsync("/inbox");
        await Expect(page.GetByText("登录方式有变化").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_officer_of_the_area_resets_a_password_and_the_candidate_sets_a_new_one()
    {
        var life = await platform.Submitted();
        var facts = life.Life.Facts;
        var page = await browser.Officer(platform, $"site-{HpLife.Site}", "/office/resets");
        await page.IsUsable();
        await page.GetByLabel("姓名").FillAsync(facts.Name);
        await page.GetByLabel("证件号码").FillAsync(facts.DocumentNumber);
        await page.GetByLabel("重置原因").FillAsync("太短");
        await page.GetByLabel("身份证明扫描件").SetInputFilesAsync(new FilePayload { Name = "scan.png", MimeType = "image/png", Buffer = Picture.Png() });
        await page.Answered(() => page.GetByRole(AriaRole.Button, new() { Name = "重置密码", Exact = true }).ClickAsync());
        await Expect(page.Locator("#reason-error")).ToContainTextAsync("至少写10个字");
        await page.GetByLabel("重置原因").FillAsync("本人持身份证到窗口办理，已核对");
        await page.Answered(() => page.GetByRole(AriaRole.Button, new() { Name = "重置密码", Exact = true }).ClickAsync());
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经重置");

        var own = await browser.Open(platform.Web, script: false);
        await own.GotoAsync("/recover?by=code");
        await own.GetByLabel("身份证件号码或用户名").FillAsync(facts.DocumentNumber);
        await own.GetByLabel("短信验证码").FillAsync(await Digits(facts.Mobile));
        await own.GetByLabel("新密码").FillAsync(New);
        await own.Press("重新设置密码");
        await own.SignIn(facts.DocumentNumber, New, "/inbox");
        await Expect(own.GetByText("登录密码已经更换").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_wrong_passwords_the_script_does_the_work_and_the_person_notices_nothing()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, width: 320));
        await page.GotoAsync("/sign-in?return=/inbox");
        for (var n = 0; n < 4; n++)
        {
            await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
            await page.GetByLabel("密码").FillAsync(n < 3 ? "Wrong-Horse-1" : life.Facts.Password);
            await page.Press("登录");
        }

        Assert.Equal("/inbox", new Uri(page.Url).AbsolutePath);
    }

    [Fact]
    public async Task Without_script_the_digits_of_an_sms_take_the_place_of_the_work()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false));
        await page.GotoAsync("/sign-in?return=/inbox");
        for (var n = 0; n < 4; n++)
        {
            await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
            await page.GetByLabel("密码").FillAsync(n < 3 ? "Wrong-Horse-1" : life.Facts.Password);
            await page.Press("登录");
        }
        await Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("登录前需要再验证一次");
        await page.GetByLabel("手机号码").FillAsync(life.Facts.Mobile);
        await page.Press("发送验证码");
        await page.GetByLabel("短信验证码").FillAsync(await Digits(life.Facts.Mobile));
        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        await page.Press("登录");

        Assert.Equal("/inbox", new Uri(page.Url).AbsolutePath);
    }

    [Fact]
    public async Task A_device_that_one_does_not_know_is_signed_out_from_the_list()
    {
        var (life, page, other) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script: false), await browser.Open(platform.Web, script: false));
        await other.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/inbox");
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/sessions");
        await Expect(page.GetByText("（本机）")).ToBeVisibleAsync();

        while (await page.GetByRole(AriaRole.Button, new() { NameString = "让第" }).CountAsync() > 0) await page.GetByRole(AriaRole.Button, new() { NameString = "让第" }).First.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("已经退出");
        var id = Guid.Parse((await life.Candidate.Get("/api/identity/me"))["id"]);
        Assert.Equal(2, await platform.Query<long>("identity", "select count(*) from sessions where account_id = $1 and ended_by = 'EndedElsewhere'", id));
    }

    /// <summary>The code of the last SMS to a mobile.</summary>
    private async Task<string> Digits(string mobile)
    {
        var digits = "";
        await Eventually.Holds("the SMS to be there", async () =>
        {
            var codes = (await platform.Platform.Sandbox.Sms(mobile)).Where(sms => sms.TryGetProperty("templateParam", out var values) && values.TryGetProperty("code", out _)).ToList();
            digits = codes.Count > 0 ? codes[^1].GetProperty("templateParam").GetProperty("code").GetString()! : "";
            return digits.Length == 6;
        });
        return digits;
    }

    [Fact]
    public async Task An_officer_has_the_page_too_and_no_user_name_to_choose()
    {
        var page = await browser.Officer(platform, "area-110000", "/settings/account");

        await Expect(page.GetByLabel("新密码")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("新的用户名")).ToHaveCountAsync(0);
    }
}
