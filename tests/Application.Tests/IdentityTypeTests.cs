using System.Net;
using System.Net.Http.Json;

namespace ExamPlatform.Applications.Tests;

/// <summary>What the account is registered as answers the form's question for it (身份类型, seed 004).</summary>
public sealed class IdentityTypeTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private const string Path = "basic/identityType";

    public void Dispose() => service.Identity.IdentityType = "";

    [Theory]
    [InlineData("resident", "resident")]
    [InlineData("", null)]
    public async Task It_stands_in_the_form_from_the_start_and_is_asked_of_who_was_never_asked(string registered, string? answer)
    {
        var person = await APerson();
        service.Identity.IdentityType = registered;

        await person.Start("FJ");

        Assert.Equal(answer, (string?)(await person.Look())["answers"]!["basic"]?["identityType"]);
    }

    [Fact]
    public async Task Who_is_registered_as_something_else_is_told_before_anything_is_filled_in()
    {
        var person = await APerson();
        service.Identity.IdentityType = "teacher";

        var reply = await person.Http.PostAsJsonAsync("/api/applications", new { programme = "FJ", session = "2027" });
        var other = await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "2027" });

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:identity-type-not-accepted"), (reply.StatusCode, (string?)(await Person.Json(reply))["type"]));
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Theory]
    [InlineData("teacher", true)]
    [InlineData("resident", false)]
    [InlineData("", false)]
    public async Task Another_answer_than_the_accounts_is_not_sent_in(string registered, bool refused)
    {
        var person = await (await APerson()).Start("FJ");
        await person.Step("basic", new { identityType = "resident" });
        service.Identity.IdentityType = registered;

        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);

        Assert.Equal(refused, (await reply.Content.ReadAsStringAsync()).Contains("not-as-registered", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_one_field_of_a_form_is_answered_so()
    {
        var twice = Exam.Text("FJ").Replace("\"code\": \"licensed\",", "\"asRegistered\": true, \"code\": \"licensed\",", StringComparison.Ordinal);

        Assert.Equal((Path, true), Exam.Read("FJ").AsRegistered() is { } asked ? (asked.Path, asked.Field.AsRegistered) : default);
        Assert.Equal(["#/form said-twice"], ProgrammeReader.Read(twice).Faults.Select(f => $"{f.Pointer} {f.Code}"));
    }

    private async Task<Person> APerson()
    {
        var person = await service.APerson();
        await person.Put("/api/profile/basic", new { ethnicGroup = "汉族" });
        return person;
    }
}
