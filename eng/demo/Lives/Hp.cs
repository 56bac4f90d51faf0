using System.Globalization;

namespace ExamPlatform.Demo.Lives;

/// <summary>卫生专业技术资格考试: a nurse of Beijing (on-line confirmation, on-line payment), sent back once, paid by WeChat. The parts are public for tests that need a life in the middle.</summary>
public sealed class HpLife(Platform platform, Telling? telling = null)
{
    public const string Programme = "HP", Session = "2027", Area = "110000", Site = "110100";
    private const string FailedFor = "diploma-unreadable";

    private readonly Dictionary<string, string> documents = [];
    private CandidateLife? life;
    private string photo = "";

    public CandidateLife Life => life ?? throw new InvalidOperationException("Register first.");

    public async Task Play()
    {
        await RefuseDifferingSecondEntry();
        await Register();
        await FillIn();
        var first = await Submit();
        await FailConfirmation();
        await Correct(first);
        await Confirm();
        await Review();
        await Pay();
        await CheckHistory();
        await CheckNotices();
    }

    /// <summary>An area that confirms on site and takes no payment on line: the form's code at the counter, two reviews, registered.</summary>
    public async Task PlayOnSite()
    {
        const string province = "350000", city = "350100";
        await RefuseDifferingSecondEntry();
        await Register();
        await FillIn(province, city);
        var sent = await Submit();
        Surprise.Unless((await Life.Look())["status/next"] == "confirmOnSite", "the candidate is not told to go there");
        var desk = await Desk.Of(platform, $"site-{city}");
        await desk.Find(Life.Id, "confirmation");
        var seen = (await desk.Officer.Get($"/api/reviews/forms/{sent["verificationCode"]}")).Expect(200);
        Tell("site", $"the form {sent["verificationCode"]} is recognised at the counter, stale: {seen["stale"]}");
        await desk.Pass(Life.Id, "confirmation");
        await desk.Pass(Life.Id, "site-review");
        await (await Desk.Of(platform, $"area-{province}")).Pass(Life.Id, "area-review");
        Tell("area", $"reviews passed, nothing to pay on line here: {Status(await Life.Await("registered"))}");
    }

    public async Task<HpLife> Register(NewCandidate? facts = null)
    {
        life = await CandidateLife.Register(platform, facts);
        await life.BindWeChat();
        Tell("candidate", $"registered as {life.Facts.Name}, signed in at once, WeChat bound and the official account followed");
        return this;
    }

    /// <summary>Somebody who has registered in another way.</summary>
    public HpLife Of(CandidateLife registered)
    {
        life = registered;
        return this;
    }

    /// <summary>Everything up to the submission.</summary>
    /// <param name="area">An area with on-line confirmation asks for documents; another does not.</param>
    public async Task<HpLife> FillIn(string area = Area, string site = Site)
    {
        await SaveProfile();
        var started = await Life.Start(Programme, Session);
        Tell("candidate", $"application started: {started["status/text"]}");
        await Life.ChooseArea(area, site);
        var filled = await FillSteps();
        Tell("candidate", $"steps saved: {Steps(filled)}");
        photo = await Life.Upload("photo");
        if (area == Area)
            foreach (var code in (string[])["diploma", "employment-proof", "practice-licence"]) documents[code] = await Life.Upload("document");
        var complete = await Life.Attach(photo, documents);
        Surprise.Unless(complete.Json.List("steps").All(step => step.Text("complete") == "True"), $"not every step is complete: {Steps(complete)}");
        Tell("candidate", $"photo and {documents.Count} documents out of quarantine and attached: {Steps(complete)}");
        return this;
    }

    /// <returns>The answer with version and verification code.</returns>
    public async Task<Answer> Submit()
    {
        var sent = await Life.Submit();
        var application = await Life.Look();
        Tell("candidate", $"submitted version {sent["version"]}, verification code {sent["verificationCode"]}: {Status(application)}");
        return sent;
    }

    public async Task FailConfirmation()
    {
        var desk = await Desk.Of(platform, $"site-{Site}");
        var work = await desk.Find(Life.Id, "confirmation");
        var seen = await desk.Open(work);
        Surprise.Unless(seen.Text.Contains(Life.Facts.Name, StringComparison.Ordinal), "the officer does not see the candidate's name");
        (await desk.Officer.OpenUpload(documents["diploma"])).Expect(200);
        Tell("site", $"looked at version {seen["submission/version"]} ({seen["submission/verificationCode"]}) and the diploma");
        await desk.Decide(work, seen["submission/version"], "第一页右下角缺失", FailedFor);
        Tell("site", $"confirmation failed: {FailedFor}");
        var back = await Life.Await("returnedForCorrection");
        Surprise.Unless(back["returned/reasons/0/code"] == FailedFor && back["returned/stage"] == "confirmation", $"another reason came back: {back["returned"]}");
        Tell("candidate", $"{Status(back)} — {back["returned/reasons/0/text"]} 说明：{back["returned/remark"]}");
    }

    public async Task Correct(Answer first)
    {
        ArgumentNullException.ThrowIfNull(first);
        documents["diploma"] = await Life.Upload("document");
        await Life.Attach(photo, documents);
        var second = await Submit();
        Surprise.Unless(first["version"] == "1" && second["version"] == "2", $"versions {first["version"]} and {second["version"]} instead of 1 and 2");
        Surprise.Unless(first["verificationCode"] != second["verificationCode"], "the verification code did not change with the version");
        var kept = (await Life.Candidate.Get($"{Life.Address}/submissions/1")).Expect(200);
        Surprise.Unless(kept["verificationCode"] == first["verificationCode"] && kept["documents/diploma"] != documents["diploma"], "version 1 has changed");
    }

