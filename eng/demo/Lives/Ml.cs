namespace ExamPlatform.Demo.Lives;

/// <summary>医师资格考试: a military candidate chooses the wrong exam, gives up, starts again, brings the form to the counter, passes and pays; one subject more than others.</summary>
public sealed class MlLife(Platform platform, Telling telling)
{
    private const string City = "110100", Province = "110000";

    public async Task Play()
    {
        var life = await CandidateLife.Register(platform);
        await SaveProfile(life);
        telling.Step("candidate", $"registered as {life.Facts.Name}, a postgraduate who lists the undergraduate entry too");
        await Apply(life, exam: "120", @class: "dental");
        var edited = (await life.Candidate.Put($"{life.Address}/steps/report", new { answers = new { level = "practising" } }, (await life.Look()).ETag)).ExpectRefusal(409, "not-open-for-editing");
        await life.GiveUp();
        telling.Step("candidate", $"the wrong exam: it cannot be edited ({edited.Code}), given up; the entries of the profile are unlocked");

        await Apply(life, exam: "110", @class: "clinical");
        var form = (await life.Candidate.Get($"{life.Address}/submissions/1")).Expect(200)["verificationCode"];
        var city = await Desk.Of(platform, $"site-{City}");
        await city.Find(life.Id, "on-site-qualification");
        var seen = (await city.Officer.Get($"/api/reviews/forms/{form}")).Expect(200);
        Surprise.Unless(seen["stale"] == "False" && seen["applicationId"] == life.Id, $"the form's code leads to {seen.Text}");
        await city.Pass(life.Id, "on-site-qualification");
        await (await Desk.Of(platform, $"area-{Province}")).Pass(life.Id, "area-review");
        telling.Step("officers", $"the form {form} was recognised at the counter; qualification and review passed");
        await Pay(life);
        await CheckMarks(life);
    }

    /// <summary>A candidate who has sent in what is right.</summary>
    public async Task<CandidateLife> Submitted()
    {
        var life = await CandidateLife.Register(platform);
        await SaveProfile(life);
        await Apply(life, exam: "110", @class: "clinical");
        return life;
    }

    private static async Task SaveProfile(CandidateLife life)
    {
        await life.SaveProfile("basic", new { ethnicGroup = "汉族" });
        await life.SaveProfile("contact", new { address = "北京市海淀区演示路 3 号", postcode = "100080" });
        await life.SaveProfile("education", new
        {
            entries = new[]
            {
                new { school = "演示医科大学", major = "临床医学", level = "bachelor", graduatedOn = "2020-07", certificateNumber = "100251202005000003" },
                new { school = "演示医科大学", major = "内科学", level = "master", graduatedOn = "2023-07", certificateNumber = "100251202302000003" },
            },
        });
    }

    private async Task Apply(CandidateLife life, string exam, string @class)
    {
        var profile = (await life.Candidate.Get("/api/profile")).Expect(200);
        await life.Start("ML", "2027");
        await life.ChooseArea(Province, City);
        await life.FillAll(new Dictionary<string, object>
        {
            ["report"] = new { level = "practising", @class, exam },
            ["basic"] = new { identity = "military" },
            ["work"] = new { duty = "on-duty", employer = "演示总医院", title = "无" },
            ["experience"] = new { education = profile["education/entries/1/id"] },
            ["attempts"] = new { count = "1" },
        }, await life.Upload("photo", Picture.Jpeg()), new Dictionary<string, string>());
        var sent = await life.Submit();
        telling.Step("candidate", $"military, exam {exam}: submitted version {sent["version"]}");
    }

    private async Task Pay(CandidateLife life)
    {
        var due = await life.Await("awaitingPayment");
        Surprise.Unless(due.Json.List("subjects").Any(s => s.GetString() == "军事医学"), $"军事医学 is not among the subjects: {due["subjects"]}");
        var order = await life.Order(await life.Fee(), "wechat-native");
        await platform.Sandbox.Pay(order["codeUrl"]);
        telling.Step("bank", $"paid, 军事医学 included: {(await life.Await("registered"))["status/text"]}");
    }

    private async Task CheckMarks(CandidateLife life)
    {
        var marks = (await life.Candidate.Get("/api/profile")).Expect(200).Json.List("marks");
        Surprise.Unless(marks.Count(m => m.Text("locked") == "True" && m.Text("verified") == "True") == 1, "the chosen entry carries no lock and check mark");
        telling.Step("candidate", "the chosen entry of the profile carries the lock and the check mark");
    }
}
