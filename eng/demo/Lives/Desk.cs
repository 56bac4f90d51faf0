using System.Text.Json;

namespace ExamPlatform.Demo.Lives;

/// <summary>An officer at work.</summary>
public sealed class Desk(Person officer)
{
    public Person Officer => officer;

    public static async Task<Desk> Of(Platform platform, string userName)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return new(await platform.SignIn(userName));
    }

    /// <summary>Waits until an application lies in the officer's work list at a stage.</summary>
    public Task<string> Find(string application, string stage) => Eventually.Get($"work at {stage}", async () =>
        (await All(application, stage)).Select(work => work.Text("id")).FirstOrDefault());

    /// <summary>What lies open in the work list about an application at a stage.</summary>
    public async Task<IReadOnlyList<JsonElement>> All(string application, string stage, string state = "open")
    {
        var found = new List<JsonElement>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await officer.Get($"/api/reviews/work?stage={stage}&state={state}{cursor}")).Expect(200);
            found.AddRange(page.Json.List("work").Where(work => work.Text("applicationId") == application));
            cursor = page.Json.Find("next")?.GetString() is { } next ? $"&cursor={next}" : null;
        }
        return found;
    }

    /// <summary>Claims the work and looks at the submission.</summary>
    public async Task<Answer> Open(string work)
    {
        (await officer.Post($"/api/reviews/work/{work}/claim", null)).Expect(200);
        return (await officer.Get($"/api/reviews/work/{work}")).Expect(200);
    }

    /// <param name="reasons">None passes.</param>
    public async Task<Answer> Decide(string work, string version, string remark = "", params string[] reasons) => (await officer.Create($"/api/reviews/work/{work}/decision",
        new { version = int.Parse(version, System.Globalization.CultureInfo.InvariantCulture), outcome = reasons.Length == 0 ? "pass" : "fail", reasons, remark })).Expect(201);

    /// <summary>Finds, opens and fails for these reasons.</summary>
    public async Task<Answer> Fail(string application, string stage, string remark, params string[] reasons)
    {
        var work = await Find(application, stage);
        var seen = await Open(work);
        return await Decide(work, seen["submission/version"], remark, reasons);
    }

    /// <summary>Finds, opens and passes.</summary>
    public async Task<Answer> Pass(string application, string stage)
    {
        var work = await Find(application, stage);
        var seen = await Open(work);
        return await Decide(work, seen["submission/version"]);
    }
}