    public async Task Confirm()
    {
        await (await Desk.Of(platform, $"site-{Site}")).Pass(Life.Id, "confirmation");
        Tell("site", $"confirmed: {Status(await Life.Await("submitted", "site-review"))}");
    }

    public async Task Review()
    {
        await (await Desk.Of(platform, $"site-{Site}")).Pass(Life.Id, "site-review");
        Tell("site", $"review passed: {Status(await Life.Await("submitted", "area-review"))}");
        await (await Desk.Of(platform, $"area-{Area}")).Pass(Life.Id, "area-review");
        var due = await Life.Await("awaitingPayment");
        Tell("area", $"review passed: {Status(due)}, {Yuan(due["fee/amountInFen"])}");
    }

    /// <summary>Orders and pays; the bank tells it twice at the same time.</summary>
    public async Task Pay()
    {
        var order = await Order();
        var paid = await platform.Sandbox.Pay(order["codeUrl"], repeat: 2, parallel: true);
        Tell("bank", $"paid, the callback delivered twice at once ({paid["transactionId"]})");
        var registered = await Life.Await("registered");
        var callbacks = await Eventually.Get("two callbacks and an acknowledgement", async () => // one that a busy machine answers late comes again
            await platform.Sandbox.Callbacks(paid["outTradeNo"]) is { Count: >= 2 } sent && sent.Any(c => c.Text("acknowledged") == "True") ? sent : null);
        Surprise.Unless(callbacks.Select(c => c.Text("eventId")).Distinct().Count() == 1, "the two callbacks are not of one event");
        Tell("candidate", Status(registered));
    }

    public async Task<Answer> Order()
    {
        var fee = await Life.Fee();
        var order = await Life.Order(fee, "wechat-native");
        Tell("candidate", $"WeChat Pay order of {Yuan(order["amountInFen"])}: {order["codeUrl"]}");
        return order;
    }

    private async Task RefuseDifferingSecondEntry()
    {
        var (somebody, other) = (NewCandidate.Random(), NewCandidate.Random());
        var refused = (await platform.Nobody.Post("/api/identity/candidates", somebody.Registration(await platform.NoticeVersion(), secondNumber: other.DocumentNumber))).ExpectRefusal(400, "invalid-input");
        Surprise.Unless(refused.Faults is ["#/repeat/documentNumber differs"], $"the faults are {string.Join(", ", refused.Faults)}");
        Tell("candidate", $"second entry differs, refused: {refused.Faults[0]}");
    }

    private async Task SaveProfile()
    {
        await Life.SaveProfile("contact", new { address = "北京市东城区演示路 1 号", postcode = "100010", email = "candidate@example.com" });
        await Life.SaveProfile("work", new { employer = "演示医院", employerKind = "hospital", since = "2015-07", post = "护师" });
        var saved = await Life.SaveProfile("education", new { entries = new[] { new { school = "演示医学院", major = "护理学", level = "bachelor", graduatedOn = "2015-06", certificateNumber = "100251201505000001", degree = "学士" } } });
        Tell("candidate", $"profile saved: {saved["education/entries/0/school"]} {saved["education/entries/0/major"]}");
    }

    private async Task<Answer> FillSteps()
    {
        var profile = (await Life.Candidate.Get("/api/profile")).Expect(200);
        await Life.Fill("report", new { category = "nursing", level = "intermediate", speciality = "368", practice = "nurse", firstRegistered = "2015-09", residency = "no" });
        await Life.Fill("education", new { entry = profile["education/entries/0/id"] });
        return await Life.Fill("work", new { employer = "演示医院", since = "2015-07", years = "11", post = "护师" });
    }

    private async Task CheckHistory()
    {
        var events = (await Life.History()).Select(entry => entry.Text("event")).ToList();
        string[] expected = ["submit", "return", "submit", "passStage", "passStage", "fallDue", "pay"];
        Surprise.Unless(events.SequenceEqual(expected), $"the history is {string.Join(" ", events)} instead of {string.Join(" ", expected)}");
        Tell("candidate", $"history: {string.Join(" → ", events)}");
    }

    private async Task CheckNotices()
    {
        var titles = new List<string>();
        foreach (var (about, times) in Notices) titles.Add((await Life.Notice(about, times)).Text("title") + (times > 1 ? $" ×{times}" : ""));
        Tell("candidate", $"{Notices.Sum(notice => notice.Times)} notices in the inbox: {string.Join("、", titles)}");
        var sms = await Life.Sms();
        Tell("candidate", $"{sms.Count} SMS on the phone ({sms[0].Text("signName")}), one for each of {string.Join(" ", sms.Select(message => message.Text("templateCode")).Distinct())}");
    }

    /// <summary>What a person must be told on this way, and how often.</summary>
    private static readonly (string About, int Times)[] Notices =
        [("welcome", 1), ("submitted", 2), ("returnedForCorrection", 1), ("stagePassed", 3), ("feeDue", 1), ("paymentReceived", 1), ("registered", 1)];

    private void Tell(string who, string what) => telling?.Step(who, what);

    private static string Status(Answer application) => application["status/text"];

    private static string Steps(Answer application) => string.Join(" ", application.Json.List("steps").Select(step => step.Text("title") + (step.Text("complete") == "True" ? "✓" : "…")));

    private static string Yuan(string fen) => (long.Parse(fen, CultureInfo.InvariantCulture) / 100m).ToString("0.00 元", CultureInfo.InvariantCulture);
}
