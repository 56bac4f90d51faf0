using System.Net.Http.Json;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

/// <summary>What a person registers as (身份类型), where the platform's configuration asks for it.</summary>
public class IdentityTypeTests(IdentityTypeTests.TypesFixture asking, IdentityFixture silent) : IClassFixture<IdentityTypeTests.TypesFixture>, IClassFixture<IdentityFixture>
{
    public sealed class TypesFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:IdentityTypes:resident", "住院医师"), new("Identity:IdentityTypes:teacher", "带教医师")];
    }

    [Fact]
    public async Task Where_types_are_configured_they_are_told_with_the_notice_and_else_none_is()
    {
        var asked = await Body(await asking.Anonymous().GetAsync("/api/identity/notice"), 200);
        var none = await Body(await silent.Anonymous().GetAsync("/api/identity/notice"), 200);

        Assert.Equal(["resident 住院医师", "teacher 带教医师"], asked.GetProperty("identityTypes").EnumerateArray().Select(t => $"{Text(t, "code")} {Text(t, "title")}"));
        Assert.Empty(none.GetProperty("identityTypes").EnumerateArray());
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "not-a-choice")]
    [InlineData("doctor", "not-a-choice")]
    public async Task One_of_them_has_to_be_chosen(string? chosen, string code)
    {
        var refused = await Body(await asking.Register(ARegistration() with { IdentityType = chosen }), 400);
        var told = await Body(await asking.Post("/api/identity/candidates/check", ARegistration() with { IdentityType = chosen }), 400);

        Assert.Equal([$"identityType {code}"], Faults(refused));
        Assert.Equal([$"identityType {code}"], Faults(told));
    }

    [Fact]
    public async Task Where_none_is_configured_none_is_taken()
    {
        Assert.Equal(["identityType not-a-choice"], Faults(await Body(await silent.Register(ARegistration() with { IdentityType = "resident" }), 400)));
        Assert.Equal(["identityType not-a-choice"], Faults(await Body(await silent.With((await silent.ACandidate()).AccessToken).PutAsJsonAsync("/api/identity/me/identity-type", new { identityType = "resident" }), 400)));
    }

    [Fact]
    public async Task The_type_is_kept_with_the_account_shown_and_told_to_other_services()
    {
        var (id, token) = await ACandidate("resident");

        Assert.Equal(("resident", "住院医师"), await Seen(token));
        Assert.Equal("resident", (await asking.Answers().GetPersonAsync(new() { CandidateId = id.ToString() }, PlatformKey)).IdentityType);
    }

    [Fact]
    public async Task Who_chose_wrongly_says_it_anew_and_whoever_was_never_asked_says_it_then()
    {
        var (id, token) = await ACandidate("teacher");
        await NeverAsked(id);

        var none = (await asking.Answers().GetPersonAsync(new() { CandidateId = id.ToString() }, PlatformKey)).IdentityType;
        await Body(await asking.With(token).PutAsJsonAsync("/api/identity/me/identity-type", new { identityType = "doctor" }), 400);
        Assert.Equal(204, (int)(await asking.With(token).PutAsJsonAsync("/api/identity/me/identity-type", new { identityType = "resident" })).StatusCode);

        Assert.Equal(("", ("resident", "住院医师")), (none, await Seen(token)));

        Task<int> NeverAsked(Guid candidate) => asking.Query(db => Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlAsync(db.Database, $"update candidates set identity_type = null where id = {candidate}"));
    }

    private async Task<(Guid Id, string Token)> ACandidate(string type)
    {
        var body = await Body(await asking.Register(ARegistration() with { IdentityType = type }), 201);
        return (body.GetProperty("candidateId").GetGuid(), Text(body, "accessToken"));
    }

    private async Task<(string, string)> Seen(string token) =>
        (await Body(await asking.With(token).GetAsync("/api/identity/me"), 200)).GetProperty("candidate").GetProperty("identityType") is var type ? (Text(type, "code"), Text(type, "title")) : default;
}
