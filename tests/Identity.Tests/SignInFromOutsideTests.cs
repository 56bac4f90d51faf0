using System.Net.Http.Json;
using ExamPlatform.Sandbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using static ExamPlatform.Identities.Tests.IdentityFixture;
using static ExamPlatform.Identities.Tests.OutsideFixture;

namespace ExamPlatform.Identities.Tests;

public class SignInFromOutsideTests(OutsideFixture identity) : IClassFixture<OutsideFixture>
{
    private readonly string person = NewPerson();

    [Theory]
    [InlineData(Website)]
    [InlineData(Within)]
    [InlineData(MiniProgram)]
    public async Task A_WeChat_that_was_bound_by_scanning_signs_in_everywhere(string app)
    {
        var (id, _) = await identity.ABound(person);

        var signedIn = await Body(await identity.Enter(app, await identity.CodeOf(person, app)), 201);

        Assert.Equal(id.ToString(), new JsonWebToken(Text(signedIn, "accessToken")).Subject);
        await Body(await identity.Refresh(Text(signedIn, "refreshToken")), 200);
        Assert.Equal(1, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == id && s.Result == SignInResult.SignedIn)));
    }

    [Fact]
    public async Task A_Baidu_account_that_was_bound_with_the_password_signs_in()
    {
        var (id, _, token, _) = await identity.ACandidate();
        Assert.Equal(204, (int)(await identity.With(token).PostAsJsonAsync("/api/identity/me/bindings/mini-programs", new { password = Password, app = "baidu", miniProgramCode = await identity.CodeOf(person, Baidu) })).StatusCode);

        var signedIn = await Body(await identity.Enter(Baidu, await identity.CodeOf(person, Baidu)), 201);

        Assert.Equal(id.ToString(), new JsonWebToken(Text(signedIn, "accessToken")).Subject);
    }

    [Theory]
    [InlineData(Website)]
    [InlineData(MiniProgram)]
    [InlineData(Baidu)]
    public async Task A_code_is_good_once(string app)
    {
        var code = await identity.CodeOf(person, app);
        await Body(await identity.Enter(app, code), 401);

        Assert.Equal("outside-code-over", Code(await Body(await identity.Enter(app, code), 409)));
    }

    [Fact]
    public async Task A_code_of_one_application_opens_nothing_at_another()
    {
        await identity.ABound(person);

        Assert.Equal("outside-code-over", Code(await Body(await identity.Enter(Within, await identity.CodeOf(person, Website)), 409)));
        Assert.Equal("outside-code-over", Code(await Body(await identity.Enter(Website, new string('x', 600)), 409)));
    }

    [Theory]
    [InlineData(Website)]
    [InlineData(MiniProgram)]
    [InlineData(Baidu)]
    public async Task Who_has_bound_nothing_is_told_to_and_the_try_is_recorded(string app)
    {
        var before = await Tries();

        Assert.Equal("outside-not-bound", Code(await Body(await identity.Enter(app, await identity.CodeOf(person, app)), 401)));

        Assert.Equal(before + 1, await Tries());

        Task<int> Tries() => identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == null && s.TypedHash != null && s.Result == SignInResult.UnknownAccount));
    }

    [Fact]
    public async Task An_account_that_wrong_passwords_have_locked_is_locked_here_too()
    {
        await using var own = new OutsideFixture();
        var (_, number, token, _) = await own.ACandidate();
        await own.Deed(person, "scan", Text(await Body(await Begin(own.With(token)), 201), "qr"));
        for (var n = 0; n < 5; n++) await own.SignInByNumber(number, "Wrong-Horse-1");

        Assert.Equal("locked-until", Code(await Body(await own.Enter(Website, await own.CodeOf(person, Website)), 423)));

        own.Clock.Advance(TimeSpan.FromMinutes(16));
        await Body(await own.Enter(Website, await own.CodeOf(person, Website)), 201);
    }

    [Theory]
    [InlineData("40226", "outside-blocked")]
    [InlineData("45011", "outside-unreachable")]
    [InlineData("-1", "outside-unreachable")]
    [InlineData("40163", "outside-code-over")]
    public async Task WeChats_own_refusals_are_told_apart(string errcode, string refusal)
    {
        var code = await identity.CodeOf(person, MiniProgram);
        identity.Misbehave(Channel.WeChat, Effect.Fail, code, errcode);

        Assert.Equal(refusal, Code(await Body(await identity.Enter(MiniProgram, code), 409)));
    }

    [Fact]
    public async Task Who_does_not_answer_signs_nobody_in_and_the_password_does()
    {
        var code = await identity.CodeOf(person, Baidu);
        identity.Misbehave(Channel.Baidu, Effect.Drop, times: 3);

        Assert.Equal("outside-unreachable", Code(await Body(await identity.Enter(Baidu, code), 409)));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with blanks and more than thirty-two characters")]
    public async Task A_state_that_could_be_guessed_is_refused(string state) =>
        Assert.Equal(["state bad-state"], Faults(await Body(await identity.Anonymous().GetAsync($"/api/identity/sessions/wechat?state={Uri.EscapeDataString(state)}"), 400)));

    [Fact]
    public async Task A_recovered_account_is_bound_to_nobody_and_a_changed_password_keeps_the_binding()
    {
        var (id, number, token, _) = await identity.ACandidate();
        var me = identity.With(token);
        await identity.Deed(person, "scan", Text(await Body(await Begin(me), 201), "qr"));
        Assert.Equal(204, (int)(await me.PutAsJsonAsync("/api/identity/me/security-question", new { question = "favouriteBook", answer = "红楼梦", password = Password })).StatusCode);
        Assert.Equal(204, (int)(await me.PostAsJsonAsync("/api/identity/me/password", new { oldPassword = Password, newPassword = "Other-Horse-2" })).StatusCode);
        await Body(await identity.Enter(Website, await identity.CodeOf(person, Website)), 201);

        Assert.True((await identity.Post("/api/identity/recoveries", new { who = number, question = "favouriteBook", answer = "红楼梦", newPassword = "Third-Horse-3" })).IsSuccessStatusCode);

        await Body(await identity.Enter(Website, await identity.CodeOf(person, Website)), 401);
        Assert.Equal(0, await identity.Query(db => db.Bindings.CountAsync(b => b.AccountId == id)));
    }
}
