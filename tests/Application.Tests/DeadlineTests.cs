using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Applications.Features;
using ExamPlatform.Reviews.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

public sealed class DeadlineTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private static readonly DateTimeOffset RegistrationEnds = new(2027, 1, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset ConfirmationEnds = new(2027, 1, 25, 9, 0, 0, TimeSpan.Zero);

    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task Who_does_not_confirm_on_site_in_time_has_given_up()
    {
        var person = await Submitted(Person.Fujian);
        service.Clock.Now = ConfirmationEnds;
        await StandsAt(person, "abandoned");

        Assert.Equal("confirmation-missed", Assert.Single(await service.Published<ApplicationAbandoned>(person.Application)).Cause);
    }

    [Fact]
    public async Task Who_does_not_correct_in_time_has_given_up_and_cannot_submit_any_more()
    {
        var person = await Submitted(Person.Beijing);
        await person.ConfirmationFailed();
        service.Clock.Now = ConfirmationEnds;
        await StandsAt(person, "abandoned");

        Assert.Equal("correction-missed", Assert.Single(await service.Published<ApplicationAbandoned>(person.Application)).Cause);
        Assert.Equal(HttpStatusCode.Conflict, (await person.Http.PostAsync($"{person.Address}/submissions", null)).StatusCode);
    }

    [Fact]
    public async Task Who_withdraws_and_does_not_submit_again_in_time_has_given_up()
    {
        var person = await Submitted(Person.Beijing);
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        service.Clock.Now = ConfirmationEnds;
        await StandsAt(person, "abandoned");

        Assert.Equal("confirmation-missed", Assert.Single(await service.Published<ApplicationAbandoned>(person.Application)).Cause);
    }

    [Fact]
    public async Task A_confirmation_made_in_time_counts_though_its_message_came_after_the_deadline()
    {
        var person = await Missed();
        await service.Deliver(new Confirmed(person.Application, 1, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ConfirmationEnds.AddSeconds(-2)));

        Assert.Equal("site-review", (string)(await person.Look())["status"]!["where"]!);
        Assert.Null((string?)(await person.Look())["abandonedFor"]);
        Assert.Equal([("confirmation", false), ("site-review", true)], (await service.Published<StageOpened>(person.Application)).Select(s => (s.Stage, s.Revived)));
    }

    [Fact]
    public async Task A_failure_found_in_time_is_corrected_though_its_message_came_after_the_deadline()
    {
        var person = await Missed();
        await service.Deliver(new ConfirmationFailed(person.Application, 1, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ["photo-unfit"], "", ConfirmationEnds));

        Assert.Equal("returned", (string)(await person.Look())["status"]!["where"]!);
    }

    [Fact]
    public async Task A_confirmation_made_too_late_of_another_version_or_beside_a_new_application_changes_nothing()
    {
        var person = await Missed();
        await service.Deliver(new Confirmed(person.Application, 1, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ConfirmationEnds.AddSeconds(1)));
        await service.Deliver(new Confirmed(person.Application, 2, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ConfirmationEnds.AddSeconds(-1)));
        await service.Deliver(new Confirmed(person.Application, 1, "site-review", Guid.NewGuid(), Guid.NewGuid(), ConfirmationEnds.AddSeconds(-1)));
        service.Clock.Now = Hp.Now;
        await new Person(service, person.Id).Start();
        await service.Deliver(new Confirmed(person.Application, 1, "confirmation", Guid.NewGuid(), Guid.NewGuid(), ConfirmationEnds.AddSeconds(-1)));

        Assert.Equal("abandoned", (string)(await person.Look())["status"]!["where"]!);
    }

    [Fact]
    public void What_gave_a_place_back_with_the_missed_confirmation_does_not_come_back()
    {
        var exam = Exams.WithPlaces("MISSED") with { Stages = Hp.Programme.Stages };
        exam = exam with { Sessions = [exam.Sessions[0] with { Bases = [new("A", "基地A", "350000", "350100")] }] };
        var application = Application.Start(Guid.NewGuid(), "residentId", exam, exam.Sessions[0], Hp.Profile, Hp.Now);
        Hp.Must(application.Prefer([new("A", "内科")], exam, Hp.Profile, Hp.Now));
        Hp.Must(application.Submit(exam, Hp.Profile, Hp.Now, new("1", "A", "内科")));
        Hp.Must(application.MissDeadline(exam, Hp.AfterAll));

        Assert.Null(application.MatchDecision(Hp.On(application, "confirmation"), Hp.Now, Hp.AfterAll));
        Assert.Equal(Standing.Abandoned, application.Standing);
    }

    [Fact]
    public async Task One_application_whose_deadline_cannot_be_kept_is_pushed_back_and_holds_up_no_other()
    {
        var (broken, other) = (await Submitted(Person.Fujian), await Submitted(Person.Fujian));
        await Rules(broken, 999);
        service.Clock.Now = ConfirmationEnds;
        await StandsAt(other, "abandoned");
        await Until.Async(async () => await service.Query(db => db.Applications.Where(a => a.Id == broken.Application).Select(a => a.LapsesAt).SingleAsync()) > ConfirmationEnds);

        await Rules(broken, Hp.Programme.Version);
        service.Clock.Now = ConfirmationEnds.AddMinutes(1);
        await StandsAt(broken, "abandoned");
    }

    [Fact]
    public async Task A_reminder_is_no_change_to_somebody_who_is_typing()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        var read = (await person.Http.GetAsync(person.Address)).Headers.ETag!.ToString();
        service.Clock.Now = RegistrationEnds.AddHours(-72);
        await Until.Async(async () => (await service.Published<DeadlineNear>(person.Application)).Count > 0);

        var answers = new { answers = new { employer = "示例医院", since = "2015-07", years = "12", post = "主治医师" } };
        Assert.Equal(HttpStatusCode.OK, (await person.TryPut($"{person.Address}/steps/work", answers, read)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await person.TryPut($"{person.Address}/steps/work", answers, read)).StatusCode);
    }

    [Fact]
    public async Task A_reminder_that_falls_due_while_an_application_is_being_sent_in_does_not_hinder_it()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        service.Documents.Meanwhile = async () =>
        {
            service.Clock.Now = RegistrationEnds.AddHours(-72);
            await ActivatorUtilities.CreateInstance<KeepDeadlines>(service.Services).Look(CancellationToken.None);
        };

        await person.Submit();

        Assert.Equal("submitted", (string)(await person.Look())["standing"]!);
        Assert.Empty(await service.Published<DeadlineNear>(person.Application));
    }

    [Fact]
    public async Task Each_deadline_is_reminded_of_once()
    {
        var person = await Submitted(Person.Fujian);
        service.Clock.Now = ConfirmationEnds.AddHours(-72);
        await Until.Async(async () => (await service.Published<DeadlineNear>(person.Application)).Count > 0);
        service.Clock.Now = ConfirmationEnds.AddHours(-1);
        var other = await Reminded(service);

        Assert.Equal(("confirm", ConfirmationEnds), Assert.Single(await service.Published<DeadlineNear>(person.Application)) is var near ? (near.Task, near.DueAt) : default);
        Assert.Single(await service.Published<DeadlineNear>(other.Application));
    }

    [Fact]
    public async Task Replicas_share_the_work_and_each_application_is_abandoned_once()
    {
        var people = new List<Person>();
        for (var i = 0; i < 5; i++) people.Add(await Submitted(Person.Fujian));
        var replicas = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<KeepDeadlines>(service.Services)).ToList();
        await Task.WhenAll(replicas.Select(r => r.StartAsync(CancellationToken.None)));
        service.Clock.Now = ConfirmationEnds;
        foreach (var person in people) await StandsAt(person, "abandoned");
        await Task.WhenAll(replicas.Select(r => r.StopAsync(CancellationToken.None)));

        foreach (var person in people) Assert.Single(await service.Published<ApplicationAbandoned>(person.Application));
    }

    [Fact]
    public async Task After_registration_has_closed_nothing_new_is_started_or_submitted()
    {
        var (started, late) = (await (await (await service.APerson()).Start()).Fill(), await service.APerson());
        service.Clock.Now = RegistrationEnds;

        var submission = await Person.Json(await started.Http.PostAsync($"{started.Address}/submissions", null));
        var start = await Person.Json(await late.Http.PostAsync("/api/applications", System.Net.Http.Json.JsonContent.Create(new { programme = "HP", session = "2027" })));

        Assert.Equal(("urn:exam:outside-window", "urn:exam:outside-window"), ((string)submission["type"]!, (string)start["type"]!));
    }

    /// <summary>One more whose reminder is due now: once it is told, the job has looked at everything due before it.</summary>
    private static async Task<Person> Reminded(ApplicationFixture service)
    {
        var now = service.Clock.Now;
        service.Clock.Now = Hp.Now;
        var person = await (await (await (await service.APerson()).Start()).Fill(Person.Fujian)).Submit();
        service.Clock.Now = now;
        await Until.Async(async () => (await service.Published<DeadlineNear>(person.Application)).Count > 0);
        return person;
    }

    /// <summary>Somebody whose on-site confirmation was missed, as far as is known here.</summary>
    private async Task<Person> Missed()
    {
        var person = await Submitted(Person.Fujian);
        service.Clock.Now = ConfirmationEnds;
        await StandsAt(person, "abandoned");
        return person;
    }

    private Task<int> Rules(Person person, int version) =>
        service.Query(db => db.Applications.Where(a => a.Id == person.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.ProgrammeVersion, version)));

    private async Task<Person> Submitted(string[] at) => await (await (await (await service.APerson()).Start()).Fill(at)).Submit();

    private static Task StandsAt(Person person, string where) => Until.Async(async () => (string)(await person.Look())["status"]!["where"]! == where, what: $"it stands at {where}");
}
