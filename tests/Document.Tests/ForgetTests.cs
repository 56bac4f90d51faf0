using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Features;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Documents.Tests;

/// <summary>Uploads of people who are gone, and of applications whose exam needs them no longer.</summary>
public sealed class ForgetTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    private async Task<(Guid Upload, Guid Application)> Held()
    {
        var (id, application) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await Hold(id, application);
        return (id, application);
    }

    private Task Hold(Guid id, Guid application) => service.Deliver(new ApplicationSubmitted(application, me, 1, "HP", 1, "2027", "110000/110100/", [id], service.Clock.Now));

    [Fact]
    public async Task With_the_account_go_all_uploads_with_their_files_and_those_of_others_stay()
    {
        var ((held, _), free, other) = (await Held(), (await service.Decided(Me)).Id, (await service.Decided(service.Candidate(Guid.NewGuid()))).Id);

        await service.Deliver(new AccountDeleted(me, service.Clock.Now));
        await service.Deliver(new AccountDeleted(me, service.Clock.Now));

        Assert.Equal((null, null), (service.FileOf(held), service.FileOf(free)));
        Assert.NotNull(service.FileOf(other));
        Assert.False(await service.Query(db => db.Documents.AnyAsync(d => d.CandidateId == me)));
        Assert.False(await service.Query(db => db.Holdings.AnyAsync(h => h.DocumentId == held)));
    }

    [Fact]
    public async Task What_only_a_cleared_application_used_is_gone_after_a_day_and_what_another_holds_stays()
    {
        var ((gone, application), (kept, also)) = (await Held(), await Held());
        await Hold(kept, Guid.NewGuid());

        await service.Deliver(new ApplicationsCleared([application, also], [gone], service.Clock.Now));
        service.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        File.SetLastWriteTimeUtc(service.FileOf(gone)!, DateTime.UtcNow.AddDays(-2));
        await service.Services.GetServices<IHostedService>().OfType<SweepDocuments>().Single().Sweep(CancellationToken.None);

        Assert.Null(service.FileOf(gone));
        Assert.Equal(HttpStatusCode.OK, (await Me.GetAsync($"/api/documents/{kept}")).StatusCode);
        Assert.Equal(1, await service.Query(db => db.Holdings.CountAsync(h => h.DocumentId == kept)));
        Assert.Equal(HttpStatusCode.Conflict, (await Me.DeleteAsync($"/api/documents/{kept}")).StatusCode);
    }
}
