using System.Text.Json.Nodes;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Applications.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

/// <summary>How long the personal data of applications are kept.</summary>
public sealed class RetentionTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private static readonly ExamSession Session = Hp.Programme.Sessions[0];
    private static readonly DateTimeOffset Over = Session.EndsAt().AddDays(Hp.Programme.Retention!.Days);

    public void Dispose() => service.Clock.Now = Hp.Now;

    private async Task<Person> Sent() => await (await (await (await service.APerson()).Start(session: Session.Code)).Fill()).Submit();

    private KeepRetention Job() => ActivatorUtilities.CreateInstance<KeepRetention>(service.Services);

    private Task<Application> Row(Person person) => service.Query(db => db.Applications.AsNoTracking().Include(a => a.Submissions).SingleAsync(a => a.Id == person.Application));

    private async Task<Person> GaveUp()
    {
        var person = await Sent();
        Assert.True((await person.Http.PostAsync($"{person.Address}/abandonment", null)).IsSuccessStatusCode);
        return person;
    }

    [Fact]
    public async Task So_many_days_after_the_session_what_is_decided_is_cleared_and_told_and_what_is_not_is_kept()
    {
        var (gone, open) = (await GaveUp(), await Sent());
        service.Clock.Now = Over.AddSeconds(-1);
        await Job().Look(default);
        Assert.Null((await Row(gone)).ClearedAt);

        service.Clock.Now = Over;
        await Job().Look(default);
        await Job().Look(default);

        var (cleared, kept) = (await Row(gone), await Row(open));
        Assert.Equal((Over, 0, 0, null), (cleared.ClearedAt, cleared.Submissions.Count, cleared.Answers.Count, cleared.PhotoId));
        Assert.Equal((Standing.Abandoned, "110000", gone.Id), (cleared.Standing, cleared.Sent!.Area, cleared.CandidateId));
        Assert.Single(await service.Published<ApplicationsCleared>(gone.Application));
        Assert.Equal((null, 1), (kept.ClearedAt, kept.Submissions.Count));
        Assert.Equal("", Assert.Single((await gone.Look())["documents"]!.AsObject().Select(d => d.Key).DefaultIfEmpty("")));
    }

    [Fact]
    public async Task What_still_happened_after_the_session_counts_from_then()
    {
        var person = await GaveUp();
        var late = Session.EndsAt().AddDays(100);
        await service.Query(db => db.Database.ExecuteSqlAsync($"update applications set changed_at = {late} where id = {person.Application}"));
        service.Clock.Now = Over.AddDays(99);
        await Job().Look(default);
        Assert.Equal((null, late.AddDays(Hp.Programme.Retention!.Days)), ((await Row(person)).ClearedAt, (await Row(person)).KeptUntil(Hp.Programme)));

        service.Clock.Now = Over.AddDays(100);
        await Job().Look(default);

        Assert.NotNull((await Row(person)).ClearedAt);
    }

    [Fact]
    public async Task Replicas_share_the_night_and_each_application_is_cleared_once()
    {
        var people = new List<Person>();
        for (var i = 0; i < 6; i++) people.Add(await GaveUp());
        service.Clock.Now = Over;

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Job().Look(default)));
        await Job().Look(default);

        foreach (var person in people) Assert.NotNull((await Row(person)).ClearedAt);
        var told = (await service.Query(db => db.Outbox.AsNoTracking().Where(m => m.Type.Contains("ApplicationsCleared")).Select(m => m.Body).ToListAsync())).ConvertAll(body => System.Text.Json.JsonSerializer.Deserialize<ApplicationsCleared>(body, Messaging.Json)!);
        Assert.All(people, person => Assert.Single(told, m => m.ApplicationIds.Contains(person.Application)));
    }

    [Theory]
    [InlineData("1:30", true)]
    [InlineData("4:59", true)]
    [InlineData("5:00", false)]
    [InlineData("14:00", false)]
    public void It_is_done_at_night_in_China(string time, bool night) =>
        Assert.Equal(night, new RetentionOptions().IsNight(new(DateOnly.FromDateTime(Hp.Now.Date), TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(8))));

    [Fact]
    public void An_exam_that_does_not_say_or_says_too_little_is_refused()
    {
        static IEnumerable<string> Faults(string? rule)
        {
            var exam = JsonNode.Parse(Exam.Text("HP"))!;
            exam["retention"] = rule is null ? null : JsonNode.Parse(rule);
            return ProgrammeReader.Read(exam.ToJsonString()).Faults.Select(f => $"{f.Pointer} {f.Code}");
        }

        Assert.Equal(["#/retention required"], Faults(null));
        Assert.Equal(["#/retention/days out-of-range"], Faults("""{ "days": 29, "source": "test" }"""));
        Assert.Empty(Faults("""{ "days": 30, "source": "test" }"""));
    }

    [Fact]
    public async Task What_is_sealed_is_sealed_anew_in_what_never_changes_too_and_reads_as_before()
    {
        var person = await Sent();
        var before = (await Row(person)).Submissions[0].Answers;
        await using var scope = service.Services.CreateAsyncScope();
        var number = await scope.ServiceProvider.GetRequiredService<Seals>().Rotate(default);
        var trail = await service.Query(db => db.Audit.CountAsync());

        await scope.ServiceProvider.GetRequiredService<Reseal>().Pass(default);

        var used = await scope.ServiceProvider.GetRequiredService<Reseal>().InUse(default);
        Assert.All(used, key => Assert.Equal(key.Present, key.Values > 0));
        Assert.Equal(number, used.Single(key => key.Present).Number);
        Assert.Equal(before, (await Row(person)).Submissions[0].Answers);
        Assert.Equal(trail, await service.Query(db => db.Audit.CountAsync()));
        Assert.Contains("append-only", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Query(db => db.Database.ExecuteSqlAsync($"update submissions set answers = '{{}}' where application_id = {person.Application}")))).MessageText, StringComparison.Ordinal);
    }
}
