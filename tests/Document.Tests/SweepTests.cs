using ExamPlatform.Documents.Features;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Documents.Tests;

public sealed class SweepTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    [Fact]
    public async Task What_nobody_speaks_for_is_swept_and_what_a_row_speaks_for_stays()
    {
        var kept = await DocumentFixture.Uploaded(service.Candidate(Guid.NewGuid()));
        var (orphan, part, fresh) = (PathFor(Guid.NewGuid().ToString()), PathFor(Guid.NewGuid() + ".part"), PathFor(Guid.NewGuid().ToString(), daysOld: 0));
        File.SetLastWriteTimeUtc(service.FileOf(kept)!, DateTime.UtcNow.AddDays(-2));

        await Sweep();

        Assert.False(File.Exists(orphan));
        Assert.False(File.Exists(part));
        Assert.True(File.Exists(fresh));
        Assert.NotNull(service.FileOf(kept));
    }

    [Fact]
    public async Task A_deleted_upload_is_gone_for_good_after_the_time_set()
    {
        var me = service.Candidate(Guid.NewGuid());
        var id = (await service.Decided(me)).Id;
        await me.DeleteAsync($"/api/documents/{id}");
        await Sweep();
        Assert.True(await service.Query(db => db.Documents.AnyAsync(d => d.Id == id)));

        service.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        File.SetLastWriteTimeUtc(service.FileOf(id)!, DateTime.UtcNow.AddDays(-2));
        await Sweep();

        Assert.False(await service.Query(db => db.Documents.AnyAsync(d => d.Id == id)));
        Assert.Null(service.FileOf(id));
    }

    [Fact]
    public async Task A_consent_that_no_registration_named_is_gone_after_a_week_and_one_that_was_named_stays()
    {
        var (officer, person) = (Guid.NewGuid(), Guid.NewGuid());
        var desk = service.Officer("site", "110000/110100/", officer);
        var (waiting, named) = (await DocumentFixture.Uploaded(desk, kind: "consent"), await DocumentFixture.Uploaded(desk, kind: "consent"));
        await service.Deliver(new ConsentGiven(person, named, officer, service.Clock.Now));

        service.Clock.Advance(TimeSpan.FromDays(7));
        await Sweep();
        Assert.Equal(1, await service.RowsOf(officer));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Sweep();

        Assert.Equal((0, 1), (await service.RowsOf(officer), await service.RowsOf(person)));
        Assert.False(await service.Query(db => db.Documents.AnyAsync(d => d.Id == waiting)));
    }

    private Task Sweep() => service.Services.GetServices<IHostedService>().OfType<SweepDocuments>().Single().Sweep(CancellationToken.None);

    private string PathFor(string name, int daysOld = 2)
    {
        // the sweep takes names as they lie: the folder is the last two digits of the id
        var stem = name.Replace(".part", "", StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(Path.Combine(service.StorePath, stem[^2..])).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "left over");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-daysOld));
        return path;
    }
}
