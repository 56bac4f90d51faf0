using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class SessionTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task A_refresh_token_is_exchanged_for_the_next_pair()
    {
        var (id, _, _, first) = await identity.ACandidate();

        var second = await Body(await identity.Refresh(first), 200);
        var third = await Body(await identity.Refresh(Text(second, "refreshToken")), 200);

        Assert.Equal(id.ToString(), new JsonWebToken(Text(third, "accessToken")).Subject);
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_its_whole_family()
    {
        var (id, _, _, first) = await identity.ACandidate();
        var second = Text(await Body(await identity.Refresh(first), 200), "refreshToken");

        Assert.Equal("refresh-token-reused", Code(await Body(await identity.Refresh(first), 401)));

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(second), 401)));
        Assert.Equal(SessionEnd.TokenReused, await identity.Query(db => db.Sessions.Where(s => s.AccountId == id).Select(s => s.EndedBy).SingleAsync()));
        Assert.Equal(1, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == id && s.Result == SignInResult.TokenReused)));
    }

    [Fact]
    public async Task A_reuse_is_recorded_once_on_a_clock_that_does_not_stand_still()
    {
        await using var own = new TickingFixture();
        var (id, _, _, first) = await own.ACandidate();
        for (var i = 0; i < 3; i++) await own.Refresh(first);

        Assert.Equal(1, await own.Query(db => db.SignIns.CountAsync(s => s.AccountId == id && s.Result == SignInResult.TokenReused)));
    }

    private sealed class TickingFixture : IdentityFixture
    {
        protected override void Replace(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(TimeProvider.System));
    }

    [Fact]
    public async Task Sessions_that_cannot_be_refreshed_are_forgotten_and_others_kept()
    {
        await using var own = new IdentityFixture();
        var (old, number, _, _) = await own.ACandidate();
        await own.SignInByNumber(NewNumber(), "Wrong-Horse-1");
        own.Clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        var kept = Text(await Body(await own.SignInByNumber(number, Password), 201), "refreshToken");

        await ActivatorUtilities.CreateInstance<ForgetOldSignIns>(own.Services).Forget(CancellationToken.None);

        await Body(await own.Refresh(kept), 200);
        Assert.Equal((1, 0), (await own.Query(db => db.Sessions.CountAsync(s => s.AccountId == old)), await own.Query(db => db.FailedSignIns.CountAsync())));
    }

    [Fact]
    public async Task Of_two_uses_in_the_same_moment_one_is_a_reuse()
    {
        var (id, _, _, first) = await identity.ACandidate();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => identity.Refresh(first)));

        Assert.InRange(answers.Count(a => (int)a.StatusCode == 200), 0, 1);
        Assert.Equal(SessionEnd.TokenReused, await identity.Query(db => db.Sessions.Where(s => s.AccountId == id).Select(s => s.EndedBy).SingleAsync()));
    }

    [Fact]
    public async Task Reuse_in_one_session_leaves_the_persons_other_sessions_alone()
    {
        var (_, number, _, first) = await identity.ACandidate();
        var other = Text(await Body(await identity.SignInByNumber(number, Password), 201), "refreshToken");
        await identity.Refresh(first);
        await identity.Refresh(first);

        await Body(await identity.Refresh(other), 200);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var (_, _, access, refresh) = await identity.ACandidate();

        Assert.Equal(204, (int)(await identity.With(access).DeleteAsync("/api/identity/sessions/current")).StatusCode);

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(refresh), 401)));
    }

    [Fact]
    public async Task A_refresh_token_runs_out_when_unused_and_a_session_however_often_it_is_used()
    {
        await using var own = new IdentityFixture();
        var (_, number, _, idle) = await own.ACandidate();
        var used = Text(await Body(await own.SignInByNumber(number, Password), 201), "refreshToken");
        for (var hours = 0; hours < 7 * 24 - 12; hours += 12)
        {
            own.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
            used = Text(await Body(await own.Refresh(used), 200), "refreshToken");
        }

        Assert.Equal("refresh-token-expired", Code(await Body(await own.Refresh(idle), 401)));
        own.Clock.Advance(TimeSpan.FromHours(12));
        Assert.StartsWith("4", ((int)(await own.Refresh(used)).StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("\u0000")]
    public async Task What_is_no_refresh_token_is_refused(string token) => Assert.Equal("refresh-token-invalid", Code(await Body(await identity.Refresh(token), 401)));

    [Fact]
    public async Task Only_the_hash_of_a_refresh_token_is_kept()
    {
        var (_, _, _, refresh) = await identity.ACandidate();

        Assert.True(await identity.Query(db => db.RefreshTokens.AnyAsync(t => t.Hash == RefreshToken.HashOf(refresh))));
    }

    [Fact]
    public async Task An_access_token_is_good_for_ten_minutes()
    {
        await using var own = new IdentityFixture();
        var (_, _, access, _) = await own.ACandidate();

        own.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await Body(await own.With(access).GetAsync("/api/identity/me"), 200);
        own.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("token-expired", Code(await Body(await own.With(access).GetAsync("/api/identity/me"), 401)));
    }

    [Fact]
    public async Task Anybody_can_check_a_token_with_the_published_keys()
    {
        var (id, _, access, _) = await identity.ACandidate();

        var discovery = await identity.Anonymous().GetFromJsonAsync<System.Text.Json.JsonElement>("/.well-known/openid-configuration");
        var jwks = await identity.Anonymous().GetStringAsync(Text(discovery, "jwks_uri"));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(access, new()
        {
            ValidIssuer = Text(discovery, "issuer"),
            ValidAudience = TokenNames.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = new JsonWebKeySet(jwks).GetSigningKeys(),
            ValidateLifetime = false,
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(id.ToString(), result.Claims["sub"]);
        Assert.DoesNotContain("\"d\"", jwks, StringComparison.Ordinal);
    }
}
