using System.Net;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

public sealed class PublishTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private readonly HttpClient national = service.National();

    [Fact]
    public async Task An_exam_is_published_by_a_national_officer_and_on_offer_at_once()
    {
        await service.Anonymous().GetAsync("/api/programmes"); // what is newest has been asked just now
        var reply = await national.Post(Exams.Text(Exams.Small("NEW")));

        Assert.Equal((HttpStatusCode.Created, "/api/programmes/NEW"), (reply.StatusCode, reply.Headers.Location!.OriginalString));
        Assert.Contains((await Person.Json(await service.Anonymous().GetAsync("/api/programmes"))).AsArray(), p => (string)p!["code"]! == "NEW");
        await service.Applicant("NEW");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/check")]
    public async Task Nobody_but_a_national_officer_publishes(string action)
    {
        var text = Exams.Text(Exams.Small("MINE"));
        HttpClient[] others = [service.Anonymous(), service.Candidate(Guid.NewGuid()), service.Officer("area", "110000/"), service.Officer("site", "110000/110100/"), service.Operator()];
        var answers = await Task.WhenAll(others.Select(async o => (int)(await o.Post(text, $"/api/programmes{action}")).StatusCode));

        Assert.Equal([401, 403, 403, 403, 403], answers);
        Assert.Equal(403, (int)(await service.Officer("area", "110000/").Post("", "/api/programmes/HP/retirement")).StatusCode);
        Assert.Empty(await Rows("MINE"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/check")]
    public async Task A_broken_exam_is_refused_with_every_fault_at_its_path_and_nothing_changes(string action)
    {
        var text = Exams.Text(Exams.Small("BROKEN")).Replace("\"subjects\":", "\"topics\":", StringComparison.Ordinal).Replace("\"review\",\"decider\":\"site\"", "\"guess\",\"decider\":\"site\"", StringComparison.Ordinal);

        Assert.Equal(["#/stages/0/kind wrong-type", "#/subjects required", "#/topics unknown-field"], await DraftTests.Faults(await national.Post(text, $"/api/programmes{action}")));
        Assert.Empty(await Rows("BROKEN"));
    }

    [Fact]
    public async Task What_is_no_JSON_is_said_so() => Assert.Equal((HttpStatusCode.BadRequest, "broken-json"), await (await national.Post("{\"code\": ")).Problem());

    [Fact]
    public async Task A_published_version_never_changes_and_the_same_again_has_no_effect()
    {
        var exam = await service.Publish(Exams.Small("TWICE"));
        var before = await Rows("TWICE");

        Assert.Equal((HttpStatusCode.Conflict, "version-published"), await (await national.Post(Exams.Text(exam with { Title = "另一个" }))).Problem());
        var again = await national.Post(Exams.Text(exam).Replace(",\"", ",\n  \"", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, false), (again.StatusCode, (bool)(await Person.Json(again))["new"]!));
        Assert.Equal(before, await Rows("TWICE"));
    }

    [Fact]
    public async Task Versions_only_go_up()
    {
        await service.Publish(Exams.Small("UP", version: 3));

        Assert.Equal((HttpStatusCode.Conflict, "not-newer"), await (await national.Post(Exams.Text(Exams.Small("UP", version: 2)))).Problem());
        Assert.Single(await Rows("UP"));
    }

    [Fact]
    public async Task A_check_answers_as_publishing_would_and_changes_nothing()
    {
        var exam = Exams.WithPlaces("TRY");
        var check = await national.Post(Exams.Text(exam), "/api/programmes/check");

        Assert.Equal((HttpStatusCode.OK, true), (check.StatusCode, (bool)(await Person.Json(check))["new"]!));
        Assert.Empty(await Rows("TRY"));
        Assert.Empty(await service.Query(db => db.PlanPlaces.Where(p => p.ProgrammeCode == "TRY").ToListAsync()));
        await service.Publish(exam with { Version = 2 });
        Assert.Equal((HttpStatusCode.Conflict, "not-newer"), await (await national.Post(Exams.Text(exam), "/api/programmes/check")).Problem());
    }

    [Fact]
    public async Task Ten_officers_at_once_publish_one_of_their_versions()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => national.Post(Exams.Text(Exams.Small("RACE") with { Title = $"第{i}个" }))));

        Assert.Single(replies, r => r.StatusCode == HttpStatusCode.Created);
        foreach (var reply in replies.Where(r => r.StatusCode != HttpStatusCode.Created)) Assert.Equal((HttpStatusCode.Conflict, "version-published"), await reply.Problem());
    }

    [Fact]
    public async Task The_same_key_is_answered_the_same_and_another_exam_under_it_is_refused()
    {
        var (exam, key) = (Exams.Small("KEY"), Guid.NewGuid().ToString());
        var first = await national.Post(Exams.Text(exam), key: key);
        var second = await national.Post(Exams.Text(exam), key: key);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), await (await national.Post(Exams.Text(exam with { Version = 2 }), key: key)).Problem());
    }

    [Fact]
    public async Task What_is_read_can_be_published_as_the_next_version()
    {
        var document = await Person.Json(await service.Anonymous().GetAsync("/api/programmes/HP"));
        document["code"] = "HP-AGAIN";

        Assert.Equal(HttpStatusCode.Created, (await national.Post(document.ToJsonString())).StatusCode);
    }

    [Fact]
    public async Task Who_published_and_retired_what_is_kept_and_shown_to_staff()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        await service.National(one).Post(Exams.Text(Exams.Small("WHO")));
        await service.National(two).Post("", "/api/programmes/WHO/retirement");
        var versions = await Person.Json(await service.Officer("site", "110000/110100/").GetAsync("/api/programmes/WHO/versions"));

        Assert.Equal((1, one, two, service.Clock.Now), ((int)versions[0]!["version"]!, (Guid)versions[0]!["publishedBy"]!, (Guid)versions[0]!["retiredBy"]!, (DateTimeOffset)versions[0]!["retiredAt"]!));
        Assert.Null((await Person.Json(await national.GetAsync("/api/programmes/HP/versions")))[0]!["publishedBy"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Candidate(Guid.NewGuid()).GetAsync("/api/programmes/WHO/versions")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await national.GetAsync("/api/programmes/NOBODY/versions")).StatusCode);
    }

    [Fact]
    public async Task A_retired_exam_is_neither_listed_nor_started_but_readable_and_a_newer_version_offers_it_again()
    {
        var exam = await service.Publish(Exams.Small("OLD"));
        Assert.Equal(HttpStatusCode.NoContent, (await national.Post("", "/api/programmes/OLD/retirement")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await national.Post("", "/api/programmes/OLD/retirement")).StatusCode);

        Assert.DoesNotContain("\"OLD\"", await service.Anonymous().GetStringAsync("/api/programmes"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await service.Anonymous().GetAsync("/api/programmes/OLD")).StatusCode);
        Assert.Equal((HttpStatusCode.Conflict, "programme-retired"), await (await (await service.APerson()).Http.Post("""{"programme":"OLD","session":"2027"}""", "/api/applications")).Problem());
        Assert.Single(await service.Query(db => db.RetiredProgrammes.Where(r => r.Code == "OLD").ToListAsync()));
        await service.Publish(exam.Next());
        await service.Applicant("OLD");
    }

    [Fact]
    public async Task What_is_not_there_is_not_retired() => Assert.Equal(HttpStatusCode.NotFound, (await national.Post("", "/api/programmes/NOBODY/retirement")).StatusCode);

    [Fact]
    public async Task What_was_retired_is_never_rewritten()
    {
        await service.Publish(Exams.Small("GONE"));
        await national.Post("", "/api/programmes/GONE/retirement");

        var e = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Query(db => db.RetiredProgrammes.Where(r => r.Code == "GONE").ExecuteDeleteAsync()));
        Assert.Contains("append-only", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_starts_though_officers_have_published_newer_versions_than_it_brings()
    {
        await service.Publish(Hp.Programme with { Version = 9 });
        await service.Query(async db =>
        {
            await new ProgrammeSeed(service.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ProgrammeSeed>.Instance).SeedAsync(db, CancellationToken.None);
            return 0;
        });

        Assert.Equal(9, (int)(await Person.Json(await service.Anonymous().GetAsync("/api/programmes/HP")))["version"]!);
    }

    [Fact]
    public async Task Another_replica_offers_it_within_seconds()
    {
        await using var other = new SecondReplica(service);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Anonymous().GetAsync("/api/programmes/NEWS")).StatusCode);
        await service.Publish(Exams.Small("NEWS"));

        await Until.Async(async () => (await other.Anonymous().GetAsync("/api/programmes/NEWS")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(4), "the other replica offers it");
        await service.Publish(Exams.Small("NEWS", version: 2));
        await Until.Async(async () => (int)(await Person.Json(await other.Anonymous().GetAsync("/api/programmes/NEWS")))["version"]! == 2, TimeSpan.FromSeconds(4), "the other replica has the newer version");
    }

    [Fact]
    public void What_is_newest_is_believed_for_two_seconds_and_an_older_answer_never_takes_the_place_of_a_newer_one()
    {
        var clock = new Ticking();
        var cache = new ProgrammeCache(clock);
        Known one = new(new Dictionary<string, NewestVersion> { ["X"] = new("X", 1, false) }, []), two = new(new Dictionary<string, NewestVersion> { ["X"] = new("X", 2, false) }, []);
        var asked = clock.Now;

        cache.Keep(two, ++clock.Now);
        cache.Keep(one, asked);
        Assert.Same(two, cache.Known);
        clock.Now += 1999;
        Assert.NotNull(cache.Known);
        clock.Now++;
        Assert.Null(cache.Known);
        cache.Forget();
        cache.Keep(one, clock.Now - 1); // asked before the publication, answered after it
        Assert.Null(cache.Known);
    }

    /// <summary>A clock in milliseconds.</summary>
    private sealed class Ticking : TimeProvider
    {
        public long Now { get; set; } = 1;
        public override long TimestampFrequency => 1000;
        public override long GetTimestamp() => Now;
    }

    private Task<List<(int, string, DateTimeOffset)>> Rows(string code) => service.Query(async db =>
        (await db.Programmes.AsNoTracking().Where(p => p.Code == code).OrderBy(p => p.Version).ToListAsync()).ConvertAll(p => (p.Version, p.Document, p.PublishedAt)));
}
