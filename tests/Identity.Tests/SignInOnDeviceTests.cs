using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class SignInOnDeviceTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private async Task<(string Secret, string Code)> AsksFor(IdentityFixture? at = null)
    {
        var asked = await Body(await (at ?? identity).Post("/api/identity/sessions/device-requests", new { }), 201);
        return (Text(asked, "deviceCode"), Text(asked, "userCode"));
    }

    private Task<HttpResponseMessage> Takes(string secret) => identity.Post("/api/identity/sessions/device", new { deviceCode = secret });

    private Task<HttpResponseMessage> Decides(string token, string code, bool approve) => identity.With(token).PostAsJsonAsync($"/api/identity/device-requests/{code}/decision", new { approve });

    [Fact]
    public async Task What_the_phone_approves_signs_the_device_in_as_that_person_once()
    {
        var (id, _, phone, _) = await identity.ACandidate();
        var (secret, code) = await AsksFor();
        Assert.Equal("device-sign-in-waits", Code(await Body(await Takes(secret), 409)));

        Assert.Equal(204, (int)(await Decides(phone, code, approve: true)).StatusCode);

        var signedIn = await Body(await Takes(secret), 201);
        Assert.Equal(id.ToString(), new JsonWebToken(Text(signedIn, "accessToken")).Subject);
        await Body(await identity.Refresh(Text(signedIn, "refreshToken")), 200);
        Assert.Equal("device-sign-in-over", Code(await Body(await Takes(secret), 409)));
        Assert.Equal(1, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == id && s.Result == SignInResult.SignedIn)));
    }

    [Fact]
    public async Task The_phone_shows_when_and_whence_the_device_asked_before_it_is_approved()
    {
        var (_, _, phone, _) = await identity.ACandidate();
        var (_, code) = await AsksFor();

        var shown = await Body(await identity.With(phone).GetAsync($"/api/identity/device-requests/{code}"), 200);

        Assert.Equal(identity.Clock.GetUtcNow(), shown.GetProperty("askedAt").GetDateTimeOffset());
        Assert.All(["address", "agent"], field => Assert.Equal(JsonValueKind.String, shown.GetProperty(field).ValueKind));
    }

    [Fact]
    public async Task A_refused_device_gets_nothing_and_the_code_is_used_up()
    {
        var (_, _, phone, _) = await identity.ACandidate();
        var (secret, code) = await AsksFor();

        Assert.Equal(204, (int)(await Decides(phone, code, approve: false)).StatusCode);

        Assert.Equal("device-sign-in-refused", Code(await Body(await Takes(secret), 409)));
        await Body(await Decides(phone, code, approve: true), 404);
    }

    [Fact]
    public async Task After_five_minutes_nothing_comes_of_a_code_approved_or_not()
    {
        await using var own = new IdentityFixture();
        var (_, _, phone, _) = await own.ACandidate();
        var (waiting, code) = await AsksFor(own);
        var (approved, other) = await AsksFor(own);
        await own.With(phone).PostAsJsonAsync($"/api/identity/device-requests/{other}/decision", new { approve = true });

        own.Clock.Advance(DeviceSignIn.Life);

        foreach (var secret in (string[])[waiting, approved])
            Assert.Equal("device-sign-in-over", Code(await Body(await own.Post("/api/identity/sessions/device", new { deviceCode = secret }), 409)));
        await Body(await own.With(phone).GetAsync($"/api/identity/device-requests/{code}"), 404);
        await ActivatorUtilities.CreateInstance<ForgetOldSignIns>(own.Services).Forget(CancellationToken.None);
        Assert.Equal(0, await own.Query(db => db.DeviceSignIns.CountAsync()));
    }

    [Fact]
    public async Task A_changed_password_takes_an_approval_back()
    {
        var (_, _, phone, _) = await identity.ACandidate();
        var (secret, code) = await AsksFor();
        await Decides(phone, code, approve: true);

        Assert.Equal(204, (int)(await identity.With(phone).PostAsJsonAsync("/api/identity/me/password", new { oldPassword = Password, newPassword = "Other-Horse-2" })).StatusCode);

        Assert.Equal("device-sign-in-over", Code(await Body(await Takes(secret), 409)));
    }

    [Fact]
    public async Task The_digits_alone_open_nothing_and_only_a_hash_of_the_secret_is_kept()
    {
        var (_, _, phone, _) = await identity.ACandidate();
        var (secret, code) = await AsksFor();
        await Decides(phone, code, approve: true);

        await Body(await Takes(code), 404);
        await Body(await Takes("no-secret-of-ours"), 404);
        Assert.Equal(RefreshToken.HashOf(secret), await identity.Query(db => db.DeviceSignIns.Where(d => d.Code == code).Select(d => d.SecretHash).SingleAsync()));
    }

    [Fact]
    public async Task Neither_an_officer_nor_a_stranger_approves_a_device()
    {
        var officer = Text(await Body(await identity.SignIn("national", ReadyMadePassword), 201), "accessToken");
        var (secret, code) = await AsksFor();

        Assert.Equal(403, (int)(await Decides(officer, code, approve: true)).StatusCode);
        Assert.Equal(401, (int)(await identity.Post($"/api/identity/device-requests/{code}/decision", new { approve = true })).StatusCode);

        Assert.Equal("device-sign-in-waits", Code(await Body(await Takes(secret), 409)));
    }

    [Fact]
    public async Task Of_many_takings_in_the_same_moment_one_gets_the_session()
    {
        var (id, _, phone, _) = await identity.ACandidate();
        var (secret, code) = await AsksFor();
        await Decides(phone, code, approve: true);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Takes(secret)));

        Assert.Equal(1, answers.Count(answer => (int)answer.StatusCode == 201));
        Assert.All(answers.Where(answer => (int)answer.StatusCode != 201), answer => Assert.Equal(409, (int)answer.StatusCode));
        Assert.Equal(2, await identity.Query(db => db.Sessions.CountAsync(s => s.AccountId == id))); // the phone's and the device's
    }
}
