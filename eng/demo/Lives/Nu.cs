namespace ExamPlatform.Demo.Lives;

/// <summary>护士执业资格考试: a graduate of this year in Beijing, confirmation failed once, corrected, paid by WeChat with the callback delivered twice at once.</summary>
public sealed class NuLife(Platform platform, Telling telling)
{
    private const string City = "110100", Province = "110000";

    public async Task Play()
    {
        var life = await CandidateLife.Register(platform);
        telling.Step("candidate", $"registered as {life.Facts.Name}");
        await life.BindWeChat();
        var (photo, documents) = await Apply(life);
        var (city, province) = (await Desk.Of(platform, $"site-{City}"), await Desk.Of(platform, $"area-{Province}"));

        await city.Fail(life.Id, "confirmation", "公章不清", "practice-proof-unsealed");
        var back = await life.Await("returnedForCorrection");
        documents["practice-proof"] = await life.Upload("document");
        await life.Attach(photo, documents);
        var sent = await life.Submit();
        telling.Step("candidate", $"{back["returned/reasons/0/text"]} — corrected, version {sent["version"]}");
        await city.Pass(life.Id, "confirmation");
        await city.Pass(life.Id, "site-review");
        await province.Pass(life.Id, "area-review");
        telling.Step("officers", $"confirmed and reviewed: {(await life.Await("awaitingPayment"))["status/text"]}");

        var order = await life.Order(await life.Fee(), "wechat-native");
        await platform.Sandbox.Pay(order["codeUrl"], repeat: 2, parallel: true);
        telling.Step("bank", $"paid, told twice at once: {(await life.Await("registered"))["status/text"]}");
        Surprise.Unless((await life.History()).Count(entry => entry.Text("event") == "pay") == 1, "the payment counted more than once");
    }

    private async Task<(string Photo, Dictionary<string, string> Documents)> Apply(CandidateLife life)
    {
        await life.SaveProfile("contact", new { address = "北京市东城区演示路 2 号", postcode = "100010" });
        var profile = await life.SaveProfile("education", new { entries = new[] { new { school = "演示卫生学校", major = "护理", level = "secondary", graduatedOn = "2027-07" } } });
        await life.Start("NU", "2027");
        await life.ChooseArea(Province, City);
        var photo = await life.Upload("photo");
        var documents = new Dictionary<string, string> { ["graduation-proof"] = await life.Upload("document"), ["practice-proof"] = await life.Upload("document") };
        await life.FillAll(new Dictionary<string, object>
        {
            ["report"] = new { graduation = "this-year", major = "nursing", studyForm = "full-time", studyYears = "3" },
            ["education"] = new { entry = profile["education/entries/0/id"] },
            ["practice"] = new { hospital = "演示教学医院", hospitalKind = "teaching", from = "2025-09", until = "2026-05", months = "8" },
        }, photo, documents);
        var sent = await life.Submit();
        telling.Step("candidate", $"this year's graduate, eight months of practice: submitted version {sent["version"]}");
        return (photo, documents);
    }
}
