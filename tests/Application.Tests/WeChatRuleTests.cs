using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ExamPlatform.Applications.Tests;

/// <summary>B10: follow the official account and bind one's WeChat before applying, where the programme says so.</summary>
public sealed class WeChatRuleTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Theory]
    [InlineData(false, false, "wechat-not-bound")]
    [InlineData(true, false, "wechat-not-followed")]
    public async Task Nobody_starts_without_what_the_programme_asks_for(bool bound, bool follows, string refusal)
    {
        var person = await service.APerson();
        service.Identity.WeChat[person.Id] = new() { Bound = bound, Follows = follows };

        var answer = await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "2027" });

        Assert.Equal((HttpStatusCode.Conflict, $"urn:exam:{refusal}"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_programme_that_does_not_ask_for_it_starts_without()
    {
        var person = await service.APerson();
        service.Identity.WeChat[person.Id] = new();

        await person.Start("BM");
    }

    [Fact]
    public async Task Who_unbinds_or_leaves_after_the_start_goes_on_and_submits()
    {
        var person = await (await service.APerson()).Start();
        service.Identity.WeChat[person.Id] = new();
        await person.Fill();

        var sent = await person.Http.PostAsync($"/api/applications/{person.Application}/submissions", null);

        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
    }

    [Fact]
    public async Task While_identity_is_away_the_start_says_to_come_again()
    {
        await using var own = new ApplicationFixture();
        var person = await own.APerson();
        own.Identity.Away = true;

        var answer = await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "2027" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
