using ExamPlatform.Identities.Contracts;
using ExamPlatform.Identities.Features;
using ExamPlatform.Sandbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

/// <summary>The national registry at its side; looked at only when a test says so.</summary>
public sealed class IdRegistryFixture : IdentityFixture
{
    private RegisterWorld? world;

    public RegisterWorld World => world ??= new(Clock);

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:IdRegistry:BaseAddress", World.Address.ToString()), new("Identity:IdRegistry:Secret", RegisterWorld.Secret)];

    protected override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(CheckIdentities)));
    }

    /// <summary>One replica's look.</summary>
    public Task<int> Look() => ActivatorUtilities.CreateInstance<CheckIdentities>(Services).Look(default);

    public Task<List<IdentityCheck>> Kept(Guid id) => Query(db => db.IdentityChecks.AsNoTracking().Where(c => c.CandidateId == id).OrderBy(c => c.Id).ToListAsync());

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) world?.Dispose();
    }
}

public class CheckIdentitiesTests(IdRegistryFixture identity) : IClassFixture<IdRegistryFixture>
{
    [Fact]
    public async Task Registering_wants_a_check_that_is_pending_until_the_registry_is_asked()
    {
        var (id, _, token, _) = await identity.ACandidate();

        Assert.Equal((IdentityCheckState.Pending, IdentityCheckSource.NationalRegistry, identity.Clock.Now), Assert.Single(await identity.Kept(id)) is var check ? (check.State, check.Source, check.WantedAt) : default);
        Assert.Equal("pending", await Seen(token));
        Assert.Equal("pending", await Told(id));
    }

    [Theory]
    [InlineData("张三", IdentityCheckState.Passed, IdAnswer.Match)]
    [InlineData("李四", IdentityCheckState.Failed, IdAnswer.NameDiffers)]
    [InlineData(null, IdentityCheckState.Failed, IdAnswer.NoSuchNumber)]
    public async Task The_registrys_answer_is_kept_with_its_time_and_told_once(string? name, IdentityCheckState state, IdAnswer answer)
    {
        var (id, number, token, _) = await identity.ACandidate();
        identity.World.Tell(number, name);
        identity.Clock.Advance(TimeSpan.FromSeconds(5));

        await LookAtAll();
        await identity.Look();

        var kept = Assert.Single(await identity.Kept(id));
        Assert.Equal((state, answer, 1, (DateTimeOffset?)null, identity.Clock.Now), (kept.State, kept.Answer, kept.Tries, kept.NextAt, kept.At));
        Assert.Equal(new IdentityVerified(id, state is IdentityCheckState.Passed, kept.At), Assert.Single(await identity.Published<IdentityVerified>(id)));
        Assert.Equal((kept.StateName, kept.StateName), (await Seen(token), await Told(id)));
    }

    [Theory]
    [InlineData(Effect.Fail)]
    [InlineData(Effect.Drop)]
    [InlineData(Effect.Hang)]
    [InlineData(Effect.WrongSignature)]
    public async Task A_registry_that_gives_no_answer_to_be_believed_says_neither_yes_nor_no_and_is_asked_again(Effect effect)
    {
        var (id, number, _, _) = await identity.ACandidate();
        identity.World.Misbehave(number, effect, Channel.IdRegistry);

        await LookAtAll();
        var (without, soon) = (await identity.Kept(id), await identity.Look());
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        await LookAtAll();

        Assert.Equal((IdentityCheckState.Unreachable, null, 0), (without[0].State, without[0].Answer, soon));
        Assert.Equal((IdentityCheckState.Passed, 2), Assert.Single(await identity.Kept(id)) is var kept ? (kept.State, kept.Tries) : default);
    }

