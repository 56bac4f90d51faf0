using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

/// <summary>A candidate has their account and data deleted (K3).</summary>
public sealed class DeleteAccountTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Address = "/api/identity/me/deletion";
    private static readonly TimeSpan CoolingOff = TimeSpan.FromDays(7);

    private Task<HttpResponseMessage> Ask(string token, string password = Password) => identity.With(token).PostAsJsonAsync(Address, new { password });

    private async Task<JsonElement> Shown(string token) => await Body(await identity.With(token).GetAsync(Address), 200);

    private async Task Look(TimeSpan later)
    {
        identity.Clock.Advance(later);
        await identity.Services.GetRequiredService<CarryOutDeletions>().Look(default);
    }

    /// <summary>Past the cooling-off, and past the last access token.</summary>
    private async Task CarryOut()
    {
        await Look(CoolingOff);
        await Look(Tokens.AccessTokenLife);
    }

    [Fact]
    public async Task After_the_cooling_off_nobody_signs_in_and_nothing_says_who_it_was_and_the_document_registers_anew()
    {
        var (id, number, token, refresh) = await identity.ACandidate();
        Assert.Equal(identity.Clock.Now + CoolingOff, (await Body(await Ask(token), 200)).GetProperty("asked").GetProperty("notBefore").GetDateTimeOffset());
        var person = await identity.Query(db => db.Candidates.AsNoTracking().SingleAsync(c => c.Id == id));

        await CarryOut();

        await Body(await identity.SignInByNumber(number, Password), 401);
        await Body(await identity.Refresh(refresh), 401);
        var left = await identity.Query(db => db.Database.SqlQuery<string>($"select (select to_jsonb(c) from candidates c where id = {id})::text || (select to_jsonb(a) from accounts a where id = {id})::text as \"Value\"").SingleAsync());
        Assert.All((byte[][])[person.DocumentHash, person.MobileHash, person.SealedIdentity, person.SealedMobile], value => Assert.DoesNotContain(Convert.ToHexStringLower(value), left, StringComparison.Ordinal));
        Assert.Equal([id], (await identity.Published<AccountDeleted>(id)).ConvertAll(m => m.CandidateId));
        await Body(await identity.Register(ARegistration(number)), 201);
    }

    [Fact]
    public async Task Until_the_cooling_off_ends_all_goes_on_and_it_can_be_taken_back()
    {
        var (id, number, token, _) = await identity.ACandidate();
        await Body(await Ask(token), 200);
        await Look(CoolingOff - TimeSpan.FromSeconds(1));
        var later = Text(await Body(await identity.SignInByNumber(number, Password), 201), "accessToken");

        Assert.Equal(204, (int)(await identity.With(later).DeleteAsync(Address)).StatusCode);
        await CarryOut();

        await Body(await identity.SignInByNumber(number, Password), 201);
        Assert.Single(await identity.Published<AccountDeletionTakenBack>(id));
        Assert.Empty(await identity.Published<AccountDeleted>(id));
        Assert.Equal(["delete", "insert"], await identity.Query(db => db.Audit.Where(e => e.Source == "account_deletions" && e.Key == id.ToString()).Select(e => e.Operation).Order().ToListAsync()));
    }

    [Fact]
    public async Task What_an_exam_still_needs_holds_the_account_and_is_told_and_the_request_is_carried_out_when_it_ends()
    {
        var (id, number, token, _) = await identity.ACandidate();
        identity.Holds[id] = new() { CandidateId = $"{id}", ApplicationId = $"{Guid.NewGuid()}", ProgrammeTitle = "护士执业资格考试", SessionTitle = "2027年度", Until = "2030-01-01T00:00:00Z" };
        var told = (await Body(await Ask(token), 200)).GetProperty("applications")[0];
        Assert.Equal(("护士执业资格考试", "2027年度", 2030), (Text(told, "programme"), Text(told, "session"), told.GetProperty("until").GetDateTimeOffset().Year));
        await CarryOut();
        await Body(await identity.SignInByNumber(number, Password), 201);

        identity.Holds.TryRemove(id, out _);
        await CarryOut();

        await Body(await identity.SignInByNumber(number, Password), 401);
    }

    [Fact]
    public async Task As_long_as_an_access_token_may_be_good_the_person_stays_known_and_nothing_is_taken_back_any_more()
    {
        var (id, _, token, _) = await identity.ACandidate();
        await Body(await Ask(token), 200);
        await Look(CoolingOff);
        await Look(Tokens.AccessTokenLife - TimeSpan.FromSeconds(1));

        Assert.Empty(await identity.Published<AccountDeleted>(id));
        Assert.Equal("张三", (await identity.Answers().GetPersonAsync(new() { CandidateId = $"{id}" }, PlatformKey)).Name);
        Assert.Equal("deletion-begun", await identity.Query(async db => (await db.AccountDeletions.SingleAsync(d => d.AccountId == id)).TakeBack()?.Code));

        await Look(TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await identity.Answers().GetPersonAsync(new() { CandidateId = $"{id}" }, PlatformKey))).StatusCode);
    }

    [Fact]
    public async Task Nothing_by_which_the_person_signed_in_was_recovered_or_was_reached_is_left()
    {
        var (id, _, token, _) = await identity.ACandidate();
        var (data, now) = (identity.Services.GetRequiredService<PersonalData>(), identity.Clock.Now);
        await identity.Query(db =>
        {
            db.AddRange(
                new Passkey { AccountId = id, Name = "手机", CredentialId = id.ToByteArray(), PublicKey = [1], CreatedAt = now },
                new Binding { Id = Guid.CreateVersion7(), AccountId = id, Kind = BindingKind.WeChat, PersonHash = id.ToByteArray(), SealedPerson = [1], FollowerHash = id.ToByteArray(), BoundAt = now },
                new Follower { Hash = id.ToByteArray(), SealedId = [1], Follows = true, ToldAt = now },
                new SecurityAnswer { AccountId = id, AnswerHash = "hash", SetAt = now },
                FormerMobile.Of(id, "13900000000", data, now),
                FaceCheck.Begin(id, "provider", now).Kept);
            return db.SaveChangesAsync();
        });
        await Body(await Ask(token), 200);

        await CarryOut();

        await identity.Query(async db =>
        {
            Assert.Equal((false, false, false), (await db.Passkeys.AnyAsync(p => p.AccountId == id), await db.Bindings.AnyAsync(b => b.AccountId == id), await db.Followers.AnyAsync(f => f.Hash == id.ToByteArray())));
            Assert.Equal((false, false, false), (await db.SecurityAnswers.AnyAsync(a => a.AccountId == id), await db.FormerMobiles.AnyAsync(f => f.CandidateId == id), await db.FaceChecks.AnyAsync(f => f.AccountId == id)));
            return 0;
        });
    }

    [Fact]
    public async Task Without_the_password_nothing_is_asked_and_asking_twice_asks_once()
    {
        var (id, _, token, _) = await identity.ACandidate();
        Assert.Equal(["password wrong-password"], Faults(await Body(await Ask(token, "Wrong-Horse-1"), 400)));
        Assert.Equal(JsonValueKind.Null, (await Shown(token)).GetProperty("asked").ValueKind);

        await Task.WhenAll(Ask(token), Ask(token));
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await Body(await Ask(token), 200);

        Assert.Equal(identity.Clock.Now.AddMinutes(-1), again.GetProperty("asked").GetProperty("at").GetDateTimeOffset());
        Assert.Single(await identity.Published<AccountDeletionAsked>(id));
    }

    [Fact]
    public async Task What_officers_wrote_of_the_person_opens_no_more_in_the_row_and_in_the_trail_and_the_trail_is_whole()
    {
        var (id, _, token, _) = await identity.ACandidate();
        var key = await identity.PersonKeyMade(id);
        var reset = PasswordReset.Record(id, Guid.NewGuid(), "张三的女儿来过", Guid.NewGuid(), Guid.NewGuid(), key, identity.Clock.Now);
        await identity.Query(db =>
        {
            db.Add(reset);
            return db.SaveChangesAsync();
        });
        await Body(await Ask(token), 200);
        await CarryOut();

        Assert.Null(await identity.PersonKey(id));
        var kept = await identity.Query(db => db.PasswordResets.AsNoTracking().SingleAsync(r => r.CandidateId == id));
        Assert.Throws<InvalidOperationException>(() => kept.Reason(identity.Services.GetRequiredService<PersonalData>(), null));
        await using var scope = identity.Services.CreateAsyncScope();
        var trail = scope.ServiceProvider.GetRequiredService<AuditTrail>();
        while (await trail.Seal(default)) { }
        Assert.Empty((await trail.Verify(null, default)).Faults);
    }

    [Fact]
    public async Task Replicas_that_look_together_carry_it_out_once()
    {
        var (id, _, token, _) = await identity.ACandidate();
        await Body(await Ask(token), 200);
        identity.Clock.Advance(CoolingOff);
        var job = identity.Services.GetRequiredService<CarryOutDeletions>();
        await Task.WhenAll(job.Look(default), job.Look(default));
        identity.Clock.Advance(Tokens.AccessTokenLife);
        await Task.WhenAll(job.Look(default), job.Look(default), job.Look(default));

        Assert.Single(await identity.Published<AccountDeleted>(id));
    }
}
