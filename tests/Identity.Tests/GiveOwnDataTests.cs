using System.Net.Http.Json;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class GiveOwnDataTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private Task<HttpResponseMessage> Ask(string token, string password) => identity.With(token).PostAsJsonAsync("/api/identity/me/data", new { password });

    [Fact]
    public async Task A_person_gets_all_that_is_kept_of_them_unmasked_and_not_to_be_cached()
    {
        var (id, number, token, _) = await identity.ACandidate();
        await identity.SignInByNumber(number, "Wrong-Horse-1");

        var answer = await Ask(token, Password);

        var own = await Body(answer, 200);
        Assert.Equal((id, number, "张三", "13812345678"), (own.GetProperty("id").GetGuid(), Text(own.GetProperty("identity"), "documentNumber"), Text(own.GetProperty("identity"), "name"), Text(own, "mobile")));
        Assert.Equal(["wrongPassword", "registered"], own.GetProperty("signIns").EnumerateArray().Select(s => Text(s, "result")));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Without_the_password_nothing_is_given_and_trying_locks()
    {
        var (_, _, token, _) = await identity.ACandidate();

        for (var i = 0; i < 4; i++) Assert.Equal(["password wrong-password"], Faults(await Body(await Ask(token, "Wrong-Horse-1"), 400)));
        Assert.Equal("locked-until", Code(await Body(await Ask(token, "Wrong-Horse-1"), 423)));

        Assert.Equal("locked-until", Code(await Body(await Ask(token, Password), 423)));
    }

    [Fact]
    public async Task It_is_for_candidates_alone()
    {
        var officer = Text(await Body(await identity.SignIn("national", ReadyMadePassword), 201), "accessToken");

        await Body(await Ask(officer, ReadyMadePassword), 403);
    }
}
