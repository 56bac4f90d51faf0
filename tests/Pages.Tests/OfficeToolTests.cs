using System.Text.Json.Nodes;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>What officers do beside deciding: programmes, the counter.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OfficeToolTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    private const string Area = "350000", Site = "350100";

    [Fact]
    public async Task A_programme_is_checked_published_and_retired_when_nobody_is_in_it()
    {
        var page = await SignedIn("national", "/office/programmes");
        await page.IsSound();
        await Take(page, "{}", "检查，不发布");
        await page.IsSound();
        await Take(page, "{", "检查，不发布");
        await page.IsSound();
        await Take(page, await Document(), "检查，不发布");
        await page.IsSound();
        await page.Press("发布自动测试考试", exact: false);
        await page.IsSound();

        var life = await Applicant();
        await page.GotoAsync("/office/programmes/ZF");
        await Retire(page);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("有1份报名会受影响");
        await page.IsSound();
        await life.GiveUp();
        await Retire(page);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("考试已停止开放");
        await page.IsSound();
    }

    [Fact]
    public async Task Somebody_at_the_counter_is_registered_and_entered_at_the_page()
    {
        var person = NewCandidate.Random();
        await platform.Platform.Sandbox.Register(person.DocumentNumber + "11", person.Name, "110100");
        var page = await SignedIn("site-110100", "/office/counter");
        await page.IsSound();
        await page.Press("登记并继续填写报名表");
        await page.IsSound();
        await Choose(page, "consent");
        foreach (var (field, value) in ((string, string)[])[("name", person.Name), ("documentNumber", person.DocumentNumber), ("repeat-name", person.Name), ("repeat-documentNumber", person.DocumentNumber), ("mobile", person.Mobile)]) await page.Locator($"#{field}").FillAsync(value);
        await page.Press("登记并继续填写报名表");
        await page.IsSound();

        await page.Press("提交，请考生短信确认");
        await page.IsSound();
        await page.GetByLabel("批次和考点").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        foreach (var (field, value) in ((string, string)[])[("report.certificate", person.DocumentNumber + "11"), ("work.years", "11"), ("work.employer", "演示按摩医院")]) await page.Locator($"[name='{field}']").FillAsync(value);
        foreach (var (field, value) in ((string, string)[])[("report.type", "without-degree"), ("education.level", "senior-middle"), ("work.employerKind", "medical-institution"), ("needs.paper", "braille")]) await page.Locator($"[name='{field}'][value='{value}']").CheckAsync();
        foreach (var field in (string[])["photo", "document-practice-proof", "document-licence-copy", "document-commitment"]) await Choose(page, field);
        await page.Press("提交，请考生短信确认");

        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[data-live=entry]")).ToBeVisibleAsync();
        await page.IsSound();
        var word = await Eventually.Get("the SMS that asks for a word", async () => (await platform.Platform.Sandbox.Sms(person.Mobile)).Select(sms => sms.Find("templateParam/word")?.GetString()).FirstOrDefault(asked => asked is not null));
        await platform.Platform.Sandbox.Reply(person.Mobile, word);
        await Eventually.Holds("the page to say that it was sent in", async () =>
        {
            await page.ReloadAsync();
            return await page.GetByText("考生已回复").CountAsync() > 0;
        });
        await page.IsSound();
    }

    /// <summary>An exam of its own.</summary>
    private async Task<string> Document()
    {
        var document = JsonNode.Parse((await (await platform.Desk("national")).Officer.Get("/api/programmes/HP")).Expect(200).Text)!;
        (document["code"], document["version"], document["title"], document["stages"]![0]!["title"]) = ("ZF", 1, "自动测试考试", "现场确认");
        return document.ToJsonString();
    }

    private async Task<CandidateLife> Applicant()
    {
        var life = (await new HpLife(platform.Platform).Register()).Life;
        await life.SaveProfile("contact", new { address = "福州市鼓楼区演示路 1 号", postcode = "350001" });
        var profile = await life.SaveProfile("education", new { entries = new[] { new { school = "演示医学院", major = "护理学", level = "bachelor", graduatedOn = "2015-06", certificateNumber = "100251201505000001" } } });
        await life.Start("ZF", HpLife.Session);
        await life.ChooseArea(Area, Site);
        await life.Fill("report", new { category = "nursing", level = "intermediate", speciality = "368", practice = "nurse", firstRegistered = "2015-09", residency = "no" });
        await life.Fill("education", new { entry = profile["education/entries/0/id"] });
        await life.Fill("work", new { employer = "演示医院", since = "2015-07", years = "11", post = "护师" });
        await life.Attach(await life.Upload("photo"), new Dictionary<string, string>());
        await life.Submit();
        await (await platform.Desk($"site-{Site}")).Find(life.Id, "confirmation");
        return life;
    }

    private static async Task Take(IPage page, string document, string button)
    {
        await page.Locator("#document").FillAsync(document);
        await page.Press(button);
    }

    private static async Task Retire(IPage page)
    {
        await page.Locator("#sure").CheckAsync();
        await page.Press("停止开放", exact: false);
    }

    private static Task Choose(IPage page, string field) => page.Locator($"[name='{field}']").SetInputFilesAsync(new FilePayload { Name = "scan.png", MimeType = "image/png", Buffer = Picture.Png() });

    private async Task<IPage> SignedIn(string officer, string to)
    {
        var page = await browser.Open(platform.Web, width: 320);
        await page.SignIn(officer, platform.Platform.ReadyMadePassword, to);
        return page;
    }
}
