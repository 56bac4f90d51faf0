using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Notifications.Contracts;
using ExamPlatform.Reviews.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>现场报名: the city's officer enters, the person's reply sends it in.</summary>
public sealed class CounterTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose()
    {
        (service.Clock.Now, service.Identity.DocumentType, service.Identity.NoConsentIn) = (Hp.Now, "residentId", "none");
    }

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

    [Fact]
    public async Task A_late_tick_of_a_paper_does_not_undo_the_newer_word_on_it()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var application = (await Newest(person)).Id;
        foreach (var (arrived, minute) in ((bool, int)[])[(true, 1), (false, 3), (true, 2)])
            await service.Deliver(new PaperTicked(application, "form", arrived, Hp.Officer, Hp.Now.AddMinutes(minute)));

        Assert.Null((await Newest(person)).Arrived("form"));
        await service.Deliver(new PaperTicked(application, "form", true, Hp.Officer, Hp.Now.AddMinutes(4)));
        Assert.Equal(Hp.Now.AddMinutes(4), (await Newest(person)).Arrived("form"));
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
    [InlineData("national", "", HttpStatusCode.Conflict)]
    [InlineData("area", "110000/", HttpStatusCode.Created)]
    public async Task Officers_of_that_level_or_the_one_above_it_and_of_that_place_enter(string level, string place, HttpStatusCode answer) =>
        Assert.Equal(answer, (await Enter(Guid.NewGuid(), officer: service.Officer(level, place))).StatusCode);

    [Fact]
    public async Task Who_has_a_live_application_is_not_entered_again_and_the_officer_learns_no_more_than_that()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        await Reply(person, (await Asked(person)).Word);
        var reply = await Enter(person);

        Assert.Equal((HttpStatusCode.Conflict, "already-applied"), await reply.Problem());
        Assert.DoesNotContain("applicationId", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_started_an_application_alone_is_not_entered_over_it()
    {
        var person = await (await service.APerson()).Start("BM");

        Assert.Equal(HttpStatusCode.Conflict, (await Enter(person.Id)).StatusCode);
    }

    [Fact]
    public async Task Entering_again_gives_up_the_entry_that_waits_and_its_word_counts_no_more()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var first = await Asked(person);
        Assert.Equal(HttpStatusCode.Created, (await Enter(person)).StatusCode);
        await Reply(person, first.Word);

        Assert.Equal("entry-replaced", Assert.Single(await service.Published<ApplicationAbandoned>(first.ApplicationId)).Cause);
        Assert.Equal((Standing.Draft, 0), await Stands(person));
        await Reply(person, (await Asked(person)).Word);
        Assert.Equal((Standing.Submitted, 1), await Stands(person));
    }

    [Fact]
    public async Task An_entry_without_a_reply_lapses_and_the_person_can_be_entered_anew()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Lapsed(person);

        Assert.Equal("entry-unanswered", Assert.Single(await service.Published<ApplicationAbandoned>(asked.ApplicationId)).Cause);
        Assert.Equal(HttpStatusCode.Created, (await Enter(person)).StatusCode);
    }

    [Fact]
    public async Task A_reply_written_in_time_counts_though_the_entry_had_lapsed_before_it_came()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Lapsed(person);
        await Reply(person, asked.Word, asked.ExpiresAt.AddSeconds(1));
        Assert.Equal((Standing.Abandoned, 0), await Stands(person));
        await Reply(person, asked.Word, asked.ExpiresAt.AddSeconds(-1));

        Assert.Equal((Standing.Submitted, 1), await Stands(person));
        Assert.Null(await service.Query(db => db.Applications.Where(a => a.Id == asked.ApplicationId).Select(a => a.AbandonedFor).SingleAsync()));
    }

    [Fact]
    public async Task A_late_word_sends_nothing_in_beside_what_was_entered_anew()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Lapsed(person);
        await Enter(person);
        await Reply(person, asked.Word, asked.ExpiresAt.AddSeconds(-1));

        Assert.Equal((Standing.Draft, 0), await Stands(person));
    }

    [Fact]
    public async Task The_candidate_cannot_send_in_a_lapsed_entry()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Lapsed(person);

        Assert.Equal((HttpStatusCode.Conflict, "outside-window"), await (await service.Candidate(person).PostAsync($"/api/applications/{asked.ApplicationId}/submissions", null)).Problem());
    }

    [Fact]
    public async Task A_reply_is_waited_for_no_longer_than_registration_lasts()
    {
        var (person, ends) = (Guid.NewGuid(), BmTests.WithDegree.Session.Window("110000", WindowKind.Registration).Until);
        service.Clock.Now = ends.AddHours(-1);
        await Enter(person);
        var asked = await Asked(person);
        Assert.Equal(ends, asked.ExpiresAt);

        service.Clock.Now = ends.AddMinutes(1);
        await Until.Async(async () => await Stands(person) is (Standing.Abandoned, _));
        await Reply(person, asked.Word, ends.AddSeconds(-1));
        Assert.Equal((Standing.Submitted, 1), await Stands(person));
    }

    [Fact]
    public async Task Who_replies_to_what_is_no_longer_all_right_is_told_so()
    {
        var person = Guid.NewGuid();
        await Enter(person);
        var asked = await Asked(person);
        service.Identity.DocumentType = "passport";
        await Reply(person, asked.Word);

        Assert.Equal("entry-refused", Assert.Single(await service.Published<ApplicationAbandoned>(asked.ApplicationId)).Cause);
    }

    [Fact]
    public async Task Nobody_is_entered_whose_consent_was_not_taken_in_there()
    {
        service.Identity.NoConsentIn = "110000/110100/";

        Assert.Equal((HttpStatusCode.Conflict, "no-consent"), await (await Enter(Guid.NewGuid())).Problem());
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

    private Task<Application> Newest(Guid person) => service.Query(db => db.Applications.Where(a => a.CandidateId == person).OrderByDescending(a => a.Id).FirstAsync());

    private async Task<CounterEntryMade> Asked(Guid person) => Assert.Single(await service.Published<CounterEntryMade>((await Newest(person)).Id));

    private async Task<CounterEntryMade> Lapsed(Guid person)
    {
        var asked = await Asked(person);
        service.Clock.Now = asked.ExpiresAt;
        await Until.Async(async () => await Stands(person) is (Standing.Abandoned, _));
        return asked;
    }

    private Task Reply(Guid person, string word, DateTimeOffset? at = null) => service.Deliver(new CandidateReplied(Guid.NewGuid(), person, word, at ?? service.Clock.Now));

    private async Task<(Standing, int)> Stands(Guid person)
    {
        var application = await Newest(person);
        return (application.Standing, application.Submitted);
    }
}
