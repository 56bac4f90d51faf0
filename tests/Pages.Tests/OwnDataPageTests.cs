using ExamPlatform.Demo;
using System.IO.Compression;
using System.Text.Json;
using ExamPlatform.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace ExamPlatform.Pages.Tests;

[Collection(PlatformCollection.Name)]
public sealed class OwnDataPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_candidate_takes_all_of_their_data_along_in_one_file_by_naming_the_password_once_more()
    {
        var life = (await platform.Submitted()).Life;
        var page = await browser.Open(platform.Web);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/data");
        await page.IsSound();
        await page.GetByLabel("密码").FillAsync("Wrong-Horse-1");
        await page.Press("下载");
        await Microsoft.Playwright.Assertions.Expect(page.Locator("#password-error")).ToContainTextAsync("密码不正确");
        await page.IsSound();

        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "下载", Exact = true }).ClickAsync());

        using var zip = ZipFile.OpenRead(await file.PathAsync());
        var names = zip.Entries.Select(e => e.FullName).ToList();
        Assert.Superset(new HashSet<string> { "identity.json", "profile.json", "notices.json", "looks.json", "payments.json", "uploads.json", $"applications/{life.Id}/submission-1.json" }, names.ToHashSet());
        await using var identity = zip.GetEntry("identity.json")!.Open();
        Assert.Equal(life.Facts.DocumentNumber, (await JsonDocument.ParseAsync(identity)).RootElement.GetProperty("identity").GetProperty("documentNumber").GetString());
        var photoId = (await life.Look())["photo"];
        var photo = zip.Entries.Single(e => e.FullName.StartsWith($"uploads/{photoId}", StringComparison.Ordinal));
        Assert.True(photo.Length > 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_candidate_asks_to_be_deleted_and_reads_what_holds_it_until_when_and_takes_it_back_with_and_without_script(bool script)
    {
        var life = (await platform.Submitted()).Life;
        var page = await browser.Open(platform.Web, script);
        await page.SignIn(life.Facts.DocumentNumber, life.Facts.Password, "/settings/data");
        await Expect(page.Locator("main")).ToContainTextAsync("卫生专业技术资格考试");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "申请注销账号" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("7天反悔期");
        if (script) await page.IsSound();
        await page.GetByLabel("密码").FillAsync("Wrong-Horse-1");
        await page.Press("申请注销账号");
        await Expect(page.Locator("#password-error")).ToContainTextAsync("不正确");

        await page.GetByLabel("密码").FillAsync(life.Facts.Password);
        await page.Press("申请注销账号");
        await Expect(page.Locator("main")).ToContainTextAsync("以前随时可以撤销");
        await Expect(page.Locator("main")).ToContainTextAsync("数据至少保存到");
        if (script) await page.IsSound();
        await page.Press("撤销申请，保留账号");

        await Expect(page.Locator("main")).ToContainTextAsync("已撤销申请");
        Assert.Null((await life.Candidate.Get("/api/identity/me/deletion")).Expect(200).Json.Find("asked"));
    }
}
