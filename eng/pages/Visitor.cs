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
        var (filled, returned, due, paid) = (await Filled(platform), await Returned(platform), await Due(platform), await Due(platform));
        await due.Order();
        await paid.Pay();
        var desk = await Desk.Of(platform, "site-110100");
        var waiting = await Filled(platform);
        await waiting.Submit();
        var work = await desk.Find(waiting.Life.Id, "confirmation");
        await desk.Open(work);
        return
        [
            new(null, [("exams", "/"), ("exam", "/exams/BM"), ("register", "/register"), ("sign-in", "/sign-in"), ("scan", "/sign-in/scan"), ("settings", "/settings"),
                ("recover", "/recover"), ("announcements", "/announcements"), ("exam-flow", "/exams/HP/flow"), ("calendar", "/calendar"), ("help", "/help")]),
            Candidate(filled, [("application", ""), ("area", "/area"), ("step", "/steps/report"), ("photo", "/photo"), ("documents", "/documents"), ("check", "/check")], [("applications", "/applications"), ("profile", "/profile"), ("profile-contact", "/profile/contact")]),
            Candidate(returned, [("application-returned", ""), ("submission", "/submissions/1"), ("leave", "/leave")], [("inbox", "/inbox"), ("devices", "/devices")]),
            Candidate(due, [("application-to-pay", ""), ("payment", "/payment")], []),
            Candidate(paid, [("receipts", "/receipts")], [("questions", "/questions"), ("settings-notices", "/settings/notices"), ("settings-account", "/settings/account"), ("settings-data", "/settings/data"), ("looks", "/looks")]),
            new(("site-110100", platform.ReadyMadePassword), [("office", "/office"), ("office-work-list", "/office/work"), ("office-work", $"/office/work/{work}"), ("office-forms", "/office/forms"), ("office-counter", "/office/counter")]),
            new(("national", platform.ReadyMadePassword), [("office-programmes", "/office/programmes"), ("office-programme", "/office/programmes/BM"),
                ("office-payments", $"/office/payments/{paid.Life.Id}"), ("office-refunds", "/office/refunds"), ("office-books", "/office/books"), ("office-content", "/office/content"), ("office-content-new", "/office/content/new"),
                ("office-questions", "/office/questions"), ("office-templates", "/office/notices/templates"), ("office-undelivered", "/office/notices/undelivered"), ("office-bulk", "/office/notices/bulk"), ("office-bulk-new", "/office/notices/bulk/new"), ("office-officers", "/office/officers")]),
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
        return life;
    }
}
