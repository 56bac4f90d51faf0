using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.Pages;

/// <summary>Somebody who looks at pages of the web front end.</summary>
/// <param name="SignIn">What is typed to sign in; null for nobody.</param>
/// <param name="Pages">A name for each address.</param>
public sealed record Visitor((string Who, string Password)? SignIn, IReadOnlyList<(string Name, string Address)> Pages)
{
    /// <summary>Brings a candidate to each point whose pages differ, and an officer with work.</summary>
    public static async Task<IReadOnlyList<Visitor>> Bring(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var (filled, returned, due) = (await Filled(platform), await Returned(platform), await Due(platform));
        var desk = await Desk.Of(platform, "site-110100");
        var waiting = await Filled(platform);
        await waiting.Submit();
        var work = await desk.Find(waiting.Life.Id, "confirmation");
        await desk.Open(work);
        return
        [
            new(null, [("exams", "/"), ("exam", "/exams/BM"), ("register", "/register"), ("sign-in", "/sign-in"), ("scan", "/sign-in/scan"), ("settings", "/settings")]),
            Candidate(filled, [("application", ""), ("area", "/area"), ("step", "/steps/report"), ("photo", "/photo"), ("documents", "/documents"), ("check", "/check")], [("applications", "/applications"), ("profile", "/profile"), ("profile-contact", "/profile/contact")]),
            Candidate(returned, [("application-returned", ""), ("submission", "/submissions/1"), ("leave", "/leave")], [("inbox", "/inbox"), ("devices", "/devices")]),
            Candidate(due, [("application-to-pay", ""), ("payment", "/payment")], []),
            new(("site-110100", platform.ReadyMadePassword), [("office", "/office"), ("office-work-list", "/office/work"), ("office-work", $"/office/work/{work}"), ("office-forms", "/office/forms"), ("office-counter", "/office/counter")]),
            new(("national", platform.ReadyMadePassword), [("office-programmes", "/office/programmes"), ("office-programme", "/office/programmes/BM")]),
        ];
    }

    private static Visitor Candidate(HpLife life, IEnumerable<(string Name, string Address)> application, IEnumerable<(string Name, string Address)> others) =>
        new((life.Life.Facts.DocumentNumber, life.Life.Facts.Password), [.. application.Select(page => (page.Name, $"/applications/{life.Life.Id}{page.Address}")), .. others]);

    private static async Task<HpLife> Filled(Platform platform) => await (await new HpLife(platform).Register()).FillIn();

    private static async Task<HpLife> Returned(Platform platform)
    {
        var life = await Filled(platform);
        await life.Submit();
        await life.FailConfirmation();
        return life;
    }

    private static async Task<HpLife> Due(Platform platform)
    {
        var life = await Filled(platform);
        await life.Submit();
        await life.Confirm();
        await life.Review();
        await life.Order();
        return life;
    }
}
