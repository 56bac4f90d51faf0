using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Reviews.Contracts;

namespace ExamPlatform.Applications.Tests;

/// <summary>A candidate at the API, and the officers and the bank who answer. What is written here is what a client of the platform writes.</summary>
public sealed class Person(ApplicationFixture service, Guid? id = null)
{
    public static readonly string[] Beijing = ["110000", "110100"];
    public static readonly string[] Fujian = ["350000", "350100"];

    public Guid Id { get; } = id ?? Guid.NewGuid();
    public Guid Application { get; private set; }
    public string Entry { get; private set; } = "";
    public HttpClient Http => service.Candidate(Id);

    public async Task FillProfile()
    {
        await Put("/api/profile/contact", new { address = "北京市东城区示例路1号", postcode = "100010", email = "candidate@example.com" });
        await Put("/api/profile/work", new { employer = "示例医院", employerKind = (string?)null, since = "2015-07", post = "主治医师" });
        var reply = await Put("/api/profile/education", new { entries = new[] { new { school = "北京大学", major = "临床医学", level = "bachelor", graduatedOn = "2015-07", certificateNumber = "100011201505000001" } } });
        Entry = (string)(await Json(reply))["education"]!["entries"]![0]!["id"]!;
    }

    public async Task<Person> Start(string programme = "HP", string session = "2027")
    {
        var reply = await Http.PostAsJsonAsync("/api/applications", new { programme, session });
        Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
        Application = (Guid)(await Json(reply))["id"]!;
        return this;
    }

    /// <summary>Fills in everything that HP asks for.</summary>
    public async Task<Person> Fill(string[]? at = null)
    {
        at ??= Beijing;
        await Put($"{Address}/area", new { area = at[0], site = at[1] });
        await Step("report", new { category = "medicine", level = "intermediate", speciality = "303", practice = "clinical", firstRegistered = "2016-09", residency = "yes", residencyIssued = "2018-07" });
        await Step("education", new { entry = Entry });
        await Step("work", new { employer = "示例医院", since = "2015-07", years = "11", post = "主治医师" });
        var documents = at == Beijing ? Documents() : [];
        await Put($"{Address}/documents", new { photo = service.Documents.Upload("photo"), documents });
        return this;
    }

    public async Task<Person> Submit()
    {
        var reply = await Http.PostAsync($"{Address}/submissions", null);
        var said = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.Created, said);
        return this;
    }

    public Dictionary<string, Guid> Documents() =>
        new[] { "diploma", "employment-proof", "practice-licence" }.ToDictionary(code => code, _ => service.Documents.Upload("document", type: "application/pdf"));

    public Task<HttpResponseMessage> Step(string step, object answers) => Put($"{Address}/steps/{step}", new { answers });

    /// <summary>Puts with the ETag just read, and expects it to be taken.</summary>
    public async Task<HttpResponseMessage> Put(string address, object body)
    {
        var reply = await TryPut(address, body);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return reply;
    }

    public Task<HttpResponseMessage> TryPut(string address, object body, string? etag = null) => Change(HttpMethod.Put, address, body, etag);

    public async Task<HttpResponseMessage> Change(HttpMethod method, string address, object body, string? etag = null)
    {
        using var client = Http;
        etag ??= (await client.GetAsync(address.StartsWith("/api/profile", StringComparison.Ordinal) ? "/api/profile" : Address)).Headers.ETag!.ToString();
        using var request = new HttpRequestMessage(method, address) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", etag);
        return await client.SendAsync(request);
    }

    public async Task<JsonNode> Look() => await Json(await Http.GetAsync(Address));

    public string Address => $"/api/applications/{Application}";

    public Task Confirmed(int version = 1, Guid? messageId = null) => service.Deliver(new Confirmed(Application, version, "confirmation", Guid.NewGuid(), Guid.NewGuid(), Now), messageId);
    public Task ReviewPassed(string stage, int version = 1, Guid? messageId = null) => service.Deliver(new ReviewPassed(Application, version, stage, Guid.NewGuid(), Guid.NewGuid(), Now), messageId);
    public Task ConfirmationFailed(int version = 1) => service.Deliver(new ConfirmationFailed(Application, version, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ["photo-unfit"], "请看清要求", Now));
    public Task ReviewFailed(string stage, int version = 1) => service.Deliver(new ReviewFailed(Application, version, stage, Guid.NewGuid(), Guid.NewGuid(), ["years-short"], "", Now));
    public Task Paid(Guid feeId, DateTimeOffset? paidAt = null, long amount = 24400) => service.Deliver(new PaymentReceived(Application, Id, feeId, Guid.NewGuid(), amount, "wechat-native", paidAt ?? Now, Now));
    public Task FeeClosed(Guid feeId) => service.Deliver(new PaymentClosed(Application, Id, feeId, Now));

    private DateTimeOffset Now => service.Clock.Now;

    public static async Task<JsonNode> Json(HttpResponseMessage reply) => JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;
}
