using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>A version, or a retirement, that would leave live applications without something they are in.</summary>
public sealed class StrandTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private readonly HttpClient national = service.National();

    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task A_session_with_live_applications_is_not_dropped()
    {
        var exam = await service.Publish(Exams.Small("SESSION"));
        await service.Applicant("SESSION");
        await service.Applicant("SESSION");
        var next = exam.Next(s => s with { Code = "2028" });

        Assert.Equal(["session-dropped 2027 2"], await Stranded(next));
        Assert.Equal(["session-dropped 2027 2"], await Stranded(next, "/api/programmes/check"));
        Assert.Equal([1], await service.Query(db => db.Programmes.Where(p => p.Code == "SESSION").Select(p => p.Version).ToListAsync()));
    }

    [Fact]
    public async Task An_area_with_live_applications_is_not_dropped_and_another_is()
    {
        var exam = await service.Publish(Exams.Small("AREA"));
        await service.Applicant("AREA").In(Person.Fujian);

        Assert.Equal(["area-dropped 2027 350000 1"], await Stranded(exam.Next(s => s with { Areas = [.. s.Areas.Where(a => a.Area != "350000")] })));
        await service.Publish(exam.Next(s => s with { Areas = [.. s.Areas.Where(a => a.Area != "360000")] }));
    }

    [Fact]
    public async Task A_base_a_plan_line_and_a_place_that_are_held_are_not_dropped()
    {
        var exam = await service.Publish(Exams.WithPlaces("PLACES", a: 5));
        for (var i = 0; i < 3; i++) await (await service.Applicant("PLACES").Wanting("A")).Submit();

        Assert.Equal(["base-dropped 2027 A 3"], await Stranded(exam.Next(s => s with { Bases = [.. s.Bases!.Skip(1)], Plans = [.. s.Plans!.Skip(1)] })));
        Assert.Equal(["plan-dropped 2027 1 A 内科 3"], await Stranded(exam.Next(s => s with { Plans = [.. s.Plans!.Skip(1)] })));
        Assert.Equal(["quota-too-low 2027 1 A 内科 2"], await Stranded(exam.Next(s => s with { Plans = [s.Plans![0] with { Quota = 1 }, .. s.Plans!.Skip(1)] })));
        await service.Publish(exam.Next(s => s with { Plans = [s.Plans![0] with { Quota = 3 }, s.Plans[1]] }));
        Assert.Equal([("A", 3, 3), ("B", 1, 0)], await service.Places("PLACES"));
    }

    [Fact]
    public async Task What_is_over_strands_nobody()
    {
        var exam = await service.Publish(Exams.Small("OVER"));
        var (abandoned, rejected) = (await service.Applicant("OVER").In(Person.Fujian), await service.Applicant("OVER").In(Person.Fujian));
        await abandoned.Http.Post("", $"{abandoned.Address}/abandonment");
        await rejected.Submit();
        await rejected.ReviewPassed("first");
        await rejected.ReviewFailed("second");

        await service.Publish(exam.Next(s => s with { Areas = [.. s.Areas.Where(a => a.Area != "350000")] }));
        Assert.Equal(HttpStatusCode.NoContent, (await national.Post("", "/api/programmes/OVER/retirement")).StatusCode);
    }

    [Fact]
    public async Task An_exam_with_live_applications_is_not_retired_and_its_drafts_and_registered_let_it_go_when_the_last_window_has_closed()
    {
        await service.Publish(Exams.Small("LIVE"));
        var (_, registered) = (await service.Applicant("LIVE"), await (await service.Applicant("LIVE").In(["120000", "120100"])).Submit());
        await registered.ReviewPassed("first");
        await registered.ReviewPassed("second");
        Assert.Equal("registered", (string)(await registered.Look())["status"]!["where"]!);

        Assert.Equal(["retired 2027 2"], await Stranded(await service.National().Post("", "/api/programmes/LIVE/retirement")));
        service.Clock.Now = Hp.AfterAll;
        Assert.Equal(HttpStatusCode.NoContent, (await service.National().Post("", "/api/programmes/LIVE/retirement")).StatusCode);
    }

    [Fact]
    public async Task What_still_has_to_be_decided_holds_its_exam_after_the_last_window_too()
    {
        await service.Publish(Exams.Small("LATE"));
        await (await service.Applicant("LATE").In(Person.Beijing)).Submit();
        service.Clock.Now = Hp.AfterAll;

        Assert.Equal(["retired 2027 1"], await Stranded(await service.National().Post("", "/api/programmes/LATE/retirement")));
    }

    [Fact]
    public async Task Retiring_while_twenty_people_start_leaves_no_live_application_in_a_retired_exam()
    {
        await service.Publish(Exams.Small("RUSH"));
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.APerson()));

        var starts = people.Select(p => p.Http.Post("""{"programme":"RUSH","session":"2027"}""", "/api/applications")).ToList();
        var retired = await national.Post("", "/api/programmes/RUSH/retirement");
        var codes = (await Task.WhenAll(starts)).Select(r => r.StatusCode).ToList();

        Assert.Equal(retired.StatusCode is HttpStatusCode.NoContent ? 0 : codes.Count(c => c is HttpStatusCode.Created), await service.Query(db => db.Applications.CountAsync(a => a.ProgrammeCode == "RUSH")));
    }

    [Fact]
    public async Task A_replica_that_does_not_know_yet_starts_nothing_in_what_was_retired_a_moment_ago()
    {
        await using var other = new SecondReplica(service);
        await service.Publish(Exams.Small("MOMENT"));
        var person = await service.APerson();
        await KnowsOnly(other, "MOMENT", 1);
        await national.Post("", "/api/programmes/MOMENT/retirement");

        var reply = await other.Candidate(person.Id).Post("""{"programme":"MOMENT","session":"2027"}""", "/api/applications");

        Assert.Equal((HttpStatusCode.Conflict, "programme-retired"), await reply.Problem());
    }

    [Fact]
    public async Task A_replica_that_does_not_know_yet_lets_nobody_into_an_area_that_was_dropped_a_moment_ago()
    {
        await using var other = new SecondReplica(service);
        var exam = await service.Publish(Exams.Small("LEFT"));
        var person = await service.Applicant("LEFT");
        await KnowsOnly(other, "LEFT", 1);
        await service.Publish(exam.Next(s => s with { Areas = [.. s.Areas.Where(a => a.Area != "350000")] }));

        using var request = new HttpRequestMessage(HttpMethod.Put, $"{person.Address}/area") { Content = JsonContent.Create(new { area = "350000", site = "350100" }), Headers = { { "If-Match", "*" } } };
        Assert.Equal(["#/area unknown-area"], await DraftTests.Faults(await other.Candidate(person.Id).SendAsync(request)));
    }

    [Fact]
    public async Task At_the_counter_nothing_is_entered_for_a_retired_exam_either()
    {
        var exam = await service.Publish(Exams.Small("COUNTER") with { Counter = new(DeciderLevel.Site, 24, "test"), ProfileNeeds = [] });
        var person = await service.APerson();
        await national.Post("", "/api/programmes/COUNTER/retirement");

        var reply = await service.Officer("site", "110000/110100/").PostAsJsonAsync($"/api/programmes/{exam.Code}/counter-entries",
            new { candidate = person.Id, session = "2027", area = "110000", site = "110100", answers = new { }, photo = service.Documents.Upload("photo"), documents = new { } });

        Assert.Equal((HttpStatusCode.Conflict, "programme-retired"), await reply.Problem());
    }

    /// <summary>The replica has asked just now, so it believes this for two seconds.</summary>
    private static Task KnowsOnly(SecondReplica replica, string code, int version) => Until.Async(async () => await replica.Anonymous().GetAsync($"/api/programmes/{code}") is { StatusCode: HttpStatusCode.OK } reply && (int)(await Person.Json(reply))["version"]! == version);

    private async Task<List<string>> Stranded(ExamProgramme next, string address = "/api/programmes") => await Stranded(await national.Post(Exams.Text(next), address));

    private static async Task<List<string>> Stranded(HttpResponseMessage reply)
    {
        Assert.Equal((HttpStatusCode.Conflict, "would-strand"), await reply.Problem());
        var problem = await Person.Json(reply);
        var stranded = problem["stranded"]!.AsArray();
        Assert.Equal((int)problem["applications"]!, stranded.Sum(s => (int)s!["applications"]!));
        return [.. stranded.Select(s => string.Join(' ', s!.AsObject().Where(m => m.Value is not null).Select(m => m.Value!.ToString())))];
    }
}
