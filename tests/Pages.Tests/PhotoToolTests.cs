using ExamPlatform.Bench;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Any normal photo in, the exam's photo out: by keyboard and words alone, and without script (E5).</summary>
[Collection(PlatformCollection.Name)]
public sealed class PhotoToolTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private CandidateLife life = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_normal_photo_becomes_the_exams_and_is_adjusted_and_confirmed_by_keyboard(bool script)
    {
        var page = await AtPhoto(script);
        await Choose(page, Drawn(null));
        await Said(page, "宽413像素、高531像素");
        await Said(page, "没有发现问题，可以确认");
        if (script) await page.HasNoBarrier();
        var before = await Kept(page);

        await Press(page, "保留少一些（放大）");
        await Expect(page.Locator("[data-said] p").First).Not.ToHaveTextAsync(before);
        await Press(page, "恢复原样");
        await Expect(page.Locator("[data-said] p").First).ToHaveTextAsync(before);
        await Press(page, "确认用于本次报名");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();
        var kept = (await life.Candidate.Get($"/api/documents/{(await life.Look())["photo"]}")).Expect(200);
        Assert.Equal(("image/jpeg", "413", "531"), (kept["contentType"], kept["width"], kept["height"]));
        Assert.NotEqual("", kept["photo/confirmedAt"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wrong_is_told_with_what_to_do_and_because_of_ones_sight_a_person_decides(bool script)
    {
        var page = await AtPhoto(script);
        await Choose(page, Drawn("blur"));
        await Said(page, "照片模糊。请把手机放稳、擦净镜头后重拍，或请别人帮您拍。");

        await Press(page, "确认用于本次报名");
        await Expect(page.Locator("#sight-error")).ToContainTextAsync("如果是因为您的视力，请勾选这一项");
        if (script) await page.HasNoBarrier();
        await page.GetByLabel("因为我的视力，照片只能是这样").CheckAsync();
        await Press(page, "确认用于本次报名");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本次报名已确认的照片" })).ToBeVisibleAsync();
        Assert.Equal("True", (await life.Candidate.Get($"/api/documents/{(await life.Look())["photo"]}")).Expect(200)["photo/becauseOfSight"]);
    }

    [Fact]
    public async Task A_file_that_ends_early_is_named_at_its_field()
    {
        var page = await AtPhoto(script: false);

        await Choose(page, Drawn("truncated"));

        await Expect(page.Locator("#file-error")).ToContainTextAsync("照片文件不完整，请重新选择原图上传");
    }

    [Fact]
    public async Task A_photo_of_before_becomes_the_photo_of_this_application()
    {
        var page = await AtPhoto(script: false, before: async () => await life.Upload("photo"));

        await Press(page, "使用这张照片");
        await Expect(page.Locator("#earlier-error")).ToContainTextAsync("请选择一张以前上传的照片");
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await Press(page, "使用这张照片");

        await Said(page, "看不出照片里有人的头部");
    }

    private async Task<IPage> AtPhoto(bool script, Func<Task>? before = null)
    {
        life = await CandidateLife.Register(platform.Platform);
        await life.Start("BM", "2027");
        if (before is not null) await before();
        var page = await browser.Open(platform.Web, script);
        await page.GotoAsync($"/sign-in?return=/applications/{life.Id}/photo");
        await page.GetByLabel("身份证件号码或用户名").FillAsync(life.Facts.DocumentNumber);
        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/photo");
        return page;
    }

    /// <summary>A JPEG for BM, with this wrong with it.</summary>
    private static byte[] Drawn(string? wrong)
    {
        var drawn = new GeneratedPhotos(20261129);
        while (true)
            if (drawn.Next(wrong) is var photo && photo.Job == GeneratedPhotos.Exams[0] && photo.Content[0] == 0xFF) return photo.Content;
    }

    private static async Task Choose(IPage page, byte[] photo)
    {
        await page.GetByLabel("选择照片文件").SetInputFilesAsync(new FilePayload { Name = "photo.jpg", MimeType = "image/jpeg", Buffer = photo });
        await Press(page, "上传照片");
    }

    private static Task Said(IPage page, string text) => Expect(page.Locator("main")).ToContainTextAsync(text);

    private static async Task<string> Kept(IPage page) => await page.Locator("[data-said] p").First.InnerTextAsync();

    private static async Task Press(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
