using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Notifications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>现场报名: the city's officer enters, the person's reply sends it in.</summary>
public sealed class CounterTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task The_persons_reply_sends_in_what_the_officer_entered()
    {
        var person = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.Created, (await Enter(person)).StatusCode);
        var asked = await Asked(person);
        await Reply(person, asked.Word);

        Assert.Equal((Standing.Submitted, 1), await Stands(person));
        Assert.Single(await service.Published<ApplicationSubmitted>(asked.ApplicationId));
    }

    [Fact]
    public async Task Another_word_a_reply_too_late_and_somebody_elses_reply_send_nothing_in()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Asked(person);
        await Reply(person, asked.Word == "000000" ? "111111" : "000000");
        await Reply(person, asked.Word, asked.ExpiresAt.AddSeconds(1));
        await Reply(Guid.NewGuid(), asked.Word);

        Assert.Equal((Standing.Draft, 0), await Stands(person));
    }

    [Fact]
    public async Task A_reply_that_comes_twice_sends_in_one_version()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Asked(person);
        await Reply(person, asked.Word);
        await Reply(person, asked.Word);

        Assert.Equal((Standing.Submitted, 1), await Stands(person));
    }

    [Fact]
    public async Task What_is_incomplete_is_told_at_once_and_nothing_is_entered()
    {
        var person = Guid.NewGuid();
        var reply = await Enter(person, change: answers => answers["work"].Remove("years"));

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains("#/work/years", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await service.Query(db => db.Applications.AnyAsync(a => a.CandidateId == person)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task An_answer_of_nothing_at_the_counter_is_one_that_is_missing(string? employer)
    {
        var reply = await Enter(Guid.NewGuid(), change: answers => answers["work"]["employer"] = employer);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains("#/work/employer", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_at_the_counter_are_tidied_as_those_of_the_candidate_are()
    {
        var person = Guid.NewGuid();
        await Enter(person, change: answers => answers["work"]["employer"] = " 示例医院 ");

        Assert.Equal("示例医院", await service.Query(async db => (await db.Applications.SingleAsync(a => a.CandidateId == person)).Answers["work/employer"]));
    }

    [Theory]
    [InlineData("site", "350000/350100/", HttpStatusCode.NotFound)]
    [InlineData("area", "110000/", HttpStatusCode.Conflict)]
    public async Task Only_officers_of_that_level_and_that_place_enter(string level, string place, HttpStatusCode refused) =>
        Assert.Equal(refused, (await Enter(Guid.NewGuid(), officer: service.Officer(level, place))).StatusCode);

    [Fact]
    public async Task Who_has_a_live_application_is_not_entered_again()
    {
        var person = Guid.NewGuid();
        await Enter(person);

        Assert.Equal(HttpStatusCode.Conflict, (await Enter(person)).StatusCode);
    }

    private Task<HttpResponseMessage> Enter(Guid person, HttpClient? officer = null, Action<Dictionary<string, Dictionary<string, string?>>>? change = null)
    {
        var answers = new Dictionary<string, Dictionary<string, string?>>
        {
            ["report"] = new() { ["type"] = "without-degree", ["certificate"] = "11010119900307001111" },
            ["education"] = new() { ["level"] = "senior-middle" },
            ["work"] = new() { ["employer"] = "示例医院", ["employerKind"] = "medical-institution", ["years"] = "11" },
            ["needs"] = new() { ["paper"] = "braille" },
        };
        change?.Invoke(answers);
        var documents = new[] { "practice-proof", "licence-copy", "commitment" }.ToDictionary(code => code, _ => service.Documents.Upload("document", type: "application/pdf"));
        return (officer ?? service.Officer("site", "110000/110100/")).PostAsJsonAsync("/api/programmes/BM/counter-entries",
            new { candidate = person, session = "2027", area = "110000", site = "110100", answers, photo = service.Documents.Upload("photo"), documents });
    }

    private async Task<CounterEntryMade> Asked(Guid person) =>
        Assert.Single(await service.Published<CounterEntryMade>(await service.Query(db => db.Applications.Where(a => a.CandidateId == person).Select(a => a.Id).SingleAsync())));

    private Task Reply(Guid person, string word, DateTimeOffset? at = null) => service.Deliver(new CandidateReplied(Guid.NewGuid(), person, word, at ?? service.Clock.Now));

    private async Task<(Standing, int)> Stands(Guid person)
    {
        var application = await service.Query(db => db.Applications.SingleAsync(a => a.CandidateId == person));
        return (application.Standing, application.Submitted);
    }
}
