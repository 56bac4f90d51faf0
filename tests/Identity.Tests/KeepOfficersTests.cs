using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class KeepOfficersTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Reason = "已核对单位出具的书面证明", New = "Other-Horse-2", Address = "/api/identity/officers";

    private async Task<HttpClient> SignedIn(string userName, string password = ReadyMadePassword) => identity.With(Text(await Body(await identity.SignIn(userName, password), 201), "accessToken"));

    /// <summary>An officer of a city, just appointed by the province.</summary>
    private async Task<(Guid Id, string UserName, string First, HttpClient By)> Appointed()
    {
        var (by, userName) = (await SignedIn("area-110000"), $"kept-{Guid.NewGuid():N}"[..20]);
        var body = await Body(await by.PostAsJsonAsync(Address, new { userName, displayName = "考点", level = "site", areaPath = "110000/110100/" }), 201);
        return (body.GetProperty("officerId").GetGuid(), userName, Text(body, "firstPassword"), by);
    }

    private static async Task<int> Own(HttpClient officer, string first) => (int)(await officer.PostAsJsonAsync("/api/identity/me/password", new { oldPassword = first, newPassword = New })).StatusCode;

    [Fact]
    public async Task A_first_password_does_nothing_but_be_replaced()
    {
        var (_, userName, first, _) = await Appointed();
        var officer = await SignedIn(userName, first);

        Assert.Equal(403, (int)(await officer.PostAsJsonAsync(Address, new { userName = "x", displayName = "x", level = "point", areaPath = "110000/110100/a/" })).StatusCode);
        Assert.True((await Body(await officer.GetAsync("/api/identity/me/second-factor"), 200)).GetProperty("hasFirstPassword").GetBoolean());
        Assert.Equal(204, await Own(officer, first));

        Assert.Equal(201, (int)(await (await SignedIn(userName, New)).PostAsJsonAsync(Address, new { userName = $"{userName[..18]}-p", displayName = "基地", level = "point", areaPath = "110000/110100/a/" })).StatusCode);
    }

    [Fact]
    public async Task A_first_password_is_random_and_good_for_seven_days()
    {
        var (one, other) = (await Appointed(), await Appointed());
        Assert.NotEqual(one.First, other.First);
        Assert.Equal(16, one.First.Length);
        await identity.Query(db => db.Accounts.Where(a => a.Id == one.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.FirstPasswordUntil, identity.Clock.Now)));

        Assert.Equal("first-password-over", Code(await Body(await identity.SignIn(one.UserName, one.First), 401)));
        Assert.Equal("sign-in-failed", Code(await Body(await identity.SignIn(one.UserName, "Wrong-Horse-1"), 401)));
        await SignedIn(other.UserName, other.First);
    }

    [Fact]
    public async Task A_dismissed_officer_is_out_at_once_and_gets_in_no_more()
    {
        var (id, userName, first, by) = await Appointed();
        await Own(await SignedIn(userName, first), first);
        var refresh = Text(await Body(await identity.SignIn(userName, New), 201), "refreshToken");

        Assert.Equal(204, (int)(await by.PostAsJsonAsync($"{Address}/{id}/dismissal", new { reason = Reason })).StatusCode);

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(refresh), 401)));
        Assert.Equal("sign-in-failed", Code(await Body(await identity.SignIn(userName, New), 401)));
        Assert.Equal("officer-dismissed", Code(await Body(await by.PostAsJsonAsync($"{Address}/{id}/dismissal", new { reason = Reason }), 409)));
        Assert.Equal("officer-dismissed", Code(await Body(await by.PostAsJsonAsync($"{Address}/{id}/access-reset", new { reason = Reason }), 409)));
        Assert.Equal([OfficerChangeKind.Dismissed], await identity.Query(db => db.OfficerChanges.Where(c => c.OfficerId == id).Select(c => c.Kind).ToListAsync()));
    }

    [Fact]
    public async Task Who_has_lost_app_and_password_gets_a_first_password_and_begins_anew()
    {
        var (id, userName, first, by) = await Appointed();
        await Own(await SignedIn(userName, first), first);
        await identity.Query(db =>
        {
            var factor = new SecondFactor { AccountId = id };
            var data = identity.Services.GetRequiredService<PersonalData>();
            var secret = SecondFactorTests.FromBase32(factor.Begin(data));
            factor.Confirm(SecondFactor.CodeOf(secret, identity.Clock.Now.ToUnixTimeSeconds() / 30), data, identity.Clock.Now);
            db.AddRange(factor, new Passkey { AccountId = id, CredentialId = id.ToByteArray(), Name = "x", CreatedAt = identity.Clock.Now });
            return db.SaveChangesAsync();
        });
        Assert.Equal("second-factor-required", Code(await Body(await identity.SignIn(userName, New), 401)));

        var given = Text(await Body(await by.PostAsJsonAsync($"{Address}/{id}/access-reset", new { reason = Reason }), 200), "firstPassword");

        await Body(await identity.SignIn(userName, New), 401);
        Assert.Equal(204, await Own(await SignedIn(userName, given), given));
        Assert.Equal(0, await identity.Query(db => db.Passkeys.CountAsync(p => p.AccountId == id)));
    }

    [Theory]
    [InlineData("area-350000")]
    [InlineData("site-110100")]
    [InlineData("national")]
    [InlineData("operator")]
    public async Task Only_the_level_above_in_its_own_jurisdiction_sees_and_changes_an_officer(string other)
    {
        var (id, _, _, _) = await Appointed();
        var by = await SignedIn(other);

        Assert.Equal(404, (int)(await by.PostAsJsonAsync($"{Address}/{id}/dismissal", new { reason = Reason })).StatusCode);
        Assert.Equal(404, (int)(await by.PostAsJsonAsync($"{Address}/{id}/access-reset", new { reason = Reason })).StatusCode);
        Assert.DoesNotContain(id, (await Body(await by.GetAsync(Address), 200)).EnumerateArray().Select(o => o.GetProperty("officerId").GetGuid()));
    }

    [Fact]
    public async Task The_list_tells_who_is_there_and_since_when_and_no_secret()
    {
        var (id, userName, first, by) = await Appointed();
        var before = (await Body(await by.GetAsync(Address), 200)).EnumerateArray().Single(o => o.GetProperty("officerId").GetGuid() == id);
        Assert.Equal((userName, false, JsonValueKind.Null), (Text(before, "userName"), before.GetProperty("hasOwnPassword").GetBoolean(), before.GetProperty("lastSignInAt").ValueKind));
        await Own(await SignedIn(userName, first), first);

        var after = (await Body(await by.GetAsync(Address), 200)).EnumerateArray().Single(o => o.GetProperty("officerId").GetGuid() == id);

        Assert.True(after.GetProperty("hasOwnPassword").GetBoolean());
        Assert.Equal(identity.Clock.Now, after.GetProperty("lastSignInAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_reason_is_asked_for_and_kept_sealed()
    {
        var (id, _, _, by) = await Appointed();

        Assert.Equal(["reason reason-too-short"], Faults(await Body(await by.PostAsJsonAsync($"{Address}/{id}/dismissal", new { reason = "  短  " }), 400)));
        await by.PostAsJsonAsync($"{Address}/{id}/access-reset", new { reason = Reason });

        var change = await identity.Query(db => db.OfficerChanges.SingleAsync(c => c.OfficerId == id));
        Assert.Equal(Reason, identity.Services.GetRequiredService<PersonalData>().OpenText(change.SealedReason, $"officer_changes.sealed_reason/{change.Id:N}"));
    }
}
