namespace ExamPlatform.Demo.Lives;

/// <summary>福建省中医医师规范化培训招录: the wanted base is full, the second choice is taken; returned, corrected, admitted by the base.</summary>
public sealed class FjLife(Platform platform, Telling telling)
{
    private const string Full = "nd-tcm", Second = "fz-tcm", Speciality = "中医全科", City = "350100";

    public async Task Play()
    {
        await FillUp();
        var life = await Applicant();
        await life.Prefer((Full, Speciality), (Second, Speciality));
        var sent = await life.Submit();
        var application = await life.Look();
        Surprise.Unless(application["place/base"] == Second, $"the place is at {application["place"]}");
        telling.Step("candidate", $"{Full} is full, so the second choice {Second} is held: submitted version {sent["version"]}");

        var desk = await BaseDesk();
        await desk.Fail(life.Id, "base-review", "", "diploma-unclear");
        var back = await life.Await("returnedForCorrection");
        var documents = back.Json.GetProperty("documents").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString()!);
        documents["diploma"] = await life.Upload("document", Scan());
        await life.Attach(back["photo"], documents);
        sent = await life.Submit();
        telling.Step("candidate", $"{back["returned/reasons/0/text"]} — corrected, version {sent["version"]}");
        await desk.Pass(life.Id, "base-review");
        telling.Step("base", $"admitted to the next stage: {(await life.Await("registered"))["status/text"]}");
        var late = (await life.Candidate.Post($"{life.Address}/withdrawal", null)).ExpectRefusal(409, "wrong-standing");
        telling.Step("candidate", $"审核通过后不可取消报名: {late.Code}");
    }

    /// <summary>Somebody whom a base has taken: who is shown in a public notice.</summary>
    public async Task<CandidateLife> Admitted()
    {
        var life = await Applicant();
        await life.Prefer((Second, Speciality));
        await life.Submit();
        await (await BaseDesk()).Pass(life.Id, "base-review");
        await life.Await("registered");
        return life;
    }

    /// <summary>Others take what is left at the wanted base.</summary>
    private async Task FillUp()
    {
        var taken = 0;
        while (await Free() > 0)
        {
            var other = await Applicant();
            await other.Prefer((Full, Speciality));
            await other.Submit();
            taken++;
        }
        telling.Step("others", $"took the last {taken} places of {Full}");
    }

    private async Task<int> Free() => (await platform.Nobody.Get("/api/programmes/FJ/plans")).Expect(200).Json.EnumerateArray()
        .Where(line => line.Text("batch") == "first" && line.Text("base") == Full && line.Text("speciality") == Speciality).Select(line => line.GetProperty("free").GetInt32()).Single();

    /// <summary>A candidate who has filled in everything but the wanted places.</summary>
    public async Task<CandidateLife> Applicant()
    {
        var life = await CandidateLife.Register(platform);
        await life.SaveProfile("basic", new { ethnicGroup = "汉族" });
        await life.SaveProfile("contact", new { address = "福州市鼓楼区演示路 4 号", postcode = "350001" });
        var profile = await life.SaveProfile("education", new { entries = new[] { new { school = "福建中医药大学", major = "中医学", level = "bachelor", graduatedOn = "2026-06", certificateNumber = "103931202605000004" } } });
        await life.Start("FJ", "2027");
        var documents = new Dictionary<string, string>();
        foreach (var code in (string[])["id-front", "id-back", "diploma"]) documents[code] = await life.Upload("document", Scan());
        foreach (var (step, answers) in Steps(profile["education/entries/0/id"])) await life.Fill(step, answers);
        await life.Attach(await life.Upload("photo", Scan()), documents);
        return life;
    }

    private static Dictionary<string, object> Steps(string entry) => new()
    {
        ["basic"] = new { identityType = "resident" },
        ["education"] = new { entries = entry, school = "福建中医药大学", major = "中医学" },
        ["licence"] = new { licensed = "no" },
    };

    /// <summary>Between 150 and 300 KB, as the exam wants it.</summary>
    private static byte[] Scan() => Picture.Png(250, 300, noise: true);

    /// <summary>The base's own officer, appointed by the city's at the first time.</summary>
    private async Task<Desk> BaseDesk()
    {
        var city = await Desk.Of(platform, $"site-{City}");
        var appointed = await city.Officer.Post("/api/identity/officers", new { userName = $"base-{Second}", displayName = "演示基地", level = "point", areaPath = $"350000/{City}/{Second}/" });
        if (appointed.Status == 201)
        {
            var first = await platform.SignInWith($"base-{Second}", appointed["firstPassword"]);
            (await first.Post("/api/identity/me/password", new { oldPassword = appointed["firstPassword"], newPassword = platform.ReadyMadePassword })).Expect(204);
        }
        else appointed.ExpectRefusal(409, "user-name-taken");
        return await Desk.Of(platform, $"base-{Second}");
    }
}
