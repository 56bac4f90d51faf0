using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Applications.Features;
using ExamPlatform.Testing;
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

    private async Task<Person> Submitted(string[] at) => await (await (await (await service.APerson()).Start()).Fill(at)).Submit();

    private static Task StandsAt(Person person, string where) => Until.Async(async () => (string)(await person.Look())["status"]!["where"]! == where, what: $"it stands at {where}");
}
