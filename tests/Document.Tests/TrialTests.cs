using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Documents.Tests;

/// <summary>Uploads of a practice (试报名) that was thrown away.</summary>
public sealed class TrialTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    [Fact]
    public async Task What_only_the_practice_used_is_gone_for_everybody_and_after_a_day_with_its_file()
    {
        var (id, practice) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await service.Deliver(Submitted(practice, [id]));
        (await Officer().GetAsync($"/api/documents/{id}")).EnsureSuccessStatusCode();

        await service.Deliver(new TrialDiscarded([practice], [id], service.Clock.Now));
        await service.Deliver(new TrialDiscarded([practice], [id], service.Clock.Now));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), ((await Me.GetAsync($"/api/documents/{id}")).StatusCode, (await Officer().GetAsync($"/api/documents/{id}")).StatusCode));
        Assert.False(await service.Query(db => db.Holdings.AnyAsync(h => h.DocumentId == id)));
        Assert.False(await service.Query(db => db.Looks.AnyAsync(l => l.DocumentId == id)));
        service.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        File.SetLastWriteTimeUtc(service.FileOf(id)!, DateTime.UtcNow.AddDays(-2));
        await service.Services.GetServices<IHostedService>().OfType<SweepDocuments>().Single().Sweep(CancellationToken.None);
        Assert.False(await service.Query(db => db.Documents.AnyAsync(d => d.Id == id)));
        Assert.Null(service.FileOf(id));
    }

    [Fact]
    public async Task What_a_real_submission_holds_stays_whatever_the_message_says()
    {
        var (id, practice, real) = ((await service.Decided(Me)).Id, Guid.NewGuid(), Guid.NewGuid());
        await service.Deliver(Submitted(practice, [id]));
        await service.Deliver(Submitted(real, [id], trial: false));
        (await Officer().GetAsync($"/api/documents/{id}")).EnsureSuccessStatusCode();

        await service.Deliver(new TrialDiscarded([practice], [id], service.Clock.Now));

        var row = await service.Row(id);
        Assert.Equal((true, (DateTimeOffset?)null), (row.Submitted, row.DeletedAt));
        Assert.Equal([real], await service.Query(db => db.Holdings.Where(h => h.DocumentId == id).Select(h => h.ApplicationId).ToListAsync()));
        Assert.Equal(HttpStatusCode.OK, (await Officer().Open(id)).StatusCode);
    }

    [Fact]
    public async Task What_another_application_of_the_person_uses_stays_the_persons_own_and_is_free_again()
    {
        var (id, practice) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await service.Deliver(Submitted(practice, [id]));

        await service.Deliver(new TrialDiscarded([practice], [], service.Clock.Now));

        Assert.Equal(HttpStatusCode.OK, (await Me.GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Officer().GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal("trial-discarded", (await service.Row(id)).History.OrderBy(h => h.Id).Last().Reason);
        Assert.Equal(HttpStatusCode.NoContent, (await Me.DeleteAsync($"/api/documents/{id}")).StatusCode);
    }

    [Fact]
    public async Task What_went_with_a_practice_comes_back_when_a_real_submission_that_names_it_was_on_its_way()
    {
        var (id, practice) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await service.Deliver(Submitted(practice, [id]));
        await service.Deliver(new TrialDiscarded([practice], [id], service.Clock.Now));

        await service.Deliver(Submitted(Guid.NewGuid(), [id], trial: false));

        Assert.Equal((true, (DateTimeOffset?)null), ((await service.Row(id)).Submitted, (await service.Row(id)).DeletedAt));
    }

    [Fact]
    public async Task A_submission_of_a_practice_that_was_thrown_away_holds_nothing_any_more()
    {
        var (id, practice) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await service.Deliver(new TrialDiscarded([practice], [], service.Clock.Now));

        await service.Deliver(Submitted(practice, [id]));

        Assert.False(await service.Query(db => db.Holdings.AnyAsync(h => h.DocumentId == id)));
        Assert.False((await service.Row(id)).Submitted);
    }

    private ApplicationSubmitted Submitted(Guid application, Guid[] documents, bool trial = true) => new(application, me, 1, "HP", 1, "practice", "110000/110100/", documents, service.Clock.Now, trial);

    private HttpClient Officer() => service.Officer("site", "110000/110100/");
}
