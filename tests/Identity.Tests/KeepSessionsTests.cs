using System.Text.Json;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class KeepSessionsTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Address = "/api/identity/me/sessions";

    private async Task<List<JsonElement>> List(string token) => [.. (await Body(await identity.With(token).GetAsync(Address), 200)).EnumerateArray()];

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_ends_what_one_does_not_know()
    {
        var (_, number, token, here) = await identity.ACandidate();
        identity.Clock.Now += TimeSpan.FromSeconds(1);
        var elsewhere = Text(await Body(await identity.SignInByNumber(number, Password), 201), "refreshToken");
        var listed = await List(token);
        Assert.Equal([false, true], listed.Select(s => s.GetProperty("current").GetBoolean()));

        var other = listed[0].GetProperty("id").GetGuid();
        Assert.Equal(204, (int)(await identity.With(token).DeleteAsync($"{Address}/{other}")).StatusCode);

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(elsewhere), 401)));
        await Body(await identity.Refresh(here), 200);
        Assert.Single(await List(token));
    }

    [Fact]
    public async Task Anothers_session_is_not_found_and_goes_on()
    {
        var (_, _, token, refresh) = await identity.ACandidate();
        var (_, _, stranger, _) = await identity.ACandidate();
        var id = (await List(token))[0].GetProperty("id").GetGuid();

        Assert.Equal(404, (int)(await identity.With(stranger).DeleteAsync($"{Address}/{id}")).StatusCode);

        await Body(await identity.Refresh(refresh), 200);
    }

    [Fact]
    public async Task What_has_run_out_is_not_listed()
    {
        var (_, number, _, _) = await identity.ACandidate();
        identity.Clock.Now += TimeSpan.FromDays(7);
        var token = Text(await Body(await identity.SignInByNumber(number, Password), 201), "accessToken");

        Assert.Single(await List(token));
    }
}
