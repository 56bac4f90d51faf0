using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.Demo;

/// <summary>A running platform as its clients see it: the gateway, and the sandbox's controls for what the outside world does.</summary>
public sealed class Platform : IDisposable
{
    /// <summary>Names are sent as they are written, Chinese unescaped.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient http;

    /// <param name="readyMadePassword">The password of all ready-made people.</param>
    /// <param name="handler">What requests go through; null for a plain one.</param>
    public Platform(Uri gateway, Uri sandbox, string readyMadePassword, HttpMessageHandler? handler = null)
    {
        http = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        ReadyMadePassword = readyMadePassword;
        Sandbox = new(sandbox);
        Nobody = new(this, null);
    }

    public string ReadyMadePassword { get; }
    public Sandbox Sandbox { get; }

    /// <summary>Called when a candidate's life has come further. Tests look at the pages then.</summary>
    public Func<CandidateLife, Task>? Watch { get; init; }

    /// <summary>Somebody who is not signed in.</summary>
    public Person Nobody { get; }

    /// <summary>Waits until the gateway reaches every service, and every service takes a token issued now: one that has just started, or whose clock is another, does not yet.</summary>
    public Task Ready() => Eventually.Holds("every service to answer through the gateway", async () =>
    {
        foreach (var address in (string[])["/api/identity/notice", "/api/programmes"])
            if ((await Nobody.Get(address)).Status != 200) return false;
        var (candidate, officer) = (new Person(this, SignInOf("candidate")), new Person(this, SignInOf("national")));
        if (!await candidate.TrySignIn() || !await officer.TrySignIn()) return false;
        foreach (var address in (string[])["/api/identity/me", "/api/applications", "/api/documents", "/api/payments/fees", "/api/notices"])
            if ((await candidate.Send(HttpMethod.Get, address, null, renew: false)).Status != 200) return false;
        return (await officer.Send(HttpMethod.Get, "/api/reviews/work", null, renew: false)).Status == 200;
    });

    /// <summary>One of the ready-made people: officers, the operator, a candidate.</summary>
    public Task<Person> SignIn(string userName) => SignInWith(userName, ReadyMadePassword);

    public async Task<Person> SignInWith(string userName, string password)
    {
        var person = new Person(this, new { userName, password });
        await person.SignIn();
        return person;
    }

    /// <summary>Registers a new candidate, who is signed in at once.</summary>
    public async Task<Person> Register(NewCandidate candidate)
    {
        var person = new Person(this, new { documentNumber = candidate.DocumentNumber, password = candidate.Password });
        person.Holds((await Nobody.Post("/api/identity/candidates", candidate.Registration(await NoticeVersion()))).Expect(201));
        return person;
    }

    private object SignInOf(string userName) => new { userName, password = ReadyMadePassword };

    public async Task<string> NoticeVersion() => (await Nobody.Get("/api/identity/notice")).Expect(200)["version"];

    /// <summary>Sends what a person wrote; waits and repeats when told that it was too much at once.</summary>
    internal async Task<Answer> Send(Func<HttpRequestMessage> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = write();
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = await Answer.Of(response, cancellationToken);
            if (answer.Status != 429) return answer;
            await Task.Delay(answer.RetryAfter ?? TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    internal static HttpContent? Write(object? body) => body switch
    {
        null => null,
        HttpContent content => content,
        _ => JsonContent.Create(body, body.GetType(), options: Json),
    };

    public void Dispose()
    {
        http.Dispose();
        Sandbox.Dispose();
    }
}
