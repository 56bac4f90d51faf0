using System.Text.Json;

namespace ExamPlatform.Demo.Lives;

/// <summary>现场报名: an officer registers and enters somebody who came to the counter with a signed paper; the answer to an SMS sends it in.</summary>
public sealed class BmCounterLife(Platform platform, Telling? telling = null)
{
    private const string City = "110100", Province = "110000", Entries = "/api/programmes/BM/counter-entries";

    private readonly NewCandidate person = NewCandidate.Random();

    /// <summary>The application's id, once entered.</summary>
    public string Id { get; private set; } = "";

    public async Task Play()
    {
        var city = await Desk.Of(platform, $"site-{City}");
        await platform.Sandbox.Register(person.DocumentNumber + "11", person.Name, City);
        var candidate = await Register(city.Officer);
        await Enter(city.Officer, candidate);
        await Reply(city.Officer);
        await city.Pass(Id, "acceptance");
        telling?.Step("city", "accepted like any other");
    }

    /// <returns>The candidate's id.</returns>
    public async Task<string> Register(Person officer)
    {
        ArgumentNullException.ThrowIfNull(officer);
        var consent = await Bring(officer, "consent");
        var registered = (await officer.Create("/api/identity/counter-registrations", person.AtCounter(consent))).Expect(201);
        telling?.Step("city", $"{person.Name} came to the counter; registered on the scanned consent");
        return registered["candidateId"];
    }

    public async Task Enter(Person officer, string candidate)
    {
        ArgumentNullException.ThrowIfNull(officer);
        var documents = new Dictionary<string, string>();
        foreach (var code in (string[])["practice-proof", "licence-copy", "commitment"]) documents[code] = await Bring(officer, "document", candidate);
        var answers = new Dictionary<string, object>
        {
            ["report"] = new { type = "without-degree", certificate = person.DocumentNumber + "11" },
            ["education"] = new { level = "senior-middle" },
            ["work"] = new { years = "11", employer = "演示按摩医院", employerKind = "medical-institution" },
            ["needs"] = new { paper = "braille" },
        };
        var entered = (await officer.Create(Entries, new { candidate, session = "2027", area = Province, site = City, answers, photo = await Bring(officer, "photo", candidate), documents })).Expect(201);
        Id = entered["application"];
        telling?.Step("city", $"entered and checked as a whole: {entered["standing"]} until the person replies, at the latest {entered["askedUntil"]}");
    }

    /// <summary>A wrong word first, which must change nothing.</summary>
    public async Task Reply(Person officer)
    {
        ArgumentNullException.ThrowIfNull(officer);
        var word = await Eventually.Get("the SMS that asks for a word", async () => (await platform.Sandbox.Sms(person.Mobile))
            .Select(sms => sms.Find("templateParam/word")?.GetString()).FirstOrDefault(asked => asked is not null));
        await platform.Sandbox.Reply(person.Mobile, word == "000000" ? "111111" : "000000");
        await platform.Sandbox.Reply(person.Mobile, word);
        var sent = await Eventually.Get("the entry to be sent in", async () => (await officer.Get($"{Entries}/{Id}")).Expect(200) is var entry && entry["standing"] == "submitted" ? entry : null);
        Surprise.Unless(sent.Json.Find("askedUntil") is null or { ValueKind: JsonValueKind.Null }, "it still waits for a reply");
        telling?.Step("candidate", $"replied {word} to the SMS: {sent["standing"]}");
    }

    private static async Task<string> Bring(Person officer, string kind, string? candidate = null)
    {
        var id = (await officer.Upload(kind, "image/png", Picture.Png(), @for: candidate)).Expect(201)["id"];
        await Eventually.Holds("the scan to leave quarantine", async () => (await officer.Get($"/api/documents/{id}")).Expect(200)["state"] == "ready");
        return id;
    }
}
