using System.Text.Json;

namespace ExamPlatform.Demo.Lives;

/// <summary>A candidate on the way through one application, by the steps that every programme has.</summary>
public sealed class CandidateLife(Platform platform, Person candidate, NewCandidate facts)
{
    private string? tag;

    public Person Candidate => candidate;
    public NewCandidate Facts => facts;

    /// <summary>The application's id, once started.</summary>
    public string Id { get; private set; } = "";
    public string Address => $"/api/applications/{Id}";

    public static async Task<CandidateLife> Register(Platform platform, NewCandidate? facts = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        facts ??= NewCandidate.Random();
        var candidate = await platform.Register(facts);
        return await (await new CandidateLife(platform, candidate, facts).WithoutQuietHours()).ComesFurther();
    }

    /// <summary>These people live at any hour: what is sent to them does not rest by night.</summary>
    public async Task<CandidateLife> WithoutQuietHours()
    {
        (await candidate.Put("/api/notices/preferences", new { quietFrom = "00:00", quietUntil = "00:00", off = Array.Empty<string>() }, null)).Expect(204);
        return this;
    }

    public async Task<Answer> SaveProfile(string group, object body)
    {
        var profile = (await candidate.Get("/api/profile")).Expect(200);
        return (await candidate.Put($"/api/profile/{group}", body, profile.ETag)).Expect(200);
    }

    /// <summary>The person's name at WeChat, as the sandbox plays it.</summary>
    public string WeChat => facts.DocumentNumber;

    /// <summary>Follows the official account and binds one's WeChat, as some exams ask for.</summary>
    public async Task BindWeChat()
    {
        var offer = (await candidate.Post("/api/identity/me/bindings/wechat-requests", new { password = facts.Password })).Expect(201);
        await platform.Sandbox.Scan(WeChat, offer["qr"]);
    }

    public async Task<Answer> Start(string programme, string session)
    {
        var started = (await candidate.Create("/api/applications", new { programme, session })).Expect(201);
        (Id, tag) = (started["id"], started.ETag);
        await ComesFurther();
        return started;
    }

    public Task<Answer> ChooseArea(string area, string site) => Change("area", new { area, site });

    /// <param name="places">Base and speciality, in the order they are wanted.</param>
    public Task<Answer> Prefer(params (string Base, string Speciality)[] places) => Change("preferences", new { preferences = places.Select(p => new { @base = p.Base, speciality = p.Speciality }) });

    public Task GiveUp() => Leave("abandonment");

    /// <param name="how">withdrawal, abandonment or appeal.</param>
    public async Task Leave(string how)
    {
        (await candidate.Post($"{Address}/{how}", null)).Expect(204);
        await ComesFurther();
    }

    /// <summary>The form as a whole; every step must be complete afterwards.</summary>
    public async Task<Answer> FillAll(IReadOnlyDictionary<string, object> steps, string photo, IReadOnlyDictionary<string, string> documents)
    {
        foreach (var (step, answers) in steps) await Fill(step, answers);
        var complete = await Attach(photo, documents);
        var open = complete.Json.List("steps").Where(step => step.Text("complete") != "True").ToList();
        Surprise.Unless(open.Count == 0, $"not complete: {string.Join(", ", open)}");
        return complete;
    }

    public Task<Answer> Fill(string step, object answers) => Change($"steps/{step}", new { answers });

    public Task<Answer> Attach(string photo, IReadOnlyDictionary<string, string> documents) => Change("documents", new { photo, documents });

    /// <summary>Uploads a new picture and waits until it has left quarantine.</summary>
    /// <param name="kind">photo or document.</param>
    /// <param name="content">A PNG unless it says JPEG at its beginning; a small PNG when left out.</param>
    public async Task<string> Upload(string kind, byte[]? content = null)
    {
        content ??= Picture.Png();
        var id = (await candidate.Upload(kind, content[0] == 0xFF ? "image/jpeg" : "image/png", content)).Expect(201)["id"];
        await Eventually.Holds("the upload to leave quarantine", async () => (await candidate.Get($"/api/documents/{id}")).Expect(200)["state"] == "ready");
        return id;
    }

    public async Task<Answer> Submit(string? key = null)
    {
        await Eventually.Holds("the national registry's answer", async () => (await candidate.Get("/api/identity/me")).Expect(200)["candidate/identityCheck/state"] != "pending");
        var sent = (await candidate.Create($"{Address}/submissions", null, key)).Expect(201);
        await ComesFurther();
        return sent;
    }

    public async Task<Answer> Look()
    {
        var application = (await candidate.Get(Address)).Expect(200);
        tag = application.ETag;
        return application;
    }

    /// <summary>Waits until the application stands so, at that stage.</summary>
    public async Task<Answer> Await(string standing, string? stage = null)
    {
        var come = await Eventually.Get($"{standing} {stage}", async () =>
            await Look() is { } application && application["standing"] == standing && (stage is null || application.Json.Find("stage")?.GetString() == stage) ? application : null);
        await ComesFurther();
        return come;
    }

    public async Task<IReadOnlyList<JsonElement>> History() => [.. (await candidate.Get($"{Address}/history")).Expect(200).Json.EnumerateArray()];

    /// <summary>The fee of this application, once the payment service has heard of it.</summary>
    public Task<string> Fee() => Eventually.Get("the fee", async () => (await candidate.Get("/api/payments/fees")).Expect(200).Json.EnumerateArray()
        .Where(fee => fee.Text("applicationId") == Id).Select(fee => fee.Text("id")).FirstOrDefault());

    public async Task<Answer> Order(string fee, string channel)
    {
        var order = (await candidate.Create($"/api/payments/fees/{fee}/orders", new { channel })).Expect(201);
        await ComesFurther();
        return order;
    }

    /// <summary>Waits until the inbox holds so many notices of an event, and no more; returns the newest.</summary>
    public async Task<JsonElement> Notice(string about, int times = 1)
    {
        var notices = await Eventually.Get($"{times} notices of {about}", async () => (await Notices()).Where(n => n.Text("event") == about).ToList() is { } found && found.Count >= times ? found : null);
        Surprise.Unless(notices.Count == times, $"there are {notices.Count} notices of {about} instead of {times}");
        return notices[0];
    }

    /// <summary>Waits until everything that goes out by SMS has been delivered; returns what the phone got.</summary>
    public async Task<IReadOnlyList<JsonElement>> Sms()
    {
        var sent = await Eventually.Get("the SMS to be delivered", async () =>
        {
            var deliveries = (await Notices()).SelectMany(notice => notice.List("deliveries")).Where(delivery => delivery.Text("channel") == "sms").ToList();
            return deliveries.Count > 0 && deliveries.All(delivery => delivery.Text("state") == "delivered") ? deliveries : null;
        });
        var got = await platform.Sandbox.Sms(facts.Mobile);
        Surprise.Unless(got.Count == sent.Count, $"the phone got {got.Count} SMS instead of {sent.Count}");
        return got;
    }

    private async Task<IReadOnlyList<JsonElement>> Notices() => (await candidate.Get("/api/notices")).Expect(200).Json.List("items");

    private async Task<Answer> Change(string what, object body)
    {
        var changed = (await candidate.Put($"{Address}/{what}", body, tag)).Expect(200);
        tag = changed.ETag;
        await ComesFurther();
        return changed;
    }

    private async Task<CandidateLife> ComesFurther()
    {
        if (platform.Watch is { } watch) await watch(this);
        return this;
    }
}
