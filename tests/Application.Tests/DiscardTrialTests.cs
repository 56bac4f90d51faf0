using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Applications.Features;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Applications.Tests;

/// <summary>Practice is thrown away, and nothing else is.</summary>
public sealed class DiscardTrialTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task So_many_days_after_its_last_window_a_practice_is_gone_with_all_that_belongs_to_it_and_what_is_real_stays()
    {
        var exam = await service.Practice("D-TIME");
        var practice = await Sent("D-TIME", "practice");
        var real = await Sent("D-TIME", "2027");
        var over = exam.Sessions[0].Windows.Concat(exam.Sessions[0].Areas.SelectMany(a => a.Windows)).Max(w => w.Until).AddDays(3);
        service.Clock.Now = over.AddSeconds(-1);
        await TheJobHasLooked();
        var (kept, before) = (await Left(practice), await Left(real));

        service.Clock.Now = over;
        await Until.Async(async () => await Left(practice) == "", what: "the practice is gone");

        Assert.Equal(("application submissions history answers", kept), (before, before));
        Assert.Equal(before, await Left(real));
    }

    [Fact]
    public async Task A_national_officer_throws_away_what_was_practised_until_then_and_it_is_kept_who_did()
    {
        await service.Practice("D-ASKED");
        var (gone, real, officer) = (await Sent("D-ASKED", "practice"), await Sent("D-ASKED", "2027"), Guid.NewGuid());
        var reply = await Discard("D-ASKED", "practice", service.National(officer));
        await Until.Async(async () => await Left(gone) == "", what: "the practice is gone");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await Sent("D-ASKED", "practice");
        await TheJobHasLooked();

        Assert.Equal((HttpStatusCode.Accepted, 1), (reply.StatusCode, (int)(await Person.Json(reply))["applications"]!));
        Assert.Equal(officer, await service.Query(db => db.TrialDiscards.Where(d => d.ProgrammeCode == "D-ASKED").Select(d => d.AskedBy).SingleAsync()));
        Assert.NotEqual("", await Left(real));
        Assert.NotEqual("", await Left(later));
        Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(() => service.Query(db => db.TrialDiscards.ExecuteDeleteAsync()))).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_national_officer_throws_away_and_never_what_is_real()
    {
        await service.Practice("D-WHO");

        Assert.Equal((HttpStatusCode.Conflict, "not-a-trial"), await (await Discard("D-WHO", "2027", service.National())).Problem());
        Assert.Equal((HttpStatusCode.Forbidden, "not-allowed"), await (await Discard("D-WHO", "practice", service.Officer("area", "110000/"))).Problem());
        Assert.Equal((HttpStatusCode.Forbidden, "not-allowed"), await (await Discard("D-WHO", "practice", service.Candidate(Guid.NewGuid()))).Problem());
        Assert.Equal(HttpStatusCode.NotFound, (await Discard("D-WHO", "2030", service.National())).StatusCode);
        Assert.Empty(await service.Query(db => db.TrialDiscards.Where(d => d.ProgrammeCode == "D-WHO").ToListAsync()));
    }

    [Fact]
    public async Task The_database_lets_go_of_nothing_real_even_on_the_way_of_the_job()
    {
        await service.Practice("D-REAL");
        var person = await Sent("D-REAL", "2027");
        var draft = await (await service.APerson()).Start("D-REAL");
        var practice = await Sent("D-REAL", "practice");

        foreach (var real in new[] { person.Application, draft.Application })
            await Refused(async db => await KeepTrials.Discard(db, await db.Applications.AsNoTracking().Where(a => a.Id == real).ToListAsync(), service.Clock.Now, CancellationToken.None));
        await Refused(db => db.Submissions.Where(s => s.ApplicationId == person.Application).ExecuteDeleteAsync());
        await Refused(db => db.History.Where(h => h.ApplicationId == person.Application).ExecuteDeleteAsync());
        await Refused(db => db.Applications.Where(a => a.Id == person.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.Trial, true)));
        await Refused(db => db.Applications.Where(a => a.Id == practice.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.Trial, false)));
        await Refused(db => db.History.Where(h => h.ApplicationId == practice.Application).ExecuteUpdateAsync(set => set.SetProperty(h => h.VersionSeen, 9)));

        Assert.Equal("application submissions history answers", await Left(person));
        Assert.NotEqual("", await Left(draft));
    }

    [Fact]
    public async Task What_is_thrown_away_is_told_with_the_uploads_that_nothing_else_uses()
    {
        await service.Practice("D-TOLD");
        var person = await Sent("D-TOLD", "practice");
        var (practice, uploads) = (person.Application, await Uploads(person.Application));
        var shared = uploads[0];
        await person.Start("D-TOLD");
        await person.Put($"{person.Address}/documents", new { photo = shared, documents = new Dictionary<string, Guid>() });

        await Discard("D-TOLD", "practice", service.National());
        await Until.Async(async () => (await service.Published<TrialDiscarded>(practice)).Count > 0, what: "it is told");

        var told = Assert.Single(await service.Published<TrialDiscarded>(practice));
        Assert.Equal([practice], told.ApplicationIds);
        Assert.Equal(uploads.Except([shared]).Order(), told.DocumentIds.Order());
    }

    [Fact]
    public async Task News_of_a_practice_that_comes_late_changes_nothing()
    {
        await service.Practice("D-LATE");
        var person = await Sent("D-LATE", "practice");
        await Discard("D-LATE", "practice", service.National());
        await Until.Async(async () => await Left(person) == "", what: "the practice is gone");

        await person.Confirmed();
        await person.Paid(Guid.NewGuid());

        Assert.Equal("", await Left(person));
        Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync(person.Address)).StatusCode);
    }

    [Fact]
    public async Task A_place_that_was_held_in_practice_is_free_again()
    {
        var exam = Exams.WithPlaces("D-PLACE", a: 2);
        await service.Publish(exam with { Sessions = [exam.Sessions[0] with { Trial = new(3, "test") }] });
        await (await service.Applicant("D-PLACE").Wanting("A")).Submit();
        Assert.Equal(("A", 2, 1), (await service.Places("D-PLACE"))[0]);

        await Discard("D-PLACE", "2027", service.National());

        await Until.Async(async () => (await service.Places("D-PLACE"))[0] == ("A", 2, 0), what: "the place is free");
    }

    [Fact]
    public async Task More_than_a_batch_is_thrown_away_at_one_asking()
    {
        var exam = await service.Practice("D-MANY");
        await service.Query(async db =>
        {
            for (var i = 0; i < 230; i++) db.Applications.Add(Applications.Application.Start(Guid.NewGuid(), "residentId", exam, exam.Sessions[1], ProfileGroups.Empty, Hp.Now));
            return await db.SaveChangesAsync();
        });

        await Discard("D-MANY", "practice", service.National());

        await Until.Async(() => service.Query(async db => !await db.Applications.AnyAsync(a => a.ProgrammeCode == "D-MANY")), what: "all are gone");
    }

    /// <summary>Another practice that is to be thrown away is gone, twice: in between the job has looked at everything.</summary>
    private async Task TheJobHasLooked()
    {
        foreach (var code in new[] { Guid.NewGuid(), Guid.NewGuid() }.Select(id => id.ToString("N")))
        {
            var exam = await service.Practice(code);
            await service.Query(async db =>
            {
                db.Applications.Add(Applications.Application.Start(Guid.NewGuid(), "residentId", exam, exam.Sessions[1], ProfileGroups.Empty, service.Clock.Now));
                return await db.SaveChangesAsync();
            });
            await Discard(code, "practice", service.National());
            await Until.Async(() => service.Query(async db => !await db.Applications.AnyAsync(a => a.ProgrammeCode == code)), what: "the job has looked");
        }
    }

    private async Task Refused(Func<ApplicationDb, Task> change) => Assert.Equal("P0001", (await Assert.ThrowsAsync<PostgresException>(() => service.Query(async db =>
    {
        await change(db);
        return 0;
    }))).SqlState);

    private static Task<HttpResponseMessage> Discard(string programme, string session, HttpClient officer) => officer.DeleteAsync($"/api/programmes/{programme}/sessions/{session}/applications");

    private async Task<Person> Sent(string programme, string session)
    {
        var person = await (await (await service.APerson()).Start(programme, session)).Fill();
        Assert.Equal(HttpStatusCode.Created, (await person.TrySubmit(Guid.NewGuid().ToString())).StatusCode);
        return person;
    }

    /// <summary>What the database holds of an application.</summary>
    private Task<string> Left(Person person) => service.Query(async db => string.Join(' ', new[]
    {
        await db.Applications.AnyAsync(a => a.Id == person.Application) ? "application" : "",
        await db.Submissions.AnyAsync(s => s.ApplicationId == person.Application) ? "submissions" : "",
        await db.History.AnyAsync(h => h.ApplicationId == person.Application) ? "history" : "",
        await db.KeptAnswers.AnyAsync(k => k.ActorId == person.Id && k.Location!.Contains(person.Application.ToString())) ? "answers" : "",
    }.Where(part => part.Length > 0)));

    private Task<List<Guid>> Uploads(Guid application) => service.Query(async db =>
    {
        var sent = await db.Submissions.SingleAsync(s => s.ApplicationId == application);
        return sent.Documents.Values.Append(sent.PhotoId!.Value).ToList();
    });
}
