using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ExamPlatform.Reviews.Tests;

/// <summary>The review service with an application service that knows every submission.</summary>
public sealed class ReviewFixture : ServiceFixture<Work, ReviewDb>
{
    public const string Beijing = "110000/";
    public const string BeijingSite = "110000/110100/";

    public Applications Application { get; } = new();

    protected override void Replace(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ApplicationAnswers.ApplicationAnswersClient>(Application));

    /// <summary>What the officer wrote, as it opens now.</summary>
    public async Task<string> Said(Decision decision)
    {
        await using var scope = Services.CreateAsyncScope();
        return decision.Said(await scope.ServiceProvider.GetRequiredService<OwnerKeys>().Find([decision.ApplicationId], default));
    }

    public static StageOpened Stage(Guid application, int version = 1, string stage = "site-review", string level = "site", string areaPath = BeijingSite, string kind = "review", string programme = "HP", int round = 1) =>
        new(application, Guid.NewGuid(), version, programme, 1, "2027", stage, kind, level, areaPath, new DateTimeOffset(2027, 1, 25, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero), round);

    public async Task<Work> AnOpenWork(string level = "site", string areaPath = BeijingSite, string kind = "review", string stage = "site-review", string programme = "HP", Guid? application = null, int round = 1)
    {
        var opened = Stage(application ?? Guid.NewGuid(), level: level, areaPath: areaPath, kind: kind, stage: stage, programme: programme, round: round);
        await Deliver(opened);
        return (await WorkOf(opened.ApplicationId)).Single(w => w.Round == round);
    }

    /// <summary>Work that an officer holds, with that officer's client.</summary>
    public async Task<(Work Work, HttpClient Holder, Guid Officer)> AClaimedWork(string kind = "review", string stage = "site-review", Guid? application = null, int round = 1, Guid? officer = null)
    {
        var (work, id) = (await AnOpenWork(kind: kind, stage: stage, application: application, round: round), officer ?? Guid.NewGuid());
        var holder = Officer("site", BeijingSite, id);
        (await holder.PostAsync($"/api/reviews/work/{work.Id}/claim", null)).EnsureSuccessStatusCode();
        return (work, holder, id);
    }

    /// <summary>Claimed work of an application that has passed a stage before: there is something to send it back to.</summary>
    public async Task<(Work Work, HttpClient Holder, Guid Officer)> AClaimedLaterWork(string kind = "review")
    {
        var application = (await AnOpenWork(kind: "acceptance", stage: "acceptance")).ApplicationId;
        return await AClaimedWork(kind, application: application, round: 2);
    }

    public Task<Work> Now(Work work) => Query(db => db.Work.AsNoTracking().Include(w => w.History.OrderBy(t => t.Id)).SingleAsync(w => w.Id == work.Id));

    public Task<List<Work>> WorkOf(Guid application) => Query(db => db.Work.AsNoTracking().Include(w => w.History).Where(w => w.ApplicationId == application).OrderBy(w => w.Version).ThenBy(w => w.Round).ToListAsync());

    /// <summary>How PostgreSQL would answer from its indexes, were there many rows.</summary>
    public Task<string> Plan(Func<ReviewDb, IQueryable<object>> query) => Query(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off");
        await using var command = query(db).CreateDbCommand();
        command.CommandText = "explain " + command.CommandText;
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    });

    public static Task<HttpResponseMessage> Decide(HttpClient officer, Guid work, object body) => officer.PostAsJsonAsync($"/api/reviews/work/{work}/decision", body);
}
