using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>Small exams of the tests' own, and the national officer who publishes them.</summary>
internal static class Exams
{
    private static readonly StageReason Other = new("other", "其他", "其他", "");

    /// <summary>An exam without documents, with one field that may be left out; two stages: what the first fails comes back, what the second fails is rejected.</summary>
    public static ExamProgramme Small(string code, int version = 1) => Hp.Programme with
    {
        Code = code,
        Version = version,
        Title = $"考试 {code}",
        Form = [new("work", "工作", [new TextField("employer", "单位", 100), new TextField("post", "职务", 50)], "test")],
        Documents = [],
        Stages =
        [
            new("first", "初审", StageKind.Review, DeciderLevel.Site, WindowKind.Review, new ReturnToCandidate("first", WindowKind.Correction, "test"), [Other], "test"),
            new("second", "复审", StageKind.Review, DeciderLevel.Area, WindowKind.Review, new RejectForGood("test"), [Other], "test"),
        ],
        Change = new(new("first", WindowKind.Registration, "test"), "test"),
    };

    /// <summary>The same with places at three bases of Beijing, in one batch.</summary>
    public static ExamProgramme WithPlaces(string code, int a = 1, int b = 1, int c = 1, int version = 1) => Small(code, version) with
    {
        Preferences = new(3, "test"),
        AreaPolicies = [.. Hp.Programme.AreaPolicies.Select(policy => policy with { Payment = null })],
        Sessions =
        [
            Hp.Programme.Sessions[0] with
            {
                Bases = [.. ((string[])["A", "B", "C"]).Select(x => new TrainingBase(x, $"基地{x}", "110000", "110100"))],
                Batches = [new("1", "第一批", Hp.Now.AddDays(-1), Hp.Now.AddDays(30))],
                Plans = [new("1", "A", "内科", a), new("1", "B", "内科", b), new("1", "C", "内科", c)],
            },
        ],
    };

    public static ExamProgramme Next(this ExamProgramme programme, Func<ExamSession, ExamSession>? session = null) =>
        programme with { Version = programme.Version + 1, Sessions = [.. programme.Sessions.Select(session ?? (s => s))] };

    public static ExamSession Ending(this ExamSession session, WindowKind kind, DateTimeOffset until) =>
        session with { Windows = [.. session.Windows.Select(w => w.Kind == kind ? new(kind, w.From, until) : w)], Areas = [.. session.Areas.Select(a => a with { Windows = [] })] };

    public static string Text(ExamProgramme programme) => JsonSerializer.Serialize(programme, ProgrammeReader.Json);

    public static async Task<HttpResponseMessage> Post(this HttpClient officer, string text, string address = "/api/programmes", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await officer.SendAsync(request);
    }

    public static HttpClient National(this ApplicationFixture service, Guid? id = null) => service.Officer("national", "", id);

    public static async Task<ExamProgramme> Publish(this ApplicationFixture service, ExamProgramme programme)
    {
        var reply = await service.National().Post(Text(programme));
        Assert.True(reply.StatusCode == HttpStatusCode.Created, await reply.Content.ReadAsStringAsync());
        return programme;
    }

    /// <summary>A person with an application that lacks nothing but the area.</summary>
    public static async Task<Person> Applicant(this ApplicationFixture service, string programme)
    {
        var person = await (await service.APerson()).Start(programme);
        await person.Put($"{person.Address}/documents", new { photo = service.Documents.Upload("photo"), documents = new Dictionary<string, Guid>() });
        return person;
    }

    public static async Task<Person> In(this Task<Person> applicant, string[] at)
    {
        var person = await applicant;
        await person.Put($"{person.Address}/area", new { area = at[0], site = at[1] });
        return person;
    }

    public static async Task<Person> Wanting(this Task<Person> applicant, params string[] bases)
    {
        var person = await applicant;
        await person.Put($"{person.Address}/preferences", new { preferences = bases.Select(b => new { @base = b, speciality = "内科" }) });
        return person;
    }

    public static Task<HttpResponseMessage> TrySubmit(this Person person, string? key = null) => person.Http.Post("", $"{person.Address}/submissions", key);

    public static async Task<(HttpStatusCode Status, string Code)> Problem(this HttpResponseMessage reply) => (reply.StatusCode, ((string)(await Person.Json(reply))["type"]!)["urn:exam:".Length..]);

    /// <summary>The plan's lines: base, quota, taken.</summary>
    public static Task<List<(string Base, int Quota, int Taken)>> Places(this ApplicationFixture service, string programme) => service.Query(async db =>
        (await db.PlanPlaces.AsNoTracking().Where(p => p.ProgrammeCode == programme).OrderBy(p => p.Base).ToListAsync()).ConvertAll(p => (p.Base, p.Quota, p.Taken)));
}
