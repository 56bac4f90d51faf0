using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Contracts.IdentityAnswers;

namespace ExamPlatform.Identities.Tests;

/// <summary>The identity service with its own tokens; people get new document numbers, so that tests do not meet.</summary>
public class IdentityFixture : ServiceFixture<IdentityDb, IdentityDb>
{
    public const string Password = "Correct-Horse-1", ReadyMadePassword = "ready-made-people-2026";
    private static int people;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Identity:DataKey", Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray())),
        new("Identity:ReadyMadePassword", ReadyMadePassword),
        new("Identity:PasswordWork:Iterations", "100000"),
        new("Identity:Challenge:AfterFailures", "0"),
        new("Identity:Challenge:AfterFailuresOfAddress", "0"),
        new("Identity:Passkeys:Domain", "localhost"),
        new("Identity:Passkeys:Origins:0", "http://localhost:5000/"),
        new("Identity:DisabilityRegister:BaseAddress", "http://127.0.0.1:1"),
        new("Identity:DisabilityRegister:Secret", "nobody-answers-here"),
        new("Identity:IdRegistry:BaseAddress", "http://127.0.0.1:1"),
        new("Identity:IdRegistry:Secret", "nobody-answers-here"),
        .. ((string[])["AccountAppId", "AccountSecret", "WebsiteAppId", "WebsiteSecret", "MiniProgramAppId", "MiniProgramSecret", "Token"]).Select(name => KeyValuePair.Create($"Identity:WeChat:{name}", $"test-{name}")),
        new("Identity:WeChat:EncodingAesKey", new string('A', 43)),
        new("Identity:WeChat:AccountName", "中国卫生人才网"),
        new("Identity:WeChat:WebAddress", "http://web.test"),
        new("Identity:WeChat:ApiAddress", "http://127.0.0.1:1"),
        new("Identity:WeChat:OpenAddress", "http://127.0.0.1:1"),
        new("Identity:Baidu:Address", "http://127.0.0.1:1"),
        new("Identity:Baidu:ClientId", "test-BaiduClientId"),
        new("Identity:Baidu:Secret", "test-BaiduSecret"),
    ];

    /// <summary>What the document service has: the uploads of each owner.</summary>
    public ConcurrentDictionary<(Guid Owner, Guid Id), DocumentState> Uploads { get; } = new();

    /// <summary>What the application service says that exams still need.</summary>
    public ConcurrentDictionary<Guid, Hold> Holds { get; } = new();

    protected override void Replace(IServiceCollection services) => services.AddSingleton<DocumentAnswers.DocumentAnswersClient>(new DocumentService(this)).AddSingleton<ApplicationAnswers.ApplicationAnswersClient>(new ApplicationService(this));

    /// <summary>A scan of a consent that an officer uploaded.</summary>
    public Guid AScanOf(Guid officer, string kind = "consent", string state = "ready")
    {
        var id = Guid.NewGuid();
        Uploads[(officer, id)] = new() { DocumentId = id.ToString(), Kind = kind, State = state };
        return id;
    }

    /// <summary>Under which lies what officers have written of a person; null once it was thrown away.</summary>
    public async Task<byte[]?> PersonKey(Guid id)
    {
        await using var scope = Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<OwnerKeys>().Find([id], default)).GetValueOrDefault(id);
    }

    public async Task<byte[]> PersonKeyMade(Guid id)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<OwnerKeys>().Of(id, default);
    }

    /// <summary>Asks as another service of the platform.</summary>
    public IdentityAnswersClient Answers() => new(GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = Server.CreateHandler() }));

    public static readonly Metadata PlatformKey = new() { { "x-platform-key", "the-key-of-the-test-process" } };

    /// <summary>A valid resident ID that no other test has.</summary>
    public static string NewNumber()
    {
        var first17 = $"110101{19500101 + (Interlocked.Increment(ref people) / 900 * 10000)}{100 + (people % 900):D3}";
        return first17 + DocumentNumber.CheckCharacter(first17);
    }

    public static Registration ARegistration(string? number = null, string name = "张三")
    {
        number ??= NewNumber();
        return new(name, DocumentType.ResidentId, number, new(name, DocumentType.ResidentId, number), "13812345678", Password, Notice.Current.Version);
    }

    public Task<HttpResponseMessage> Post<T>(string path, T body) => Anonymous().PostAsJsonAsync(path, body, Json);

    public Task<HttpResponseMessage> Register(Registration registration) => Post("/api/identity/candidates", registration);

    /// <summary>A person who just registered.</summary>
    public async Task<(Guid Id, string Number, string AccessToken, string RefreshToken)> ACandidate()
    {
        var registration = ARegistration();
        var body = await Body(await Register(registration), 201);
        return (body.GetProperty("candidateId").GetGuid(), registration.DocumentNumber, Text(body, "accessToken"), Text(body, "refreshToken"));
    }

    public Task<HttpResponseMessage> SignIn(string userName, string password) => Post("/api/identity/sessions", new { userName, password });

    public Task<HttpResponseMessage> SignInByNumber(string documentNumber, string password, string? name = null) => Post("/api/identity/sessions", new { documentNumber, password, name });

    public Task<HttpResponseMessage> Refresh(string refreshToken) => Post("/api/identity/sessions/refresh", new { refreshToken });

    public static readonly JsonSerializerOptions Json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull }.UsePlatformRules();

    public static async Task<JsonElement> Body(HttpResponseMessage answer, int status)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static string Text(JsonElement body, string field) => body.GetProperty(field).GetString()!;

    public static string Code(JsonElement problem) => Text(problem, "type")["urn:exam:".Length..];

    /// <summary>Faults as <c>field code</c>.</summary>
    public static IEnumerable<string> Faults(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateArray().Select(e => $"{Text(e, "pointer")[2..]} {Text(e, "code")}").Order();

    private sealed class ApplicationService(IdentityFixture test) : ApplicationAnswers.ApplicationAnswersClient
    {
        public override AsyncUnaryCall<HeldApplications> ListHoldsAsync(ListHoldsRequest request, CallOptions options) =>
            new(Task.FromResult(new HeldApplications { Holds = { request.CandidateIds.Select(id => test.Holds.GetValueOrDefault(Guid.Parse(id))).OfType<Hold>() } }), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    private sealed class DocumentService(IdentityFixture test) : DocumentAnswers.DocumentAnswersClient
    {
        public override AsyncUnaryCall<GetDocumentsReply> GetDocumentsAsync(GetDocumentsRequest request, CallOptions options)
        {
            var found = request.DocumentIds.Select(id => test.Uploads.GetValueOrDefault((Guid.Parse(request.CandidateId), Guid.Parse(id)))).OfType<DocumentState>();
            return new(Task.FromResult(new GetDocumentsReply { Documents = { found } }), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }
    }
}
