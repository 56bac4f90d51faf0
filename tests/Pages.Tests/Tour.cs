using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using Microsoft.Playwright;

namespace ExamPlatform.Pages.Tests;

/// <summary>Looks at all pages of a candidate in each state that a life comes to, on a narrow phone. No state is looked at twice, nor two pages that differ in words alone, whoever's they are.</summary>
public sealed partial class Tour(Browser browser, Uri web)
{
    private static readonly string[] Personal = ["/applications", "/inbox", "/profile", "/profile/basic", "/profile/contact", "/profile/work", "/profile/education/new", "/profile/education/0", "/profile/training/new", "/profile/certificates/new", "/settings", "/looks"];
    private static readonly HashSet<string> States = [], Contents = [];

    private readonly List<string> faults = [];
    private string? candidate;
    private IPage? page;

    /// <summary>What was wrong anywhere, with the state it was in.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>How many pages differ, of all tours so far: what another has looked at is not looked at again.</summary>
    public static int Looked => Contents.Count;

    public async Task Look(CandidateLife life)
    {
        ArgumentNullException.ThrowIfNull(life);
        var application = life.Id.Length == 0 ? null : (await life.Candidate.Get(life.Address)).Expect(200);
        var state = application is null ? "registered" : State(application);
        if (!States.Add(state)) return;
        foreach (var address in application is null ? Personal : [.. await Addresses(life, application), .. application["standing"] == "registered" ? Personal : ["/applications", "/inbox"]])
            await Look(life, state, address);
    }

    private async Task Look(CandidateLife life, string state, string address)
    {
        var here = await SignedIn(life.Facts);
        var content = Content().Match(await (await here.Context.APIRequest.GetAsync(new Uri(web, address).ToString())).TextAsync()).Value;
        if (!Contents.Add(Digest(Changing().Replace(content, "")))) return;
        await here.GotoAsync(address);
        faults.AddRange((await here.Faults()).Select(fault => $"[{state}] {fault}"));
    }

    /// <summary>One window for a life; signed in at its page like anybody.</summary>
    private async Task<IPage> SignedIn(NewCandidate facts)
    {
        if (page is not null && candidate == facts.DocumentNumber) return page;
        if (page is not null) await page.Context.CloseAsync();
        candidate = facts.DocumentNumber;
        page = await browser.Open(web, width: 320);
        await page.SignIn(facts.DocumentNumber, facts.Password);
        return page;
    }

    private static async Task<IReadOnlyList<string>> Addresses(CandidateLife life, Answer application)
    {
        var (own, form) = ($"/applications/{life.Id}", (await life.Candidate.Get($"{life.Address}/form")).Expect(200));
        return [own, $"{own}?sent=yes", .. form.Json.List("steps").Select(step => $"{own}/steps/{step.Text("code")}"), .. ((string[])["area", "photo", "documents", "preferences", "check", "payment", "leave"]).Select(part => $"{own}/{part}"),
            .. application["version"] == "0" ? Array.Empty<string>() : [$"{own}/submissions/1", $"{own}/submissions/{application["version"]}"], $"/exams/{application["programme"]}"];
    }

    /// <summary>What makes the pages differ: where it stands, who must act, what is open, how far it is filled in.</summary>
    private static string State(Answer application)
    {
        var steps = application.Json.List("steps").Select(step => step.Text("complete")).ToList();
        var filled = steps.TrueForAll(complete => complete == "True") ? "complete" : steps.Contains("True") ? "partly" : "empty";
        return string.Join(' ', application["programme"], application["standing"], application["status/where"], application["status/next"], filled, application.Json.Find("openItems")?.GetRawText(), application["version"] == "0" ? "" : "sent");
    }

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("<main.*</main>", RegexOptions.Singleline)]
    private static partial Regex Content();

    /// <summary>Ids, keys, tokens, numbers and the words themselves: pages that differ in nothing else look alike.</summary>
    [GeneratedRegex("""value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+|(?<=>)[^<]+|[^\x00-\x7f]+""")]
    private static partial Regex Changing();
}
