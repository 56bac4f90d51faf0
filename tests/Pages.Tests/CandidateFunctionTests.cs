using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>What the pages do for a candidate beyond their forms: each function by itself.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CandidateFunctionTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_chosen_display_follows_the_person_to_another_browser_and_nobody_else()
    {
        var life = await CandidateLife.Register(platform.Platform);
        var (first, second, third) = (await SignedIn(life, "/settings"), await browser.Open(platform.Web, script: false), await browser.Open(platform.Web));
        await first.GetByLabel("高对比度").CheckAsync();
        await first.GetByLabel("特大（150%）").CheckAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await first.WaitForURLAsync("**/settings?saved=yes");
        await first.HasNoBarrier();

        await SignIn(second, life, "/settings");
        await third.GotoAsync("/");

        await Expect(first.Locator("html")).ToHaveAttributeAsync("data-theme", "contrast");
        Assert.Equal(("contrast", "150"), (await second.Locator("html").GetAttributeAsync("data-theme"), await second.Locator("html").GetAttributeAsync("data-text")));
        await Expect(second.GetByLabel("高对比度")).ToBeCheckedAsync();
        Assert.Equal("auto", await third.Locator("html").GetAttributeAsync("data-theme"));
    }

    [Fact]
    public async Task Who_looked_at_whose_data_when_and_what_for_is_told_to_that_person_alone()
    {
        var (life, other) = (await platform.Submitted(), await platform.Submitted());
        var desk = await platform.Desk();
        var work = await desk.Find(life.Life.Id, "confirmation");
        await desk.Open(work);
        (await (await platform.Platform.SignIn("site-110100")).OpenUpload((await life.Life.Look())["photo"])).Expect(200);

        var (page, others) = (await SignedIn(life.Life, "/profile"), await SignedIn(other.Life, "/looks"));
        await page.GetByRole(AriaRole.Link, new() { Name = "谁看过我的信息" }).ClickAsync();

        await Expect(page.Locator(".site-looks li").Filter(new() { HasText = "“报名确认”查看您第1次提交的报名信息" })).ToContainTextAsync("北京市考点考务人员");
        await Expect(page.Locator(".site-looks li").Filter(new() { HasText = "查看您的证件照" })).ToHaveCountAsync(1);
        await page.IsSound();
        await Expect(others.Locator("main")).ToContainTextAsync("还没有考务人员看过您的信息");
    }

    [Fact]
    public async Task What_is_wrong_in_a_registration_is_told_on_leaving_the_field_and_not_while_typing()
    {
        var page = await browser.Open(platform.Web);
        await page.GotoAsync("/register");
        var number = page.GetByLabel("证件号码", new() { Exact = true });

        await number.PressSequentiallyAsync("110105194912310021");
        await Expect(page.Locator("#documentNumber-error")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#documentNumber-error")).ToContainTextAsync("证件号码有误，请对照证件逐位核对");
        await Expect(number).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Contains("documentNumber-error", await number.GetAttributeAsync("aria-describedby"), StringComparison.Ordinal);
        await Expect(page.Locator("#mobile-error")).ToHaveCountAsync(0); // nobody has been there yet
        await page.HasNoBarrier();

        var facts = NewCandidate.Random();
        await number.FillAsync(facts.DocumentNumber);
        await page.GetByLabel("再次填写证件号码").FillAsync(facts.DocumentNumber[..^1]);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#repeat-documentNumber-error")).ToContainTextAsync("不一致");
        await Expect(page.Locator("#documentNumber-error")).ToHaveCountAsync(0);
        Assert.Null(await number.GetAttributeAsync("aria-invalid"));
    }

    [Fact]
    public async Task A_wrong_answer_of_a_step_is_told_on_leaving_it_and_the_others_are_saved_all_the_same()
    {
        var life = await ABm();
        var page = await SignedIn(life, $"/applications/{life.Id}/steps/work");

        await page.GetByLabel("工作单位").FillAsync("演示按摩医院");
        await page.GetByLabel("医疗按摩年限").FillAsync("99");
        await page.Keyboard.PressAsync("Tab");

        await Expect(page.Locator("#years-error")).ToContainTextAsync("超出范围");
        await Expect(page.Locator("#employerKind-error")).ToHaveCountAsync(0);
        await Eventually.Holds("the employer to be saved", async () => (await life.Look()).Json.GetRawText().Contains("演示按摩医院", StringComparison.Ordinal));
        await page.HasNoBarrier();
        await page.GetByLabel("医疗按摩年限").FillAsync("9");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#years-error")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_field_of_the_profile_is_checked_when_it_is_left()
    {
        var page = await SignedIn(await CandidateLife.Register(platform.Platform), "/profile/contact");

        await page.GetByLabel("邮政编码").FillAsync("12");
        await page.Keyboard.PressAsync("Tab");

        await Expect(page.Locator("#postcode-error")).ToContainTextAsync("邮政编码应为6位数字");
        await Expect(page.Locator("#address-error")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_upload_tells_its_progress_in_steps_of_ten_percent_and_its_result_and_leaves_the_focus()
    {
        var life = await ABm();
        var page = await SignedIn(life, $"/applications/{life.Id}/documents");
        var spoken = await Listen(page);
        await Slowly(page, bytesPerSecond: 300_000);
        await page.GetByLabel("选择“考生承诺书”文件").SetInputFilesAsync(Noise("承诺书.png", 1000, 800));

        await page.GetByRole(AriaRole.Button, new() { Name = "上传考生承诺书" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "正在上传“承诺书.png”" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "查看已上传的考生承诺书" })).ToBeVisibleAsync(new() { Timeout = 30_000 });

        var said = await spoken();
        var steps = said.Where(s => s.StartsWith("已上传", StringComparison.Ordinal)).Select(s => int.Parse(s["已上传".Length..^1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.NotEmpty(steps);
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.All(steps, percent => Assert.Equal(0, percent % 10));
        Assert.Equal(["已传完，正在检查文件，请稍候", "“承诺书.png”已上传"], said.TakeLast(2));
        Assert.Equal("send-commitment", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.HasNoBarrier();
    }

    [Fact]
    public async Task What_is_wrong_with_an_upload_is_told_at_its_input_and_the_connection_may_break()
    {
        var life = await ABm();
        var page = await SignedIn(life, $"/applications/{life.Id}/documents");
        var (input, send) = (page.GetByLabel("选择“考生承诺书”文件"), page.GetByRole(AriaRole.Button, new() { Name = "上传考生承诺书" }));

        await input.SetInputFilesAsync(new FilePayload { Name = "scan.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await send.ClickAsync();
        await Expect(page.Locator("#file-commitment-error")).ToContainTextAsync("请换一个文件");
        Assert.Contains("file-commitment-error", await input.GetAttributeAsync("aria-describedby"), StringComparison.Ordinal);
        Assert.Equal("send-commitment", await page.EvaluateAsync<string>("document.activeElement.id"));

        await page.RouteAsync("**/documents", route => route.Request.Method == "POST" ? route.AbortAsync() : route.ContinueAsync());
        await input.SetInputFilesAsync(Noise("scan.png", 100, 100));
        await send.ClickAsync();
        await Expect(page.Locator("#file-commitment-error")).ToContainTextAsync("上传中断");
        await page.UnrouteAllAsync();
        await send.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "查看已上传的考生承诺书" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_application_page_says_by_itself_and_once_what_has_changed()
    {
        var life = await platform.Submitted();
        var page = await SignedIn(life.Life, $"/applications/{life.Life.Id}");
        var spoken = await Listen(page);

        await (await platform.Desk()).Fail(life.Life.Id, "confirmation", "请重新扫描", "diploma-unreadable");

        await Expect(page.Locator("[data-live=status]")).ToContainTextAsync("不通过，请修改后重新提交", new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "去修改：上传材料" })).ToBeVisibleAsync();
        Assert.Single(await spoken(), text => text.Contains("不通过", StringComparison.Ordinal));
        await page.HasNoBarrier();
    }

    [Fact]
    public async Task The_countdown_goes_on_by_itself_and_is_spoken_only_near_the_end()
    {
        var life = await ABm();
        var page = await browser.Open(platform.Web);
        await SignIn(page, life, $"/applications/{life.Id}");
        await page.Clock.InstallAsync();
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle }); // the script has to see the time before it jumps
        var spoken = await Listen(page);
        var until = DateTimeOffset.Parse((await page.Locator("[data-until]").First.GetAttributeAsync("data-until"))!, System.Globalization.CultureInfo.InvariantCulture);
        var left = until - TimeProvider.System.GetUtcNow();

        for (var (rest, day) = (left - TimeSpan.FromHours(50.5), TimeSpan.FromDays(10)); rest > TimeSpan.Zero; rest -= day) await page.Clock.FastForwardAsync((long)(rest < day ? rest : day).TotalMilliseconds); // it counts in 32 bits
        await Expect(page.Locator("[data-until]").First).ToHaveTextAsync("还有2天2小时");
        Assert.Empty(await spoken());
        await page.Clock.FastForwardAsync((long)TimeSpan.FromHours(49).TotalMilliseconds);
        await Expect(page.Locator("[data-until]").First).ToContainTextAsync("还有1小时");
        await page.Clock.RunForAsync((long)TimeSpan.FromMinutes(40).TotalMilliseconds);

        Assert.Equal(2, (await spoken()).Count(text => text.StartsWith("还有", StringComparison.Ordinal))); // a day, and an hour before
    }

    [Fact]
    public async Task Past_applications_stand_apart_and_the_history_says_in_words_what_happened()
    {
        var life = await platform.Submitted();
        var page = await SignedIn(life.Life, "/applications", script: false);
        Assert.Equal(0, await page.GetByRole(AriaRole.Heading, new() { Name = "以往的报名" }).CountAsync());
        await life.Life.GiveUp();

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "以往的报名" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("现在没有正在进行的报名");
        await page.GotoAsync($"/applications/{life.Life.Id}/history");

        var lines = await page.Locator("main ol li").AllInnerTextsAsync();
        Assert.Contains("您提交了报名信息（第1次）", lines[0], StringComparison.Ordinal);
        Assert.Contains("您放弃了本次报名", lines[^1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains("星期", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_receipt_is_a_file_that_proves_without_us_what_was_sent_in()
    {
        var life = await platform.Submitted();
        var page = await SignedIn(life.Life, $"/applications/{life.Life.Id}/submissions/1");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载第1次提交的回执" }).ClickAsync());
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        var (content, receipt) = (file.RootElement.Text("content"), file.RootElement.Text("receipt"));

        // as RFC 7515 says it, with nothing of ours
        var (parts, jwk) = (receipt.Split('.'), file.RootElement.GetProperty("keys")[0]);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(jwk.Text("x")), Y = Base64Url.DecodeFromChars(jwk.Text("y")) } });
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));

        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), claims.RootElement.Text("sha256"));
        Assert.Contains(life.Life.Id, content, StringComparison.Ordinal);
        await page.HasNoBarrier();
    }

    private async Task<CandidateLife> ABm()
    {
        var life = await CandidateLife.Register(platform.Platform);
        await life.Start("BM", "2027");
        await life.ChooseArea("110000", "110100");
        await life.Fill("report", new { type = "without-degree", certificate = life.Facts.DocumentNumber + "11" });
        return life;
    }

    private async Task<IPage> SignedIn(CandidateLife life, string address, bool script = true)
    {
        var page = await browser.Open(platform.Web, script);
        await SignIn(page, life, address);
        return page;
    }

    private static async Task SignIn(IPage page, CandidateLife life, string address)
    {
        await page.GotoAsync($"/sign-in?return={address}");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await page.WaitForURLAsync($"**{address}");
    }

    /// <summary>Everything that a screen reader is told from now on through the page's live region.</summary>
    private static async Task<Func<Task<IReadOnlyList<string>>>> Listen(IPage page)
    {
        await page.EvaluateAsync("""
            () => { window.spoken = []; new MutationObserver(() => { const text = document.getElementById('announcer').textContent; if (text) window.spoken.push(text); })
                .observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true }); }
            """);
        return async () => await page.EvaluateAsync<string[]>("window.spoken");
    }

    private static async Task Slowly(IPage page, int bytesPerSecond)
    {
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = bytesPerSecond });
    }

    private static FilePayload Noise(string name, int width, int height) => new() { Name = name, MimeType = "image/png", Buffer = Picture.Png(width, height, noise: true) };
}
