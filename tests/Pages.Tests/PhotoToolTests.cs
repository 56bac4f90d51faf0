using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>The photo tool: any normal photo in, the exam's format out, by keyboard and words alone.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PhotoToolTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private CandidateLife life = null!;

    [Fact]
    public async Task A_large_photo_is_cut_and_compressed_to_the_exams_size_by_keyboard_and_every_press_is_told()
    {
        var page = await AtPhoto();
        await Choose(page, 1200, 900);
        await Said(page, "左边裁去21%，右边裁去21%，上边裁去0%，下边裁去0%。处理后的照片：宽413像素，高531像素");
        await Said(page, "背景看起来不是蓝色");
        await page.HasNoBarrier();

        await Press(page, "保留偏右的部分");
        await Said(page, "左边裁去26%，右边裁去16%");
        await Press(page, "保留少一些（放大）");
        await Said(page, "上边裁去5%，下边裁去5%");
        Assert.Equal("closer", await page.EvaluateAsync<string>("document.activeElement.dataset.cut"));
        await Press(page, "向左转");
        await Said(page, "左边裁去0%，右边裁去0%");
        await Press(page, "恢复原样");
        await Said(page, "左边裁去21%，右边裁去21%，上边裁去0%，下边裁去0%");
        await Press(page, "上传并用于本次报名");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();
        await Expect(page.Locator("figcaption").First).ToContainTextAsync("宽413像素、高531像素");
        Assert.Equal("image/jpeg", (await life.Candidate.Get($"/api/documents/{(await life.Look())["photo"]}")).Expect(200)["contentType"]);
    }

    [Theory]
    [InlineData("""{"minBytes":0,"maxBytes":40960,"ground":"any","pixels":null}""", 0, 40_960)]
    [InlineData("""{"minBytes":153600,"maxBytes":307200,"ground":"white","pixels":null}""", 153_600, 307_200)]
    [InlineData("""{"minBytes":0,"maxBytes":2000000,"ground":"any","pixels":{"width":295,"height":413}}""", 0, 2_000_000)]
    public async Task The_bytes_lie_in_the_window_that_the_exam_asks_for(string rule, long least, long most)
    {
        var page = await AtPhoto(rule);

        await Choose(page, 900, 1200);
        await Said(page, "符合要求");
        await Press(page, "上传并用于本次报名");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();

        var kept = (await life.Candidate.Get($"/api/documents/{(await life.Look())["photo"]}")).Expect(200);
        Assert.InRange(long.Parse(kept["bytes"], System.Globalization.CultureInfo.InvariantCulture), least, most);
        if (rule.Contains("295", StringComparison.Ordinal)) Assert.Equal(("295", "413"), (kept["width"], kept["height"]));
    }

    [Fact]
    public async Task What_no_cut_can_mend_is_told_with_what_to_do()
    {
        var page = await AtPhoto();

        await Choose(page, 200, 150, noise: false);
        await Said(page, "放大后会模糊。请按“保留多一些”，或换一张更清晰的照片");
        await page.GetByLabel("选择照片文件").SetInputFilesAsync(new FilePayload { Name = "a.heic", MimeType = "image/heic", Buffer = "no picture"u8.ToArray() });

        await Said(page, "请换一张 JPEG 或 PNG 照片");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "向左转" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Without_script_the_rule_is_told_in_words_and_a_file_that_breaks_it_is_refused_with_what_to_do()
    {
        var page = await AtPhoto(script: false);
        await Expect(page.Locator("main")).ToContainTextAsync("文件不超过2 MB");
        await Expect(page.Locator("main")).ToContainTextAsync("宽413像素、高531像素");
        await Choose(page, 1000, 900);
        await Press(page, "上传并用于本次报名");
        await Expect(page.Locator("#file-error")).ToContainTextAsync("超过了要求（文件不超过2 MB）。请压缩后再上传");

        await Choose(page, 295, 413);
        await Press(page, "上传并用于本次报名");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_photo_of_before_is_confirmed_for_this_application()
    {
        var page = await AtPhoto(script: false, before: async () => await life.Upload("photo"));

        await Press(page, "确认用于本次报名");
        await Expect(page.Locator("#earlier-error")).ToContainTextAsync("请选择一张以前上传的照片");
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await Press(page, "确认用于本次报名");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();
        Assert.NotEqual("", (await life.Look())["photo"]);
    }

    /// <param name="rule">Another exam's rule in the place of BM's.</param>
    private async Task<IPage> AtPhoto(string? rule = null, bool script = true, Func<Task>? before = null)
    {
        life = await CandidateLife.Register(platform.Platform);
        await life.Start("BM", "2027");
        if (before is not null) await before();
        var page = await browser.Open(platform.Web, script);
        if (rule is not null)
            await page.RouteAsync("**/photo", async route =>
            {
                if (route.Request.Method != "GET") { await route.ContinueAsync(); return; }
                var answer = await route.FetchAsync();
                var html = System.Text.RegularExpressions.Regex.Replace(await answer.TextAsync(), "data-photo=\"[^\"]*\"", $"data-photo='{rule}'");
                await route.FulfillAsync(new() { Response = answer, Body = html });
            });
        await page.GotoAsync($"/sign-in?return=/applications/{life.Id}/photo");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/photo");
        if (rule is not null) await page.ReloadAsync(); // what a form is redirected to is not rewritten
        return page;
    }

    private static Task Choose(IPage page, int width, int height, bool noise = true) =>
        page.GetByLabel("选择照片文件").SetInputFilesAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = Picture.Png(width, height, noise) });

    private static Task Said(IPage page, string text) => Expect(page.Locator("[data-cut-said]")).ToContainTextAsync(text);

    private static async Task Press(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
