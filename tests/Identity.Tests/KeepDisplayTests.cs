using System.Net.Http.Json;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class KeepDisplayTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Address = "/api/identity/me/display";

    [Fact]
    public async Task What_was_chosen_last_is_there_wherever_the_person_signs_in_and_nobody_else_has_it()
    {
        var (_, number, token, _) = await identity.ACandidate();
        var (_, _, other, _) = await identity.ACandidate();
        (await Keep(token, "dark", 125)).EnsureSuccessStatusCode();
        (await Keep(token, "contrast", 200)).EnsureSuccessStatusCode();

        var elsewhere = Text(await Body(await identity.SignInByNumber(number, Password), 201), "accessToken");
        var kept = await Body(await identity.With(elsewhere).GetAsync(Address), 200);

        Assert.Equal(("contrast", 200, true), (Text(kept, "theme"), kept.GetProperty("text").GetInt32(), kept.GetProperty("shortcuts").GetBoolean()));
        Assert.Equal(204, (int)(await identity.With(other).GetAsync(Address)).StatusCode);
    }

    [Fact]
    public async Task What_is_no_choice_is_told_at_its_field_and_nothing_is_kept()
    {
        var (_, _, token, _) = await identity.ACandidate();

        var refused = await Body(await Keep(token, "pink", 110), 400);

        Assert.Equal(["text not-a-choice", "theme not-a-choice"], Faults(refused));
        Assert.Equal(204, (int)(await identity.With(token).GetAsync(Address)).StatusCode);
    }

    private Task<HttpResponseMessage> Keep(string token, string theme, int text) => identity.With(token).PutAsJsonAsync(Address, new { theme, text, shortcuts = true }, Json);
}
