using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

/// <summary>Large files over a bad line, and papers of several pages (E6).</summary>
[Collection(PlatformCollection.Name)]
public sealed class PaperPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Paper = "考生承诺书";
    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = 30_000 };
    private CandidateLife life = null!;

    [Fact]
    public async Task A_large_file_goes_on_where_the_line_broke_and_where_the_page_was_loaded_anew()
    {
        var page = await At("documents", script: true);
        var (file, picture) = (Path.Combine(Directory.CreateTempSubdirectory("exam-page-").FullName, "scan.png"), Picture.Png(1200, 1000, noise: true));
        await File.WriteAllBytesAsync(file, picture);
        var offsets = new List<string>();
        var broken = true;
        await page.RouteAsync("**/uploads/parts/*", async route =>
        {
            if (route.Request.Method == "PATCH") offsets.Add(route.Request.Headers["upload-offset"]);
            if (broken && route.Request.Method == "PATCH" && offsets.Count > 1) await route.AbortAsync("connectionfailed");
            else await route.ContinueAsync();
        });

        await Send(page, file);
        await Expect(page.Locator(".site-upload")).ToContainTextAsync("网络断开，正在等待恢复", Patiently);
        broken = false;
        await page.ReloadAsync();
        await Send(page, file);
        await Expect(page.Locator("main")).ToContainTextAsync("查看已上传的", Patiently);

        Assert.Equal("0", offsets[0]);
        Assert.Single(offsets, "0"); // what had arrived was not sent again
        var upload = (await life.Look())["documents/commitment"];
        Assert.Equal(picture, (await life.Candidate.OpenUpload(upload)).Expect(200).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_pictures_become_one_paper_in_the_order_that_is_chosen(bool script)
    {
        var page = await At("documents/commitment/pages", script);
        await page.GetByLabel("选择照片").SetInputFilesAsync([Payload("one.png"), Payload("two.png")]);
        await page.Press("添加照片");
        await Expect(page.Locator("main [role=status]")).ToContainTextAsync("添加了2张照片，现在共2页");
        if (script) await page.HasNoBarrier();

        await page.Press("第2页前移");
        await Expect(page.Locator("#page-1")).ToContainTextAsync("two.png");
        await page.Press("第1页向右转");
        await Expect(page.Locator("#page-1")).ToContainTextAsync("已向右转90度");
        await page.Press("合成2页的 PDF 并提交为材料");

        Assert.EndsWith("/documents", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        var paper = (await life.Candidate.Get($"/api/documents/{(await life.Look())["documents/commitment"]}")).Expect(200);
        Assert.Equal(("application/pdf", "ready"), (paper["contentType"], paper["state"]));
        Assert.Single((await life.Candidate.Get("/api/documents")).Expect(200).Json.List("items"));
    }

    private static FilePayload Payload(string name) => new() { Name = name, MimeType = "image/png", Buffer = Picture.Png(600, 800) };

    private static async Task Send(IPage page, string file)
    {
        await page.GetByLabel($"选择“{Paper}”文件").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = $"上传{Paper}", Exact = true }).ClickAsync();
    }

    private async Task<IPage> At(string where, bool script)
    {
        life = await CandidateLife.Register(platform.Platform);
        await life.Start("BM", "2027");
        var page = await browser.Open(platform.Web, script);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, $"/applications/{life.Id}/{where}");
        return page;
    }
}
