namespace ExamPlatform.Demo.Lives;

/// <summary>盲人医疗按摩人员考试: without degree, accepted after a look into the register, failed by the city, corrected, failed by the province, released by the city, corrected, passed.</summary>
public sealed class BmLife(Platform platform, Telling telling, NewCandidate? facts = null)
{
    private const string City = "110100", Province = "110000";

    /// <returns>The application's id.</returns>
    public async Task<string> Play()
    {
        var life = await CandidateLife.Register(platform, facts);
        var certificate = life.Facts.DocumentNumber + "11";
        await platform.Sandbox.Register(certificate, life.Facts.Name, City);
        telling.Step("candidate", $"registered as {life.Facts.Name}, in the disability register of {City}");
        await Apply(life, certificate);
        var (city, province) = (await Desk.Of(platform, $"site-{City}"), await Desk.Of(platform, $"area-{Province}"));

        await Accept(life, city);
        await city.Fail(life.Id, "first-review", "请重拍", "photo-unfit");
        telling.Step("city", "first review failed: photo-unfit");
        await Correct(life, "first-review", open: "photo", async () => await life.Attach(await life.Upload("photo"), await Documents(life)));
        await city.Pass(life.Id, "first-review");
        await life.Await("submitted", "second-review");
        telling.Step("city", "first review passed");

        await province.Fail(life.Id, "second-review", "", "years-short");
        telling.Step("province", $"second review failed: {(await life.Await("awaitingRelease"))["status/text"]}");
        await city.Pass(life.Id, "second-review");
        telling.Step("city", "released the failure to the candidate");
        await Correct(life, "second-review", open: "work", () => life.Fill("work", new { employer = "演示按摩医院", employerKind = "medical-institution", years = "12" }));
        await city.Pass(life.Id, "first-review");
        await province.Pass(life.Id, "second-review");
        telling.Step("province", $"second review passed: {(await life.Await("registered"))["status/text"]}");
        await CheckHistory(life);
        return life.Id;
    }

    /// <summary>A candidate whom the register of the city knows, and who has sent in everything.</summary>
    public async Task<CandidateLife> Submitted()
    {
        var life = await CandidateLife.Register(platform);
        await platform.Sandbox.Register(life.Facts.DocumentNumber + "11", life.Facts.Name, City);
        await Apply(life, life.Facts.DocumentNumber + "11");
        return life;
    }

    private async Task Apply(CandidateLife life, string certificate)
    {
        await life.Start("BM", "2027");
        await life.ChooseArea(Province, City);
        var photo = await life.Upload("photo");
        var documents = new Dictionary<string, string>();
        foreach (var code in (string[])["practice-proof", "licence-copy", "commitment"]) documents[code] = await life.Upload("document");
        await life.FillAll(new Dictionary<string, object>
        {
            ["report"] = new { type = "without-degree", certificate },
            ["education"] = new { level = "senior-middle" },
            ["work"] = new { years = "11", employer = "演示按摩医院", employerKind = "medical-institution" },
            ["needs"] = new { paper = "braille", reader = "yes", extraTime = "yes" },
        }, photo, documents);
        var sent = await life.Submit();
        telling.Step("candidate", $"without degree, paper in braille with a reader: submitted version {sent["version"]}; papers by post: {string.Join("、", (await life.Look()).Json.List("papers").Select(p => p.Text("title")))}");
    }

    private async Task Accept(CandidateLife life, Desk city)
    {
        var work = await city.Find(life.Id, "acceptance");
        var seen = await city.Open(work);
        Surprise.Unless(seen["submission/registerAnswers/0/state"] == "found", $"the register says {seen["submission/registerAnswers"]}");
        await city.Decide(work, seen["submission/version"]);
        telling.Step("city", $"the register knows the certificate here, accepted: {(await life.Await("submitted", "first-review"))["status/text"]}");
        (await life.Candidate.Put($"{life.Address}/area", new { area = "350000", site = "350100" }, (await life.Look()).ETag)).ExpectRefusal(409, "area-fixed");
        telling.Step("candidate", "another area is refused: it is fixed since the acceptance");
    }

    private async Task Correct(CandidateLife life, string stage, string open, Func<Task> mend)
    {
        var back = await life.Await("returnedForCorrection");
        Surprise.Unless(back["returned/stage"] == stage && back.Json.List("openItems").Select(i => i.GetString()).SequenceEqual([open]), $"returned from {back["returned/stage"]}, open are {back["openItems"]}");
        await mend();
        var sent = await life.Submit();
        telling.Step("candidate", $"{back["returned/reasons/0/text"]} — only {open} was open; corrected, version {sent["version"]}");
    }

    private static async Task<IReadOnlyDictionary<string, string>> Documents(CandidateLife life) =>
        (await life.Look()).Json.GetProperty("documents").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString()!);

    private async Task CheckHistory(CandidateLife life)
    {
        var events = (await life.History()).Select(entry => entry.Text("event")).ToList();
        string[] expected = ["submit", "passStage", "return", "submit", "passStage", "hold", "release", "submit", "passStage", "complete"];
        Surprise.Unless(events.SequenceEqual(expected), $"the history is {string.Join(" ", events)} instead of {string.Join(" ", expected)}");
        telling.Step("candidate", $"history: {string.Join(" → ", events)}");
    }
}