    [Fact]
    public void The_pauses_double_up_to_an_hour_and_never_end()
    {
        var (now, check) = (identity.Clock.Now, IdentityCheck.Want(Guid.NewGuid(), DocumentType.ResidentId, identity.Clock.Now));

        var pauses = Enumerable.Range(0, 100).Select(_ => { check.Take(null, now); return (check.NextAt!.Value - now).TotalMinutes; }).ToList();

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses[..8]);
        Assert.All(pauses[8..], pause => Assert.Equal(60, pause));
    }

    [Fact]
    public async Task A_document_that_no_register_holds_is_asked_about_nowhere()
    {
        var passport = new { name = "张三", documentType = "passport", documentNumber = $"E{Random.Shared.Next(10_000_000, 99_999_999)}", mobile = "13812345678", password = Password, noticeVersion = Notice.Current.Version, sex = "male", birthDate = "1990-01-01", nationality = "CHN" };
        var body = await Body(await identity.Post("/api/identity/candidates", new { passport.name, passport.documentType, passport.documentNumber, passport.mobile, passport.password, passport.noticeVersion, passport.sex, passport.birthDate, passport.nationality, repeat = new { passport.name, passport.documentType, passport.documentNumber } }), 201);
        var id = body.GetProperty("candidateId").GetGuid();

        await LookAtAll();

        Assert.Equal((IdentityCheckState.NotCheckable, IdentityCheckSource.DocumentType, 0), Assert.Single(await identity.Kept(id)) is var check ? (check.State, check.Source, check.Tries) : default);
        Assert.Equal("notCheckable", await Told(id));
        Assert.Empty(await identity.Published<IdentityVerified>(id));
    }

    [Fact]
    public void What_the_registry_cannot_check_is_neither_passed_nor_failed()
    {
        var check = IdentityCheck.Want(Guid.NewGuid(), DocumentType.ForeignPermanentResidentCard, identity.Clock.Now);

        check.Take(IdAnswer.CannotCheck, identity.Clock.Now);

        Assert.Equal((IdentityCheckState.NotCheckable, IdentityCheckSource.NationalRegistry, (DateTimeOffset?)null), (check.State, check.Source, check.NextAt));
        Assert.Throws<InvalidOperationException>(() => check.Take(IdAnswer.Match, identity.Clock.Now));
    }

    [Fact]
    public async Task Replicas_share_the_work_and_ask_once_about_each()
    {
        var people = new List<Guid>();
        for (var i = 0; i < 30; i++) people.Add((await identity.ACandidate()).Id);

        var looked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => identity.Look()));
        await LookAtAll();

        Assert.InRange(looked.Sum(), 20, 80);
        var kept = await identity.Query(db => db.IdentityChecks.Where(c => people.Contains(c.CandidateId)).ToListAsync());
        Assert.All(kept, check => Assert.Equal((IdentityCheckState.Passed, 1), (check.State, check.Tries)));
        Assert.Equal(30, kept.Count);
    }

    [Fact]
    public async Task A_correction_of_the_identity_wants_another_check_and_only_the_newest_is_asked_about_and_counts()
    {
        var (id, number, token, _) = await identity.ACandidate();
        identity.World.Tell(number, "张𠮷");
        await LookAtAll();
        await Correct(id, number, "张𠮷");

        var pending = await Seen(token);
        await LookAtAll();

        Assert.Equal(("pending", "passed"), (pending, await Seen(token)));
        Assert.Equal([IdentityCheckState.Failed, IdentityCheckState.Passed], (await identity.Kept(id)).Select(c => c.State));
    }

    [Fact]
    public async Task A_check_that_a_correction_made_old_is_not_asked_about_any_more()
    {
        var (id, number, _, _) = await identity.ACandidate();
        await Correct(id, number, "张四");

        await LookAtAll();

        Assert.Equal([IdentityCheckState.Pending, IdentityCheckState.Passed], (await identity.Kept(id)).Select(c => c.State));
    }

    [Fact]
    public void Missing_settings_are_told_all_at_once()
    {
        var faults = new IdRegistrySettingsValidator().Validate(null, new()).FailureMessage!;

        Assert.All((string[])["BaseAddress", "Secret"], key => Assert.Contains($"Identity__IdRegistry__{key}", faults));
    }

    private async Task LookAtAll()
    {
        while (await identity.Look() > 0) { }
    }

    private async Task<string> Seen(string token) => (await Body(await identity.With(token).GetAsync("/api/identity/me"), 200)).GetProperty("candidate").GetProperty("identityCheck").GetProperty("state").GetString()!;

    private async Task<string> Told(Guid id) => (await identity.Answers().GetPersonAsync(new() { CandidateId = id.ToString() }, PlatformKey)).IdentityCheck;

    private async Task Correct(Guid id, string number, string name)
    {
        var officer = Guid.NewGuid();
        await identity.Query(async db => await db.Database.ExecuteSqlAsync($"insert into known_places (candidate_id, area_path) values ({id}, '110000/110100/') on conflict do nothing"));
        identity.Clock.Advance(TimeSpan.FromSeconds(1));
        var asked = new { name = "张三", documentType = "residentId", documentNumber = number, right = new { name, documentType = "residentId", documentNumber = number }, reason = "姓名登记有误，已核对身份证原件。", evidenceDocumentId = identity.AScanOf(officer) };
        await Body(await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(identity.Officer("site", "110000/110100/", officer), "/api/identity/corrections", asked), 201);
    }
}
