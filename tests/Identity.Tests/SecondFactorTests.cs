using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class SecondFactorTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Address = "/api/identity/me/second-factor";

    private sealed class RequiringFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:SecondFactorForOfficers", "true")];
    }

    private static Task<HttpResponseMessage> SignIn(IdentityFixture at, string userName, string? code = null, string password = Password) => at.Post("/api/identity/sessions", new { userName, password, secondFactor = code });

    private static async Task<(string UserName, HttpClient Client, string Refresh)> AnOfficer(IdentityFixture at)
    {
        var (id, userName) = (Guid.NewGuid(), $"officer-{Guid.NewGuid():N}"[..20]);
        await at.Query(async db =>
        {
            var account = new Account { Id = id, Role = AccountRole.Officer, UserName = userName, CreatedAt = at.Clock.Now, PasswordHash = at.Services.GetRequiredService<Passwords>().Hash(Password) };
            db.AddRange(account, new Officer { Id = id, DisplayName = "市级", Level = OfficerLevel.Site, AreaPath = "110000/110100/", AppointedAt = at.Clock.Now });
            return await db.SaveChangesAsync();
        });
        var tokens = await Body(await SignIn(at, userName), 201);
        return (userName, at.With(Text(tokens, "accessToken")), Text(tokens, "refreshToken"));
    }

    /// <summary>Sets up an app, and gives its secret and the recovery codes.</summary>
    private static async Task<(byte[] Secret, string[] Codes)> SetUp(IdentityFixture at, HttpClient officer)
    {
        var secret = FromBase32(Text(await Body(await officer.PostAsJsonAsync(Address, new { password = Password }), 200), "secret"));
        var done = await Body(await officer.PostAsJsonAsync($"{Address}/confirmation", new { code = Code(at, secret) }), 200);
        return (secret, [.. done.GetProperty("recoveryCodes").EnumerateArray().Select(c => c.GetString()!)]);
    }

    private static string Code(IdentityFixture at, byte[] secret, int later = 0) => SecondFactor.CodeOf(secret, (at.Clock.Now.ToUnixTimeSeconds() / 30) + later);

    internal static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(n => Convert.ToByte(bits.Substring(n * 8, 8), 2))];
    }

    private static string Refused(JsonElement problem) => IdentityFixture.Code(problem);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_RFC_6238(long seconds, string code) => Assert.Equal(code, SecondFactor.CodeOf(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30));

    [Fact]
    public void The_secret_is_told_in_the_base32_of_RFC_4648() => Assert.Equal(["MZXW6YTBOI", "MY", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], ((string[])["foobar", "f", "12345678901234567890"]).Select(text => SecondFactor.Base32(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public async Task Once_an_app_is_set_up_signing_in_takes_a_code_of_it_and_each_step_once()
    {
        var (userName, officer, _) = await AnOfficer(identity);
        var (secret, _) = await SetUp(identity, officer);

        Assert.Equal("second-factor-required", Refused(await Body(await SignIn(identity, userName), 401)));
        Assert.Equal("second-factor-wrong", Refused(await Body(await SignIn(identity, userName, Code(identity, secret)), 401))); // the step of the setting up
        await Body(await SignIn(identity, userName, Code(identity, secret, 1)), 201);
        Assert.Equal("second-factor-wrong", Refused(await Body(await SignIn(identity, userName, Code(identity, secret, 1)), 401)));
        Assert.Equal("second-factor-wrong", Refused(await Body(await SignIn(identity, userName, Code(identity, secret, 2)), 401)));
        Assert.Equal("sign-in-failed", Refused(await Body(await SignIn(identity, userName, Code(identity, secret, 1), "Wrong-Horse-1"), 401)));
    }

    [Fact]
    public async Task Wrong_codes_lock_like_wrong_passwords()
    {
        var (userName, officer, _) = await AnOfficer(identity);
        await SetUp(identity, officer);

        for (var n = 0; n < 4; n++) await Body(await SignIn(identity, userName, "000000"), 401);

        Assert.Equal("locked-until", Refused(await Body(await SignIn(identity, userName, "000000"), 423)));
    }

    [Fact]
    public async Task A_recovery_code_takes_the_apps_place_once()
    {
        var (userName, officer, _) = await AnOfficer(identity);
        var (_, codes) = await SetUp(identity, officer);
        Assert.Equal((10, 10), (codes.Length, codes.Distinct().Count()));

        await Body(await SignIn(identity, userName, $" {codes[3].ToLowerInvariant()[..5]}-{codes[3][5..]} "), 201);

        Assert.Equal("second-factor-wrong", Refused(await Body(await SignIn(identity, userName, codes[3]), 401)));
        Assert.Equal(9, (await Body(await officer.GetAsync(Address), 200)).GetProperty("recoveryCodesLeft").GetInt32());
    }

    [Fact]
    public async Task Of_many_first_uses_of_one_code_one_gets_in_and_none_fails()
    {
        var (userName, officer, _) = await AnOfficer(identity);
        var (secret, _) = await SetUp(identity, officer);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignIn(identity, userName, Code(identity, secret, 1))));

        Assert.Single(answers, a => (int)a.StatusCode == 201);
        Assert.All(answers, a => Assert.InRange((int)a.StatusCode, 201, 428));
    }

    [Fact]
    public async Task Of_many_who_begin_or_confirm_at_once_none_fails()
    {
        var (_, officer, _) = await AnOfficer(identity);
        var begun = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => officer.PostAsJsonAsync(Address, new { password = Password })));
        Assert.All(begun, a => Assert.True((int)a.StatusCode is 200 or 409 or 423, $"{a.StatusCode}"));

        var secret = FromBase32(Text(await Body(await officer.PostAsJsonAsync(Address, new { password = Password }), 200), "secret"));
        var confirmed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => officer.PostAsJsonAsync($"{Address}/confirmation", new { code = Code(identity, secret) })));
        Assert.Single(confirmed, a => (int)a.StatusCode == 200);
        Assert.All(confirmed, a => Assert.True((int)a.StatusCode is 200 or 409, $"{a.StatusCode}"));
    }

    [Fact]
    public async Task Beginning_takes_the_password_and_beginning_anew_a_code_too()
    {
        var (_, officer, _) = await AnOfficer(identity);
        Assert.Equal(["password wrong-password"], Faults(await Body(await officer.PostAsJsonAsync(Address, new { password = "Wrong-Horse-1" }), 400)));
        var (secret, _) = await SetUp(identity, officer);

        Assert.Equal(["code required"], Faults(await Body(await officer.PostAsJsonAsync(Address, new { password = Password }), 400)));
        Assert.Equal(["code second-factor-wrong"], Faults(await Body(await officer.PostAsJsonAsync(Address, new { password = Password, code = "123456" }), 400)));
        Assert.Equal("second-factor-there", Refused(await Body(await officer.PostAsJsonAsync($"{Address}/confirmation", new { code = Code(identity, secret, 1) }), 409)));
        await Body(await officer.PostAsJsonAsync(Address, new { password = Password, code = Code(identity, secret, 1) }), 200);
    }

    [Fact]
    public async Task Secret_and_recovery_codes_lie_unreadable()
    {
        var (userName, officer, _) = await AnOfficer(identity);
        var (secret, codes) = await SetUp(identity, officer);

        var row = await identity.Query(db => db.Database.SqlQuery<string>($"select row_to_json(f)::text as \"Value\" from second_factors f join accounts a on a.id = f.account_id where a.user_name = {userName}").SingleAsync());

        foreach (var text in (string[])[Convert.ToHexStringLower(secret), SecondFactor.Base32(secret), .. codes]) Assert.DoesNotContain(text, row, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Candidates_have_none()
    {
        var (_, _, token, _) = await identity.ACandidate();

        await Body(await identity.With(token).GetAsync(Address), 404);
        await Body(await identity.With(token).PostAsJsonAsync(Address, new { password = Password }), 404);
    }

    [Fact]
    public async Task Where_it_is_required_an_officer_without_one_does_nothing_but_set_it_up()
    {
        await using var own = new RequiringFixture();
        var (_, officer, refresh) = await AnOfficer(own);
        var (_, _, candidate, _) = await own.ACandidate();
        Assert.Equal(403, (int)(await officer.PostAsJsonAsync("/api/identity/password-resets", new { name = "张三", documentType = "residentId", documentNumber = NewNumber(), reason = "本人持身份证到窗口办理", evidenceDocumentId = Guid.NewGuid() })).StatusCode);

        await SetUp(own, officer);

        var token = new JsonWebToken(Text(await Body(await own.Refresh(refresh), 200), "accessToken"));
        Assert.Equal((TokenNames.Officer, "site"), (token.GetClaim(TokenNames.Role).Value, token.GetClaim(TokenNames.Level).Value));
        Assert.Equal(TokenNames.Candidate, new JsonWebToken(candidate).GetClaim(TokenNames.Role).Value);
    }
}
