using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>What registers say of a person, at the pages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class IdentityPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Who_passed_reads_so_beside_what_is_registered()
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, width: 320));
        await Checked(life, "passed");
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/profile");

        await Expect(page.GetByText("已通过：您的姓名和证件号码与国家有关部门的信息一致")).ToBeVisibleAsync();
        await page.IsSound();
        await page.GotoAsync("/settings/account");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "身份信息核验" })).ToContainTextAsync("已通过");
    }

    [Fact]
    public async Task Where_the_registry_is_away_the_tasks_say_so_and_that_nothing_is_held_up()
    {
        var facts = NewCandidate.Random();
        await platform.Platform.Sandbox.Misbehave("idRegistry", "fail", facts.DocumentNumber, times: 1000);
        var (life, page) = ((await (await new HpLife(platform.Platform).Register(facts)).FillIn()).Life, await browser.Open(platform.Web));
        await Checked(life, "unreachable");
        await page.SignIn(facts.DocumentNumber, facts.Password, life.Address.Replace("/api", "", StringComparison.Ordinal));

        var told = page.GetByRole(AriaRole.Region, new() { Name = "身份信息核验" });
        await Expect(told).ToContainTextAsync("暂时无法核验");
        await Expect(told).ToContainTextAsync("请至少在网上报名截止日期前 1 天完成注册");
        await Expect(told).Not.ToContainTextAsync("才能提交");
        await page.IsSound();
    }

    [Fact]
    public async Task Who_failed_reads_what_to_do_and_finds_it_in_the_inbox()
    {
        var facts = NewCandidate.Random();
        await platform.Platform.Sandbox.Tell(facts.DocumentNumber, "另有其人");
        var (life, page) = (await CandidateLife.Register(platform.Platform, facts), await browser.Open(platform.Web));
        await Checked(life, "failed");

        await page.SignIn(facts.DocumentNumber, facts.Password, "/profile");
        await Expect(page.GetByText("请携带证件联系报名所在地的考试管理机构更正")).ToBeVisibleAsync();
        await page.IsSound();

        await Eventually.Holds("it is in the inbox", async () => (await life.Candidate.Get("/api/notices")).Expect(200).Json.List("items").Any(notice => notice.Text("title") == "身份信息核验未通过"));
    }

    [Fact]
    public async Task An_officer_of_a_province_imports_its_disability_register_or_reads_every_fault_by_line()
    {
        var (page, number) = (await browser.Open(platform.Web, width: 320), NewCandidate.Random().DocumentNumber);
        await page.SignIn("area-350000", platform.Platform.ReadyMadePassword, "/office/disability-register");
        await page.IsSound();

        await Import(page, $"certificate,name,areaCode,validUntil\n{number},张三,350100,\n{number}11,李四,110100,\n");
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "残疾人证号应为20位" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "这个市不在您的辖区内" })).ToBeVisibleAsync();
        await page.IsSound();
        await Import(page, $"certificate,name,areaCode,validUntil\n{number}11,张三,350100,2099-01-01\n");

        await Expect(page.GetByText("名录“残疾人证名册”现有1条")).ToBeVisibleAsync();
        await Expect(page.GetByText("福建：1条").Or(page.GetByText("福建省：1条"))).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_password_is_replaced_after_a_face_verification_at_its_own_site(bool script)
    {
        var (life, page) = (await CandidateLife.Register(platform.Platform), await browser.Open(platform.Web, script, width: 320));
        await page.GotoAsync("/recover");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "用注册时填写的手机接收短信验证码" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "用人脸核验" }).ClickAsync();
        await page.GetByLabel("姓名").FillAsync(life.Facts.Name);
        await page.GetByLabel("居民身份证号码").FillAsync(life.Facts.DocumentNumber);
        await page.Press("开始人脸核验");
        if (script) await page.IsSound();

        await page.GetByLabel("新密码").FillAsync("Other-Horse-2");
        await page.Press("重新设置密码");
        await Expect(page.GetByText("人脸核验还没有完成")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "打开人脸核验网站" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "核验通过", Exact = true }).ClickAsync();
        await page.GetByLabel("新密码").FillAsync("Other-Horse-2");
        await page.Press("重新设置密码");

        Assert.Equal("/sign-in?recovered=yes", new Uri(page.Url).PathAndQuery);
        await page.SignIn(life.Facts.DocumentNumber, "Other-Horse-2", "/inbox");
    }

    private static async Task Import(IPage page, string file)
    {
        await page.GetByLabel("名录文件").SetInputFilesAsync(new FilePayload { Name = "list.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(file) });
        await page.GetByLabel("我确认用这个文件替换").CheckAsync();
        await page.Press("导入并代替名录");
    }

    private static Task Checked(CandidateLife life, string state) =>
        Eventually.Holds($"the check is {state}", async () => (await life.Candidate.Get("/api/identity/me")).Expect(200)["candidate/identityCheck/state"] == state);
}
