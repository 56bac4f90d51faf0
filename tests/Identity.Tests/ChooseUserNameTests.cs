using System.Net.Http.Json;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ChooseUserNameTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private Task<HttpResponseMessage> Choose(string token, string userName) => identity.With(token).PutAsJsonAsync("/api/identity/me/user-name", new { userName }, Json);

    private Task<HttpResponseMessage> SignIn(string who, string password = Password, string? name = null) => identity.Post("/api/identity/sessions", new { who, password, name });

    private static string NewName() => $"own-{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task A_chosen_user_name_signs_in_and_so_does_the_number_still()
    {
        var ((id, number, token, _), name) = (await identity.ACandidate(), NewName());
        Assert.Equal(204, (int)(await Choose(token, $" {name.ToUpperInvariant()} ")).StatusCode);

        foreach (var who in (string[])[name, name.ToUpperInvariant(), number, number.ToLowerInvariant()])
        {
            var me = await Body(await identity.With(Text(await Body(await SignIn(who), 201), "accessToken")).GetAsync("/api/identity/me"), 200);
            Assert.Equal((id, name), (me.GetProperty("id").GetGuid(), Text(me, "userName")));
        }
        await Body(await SignIn(number, name: "李四"), 401);
    }

    [Fact]
    public async Task The_last_choice_counts_and_frees_the_one_before()
    {
        var ((_, _, token, _), (_, _, other, _), first, second) = (await identity.ACandidate(), await identity.ACandidate(), NewName(), NewName());
        await Choose(token, first);

        Assert.Equal(204, (int)(await Choose(token, second)).StatusCode);

        await Body(await SignIn(first), 401);
        Assert.Equal(204, (int)(await Choose(other, first)).StatusCode);
    }

    [Fact]
    public async Task Nobody_takes_a_name_that_somebody_has_in_whatever_case()
    {
        var ((_, _, token, _), (_, _, other, _), name) = (await identity.ACandidate(), await identity.ACandidate(), NewName());
        await Choose(token, name);

        Assert.Equal("user-name-taken", Code(await Body(await Choose(other, name.ToUpperInvariant()), 409)));
        Assert.Equal("user-name-taken", Code(await Body(await Choose(other, "National"), 409)));
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("  ", "required")]
    [InlineData("ab", "user-name-format")]
    [InlineData("张三三", "user-name-format")]
    [InlineData("13812345678", "user-name-format")]
    [InlineData("11010519491231002x", "user-name-format")]
    [InlineData("a b c", "user-name-format")]
    [InlineData("with\u0000nul", "user-name-format")]
    [InlineData("E12345678", "user-name-number")]
    [InlineData("h12345678", "user-name-number")]
    [InlineData("usa110090010116", "user-name-number")]
    [InlineData("c01x00t47", "user-name-number")]
    public async Task What_could_be_a_number_or_is_no_name_is_told_at_its_field(string name, string code)
    {
        var (_, _, token, _) = await identity.ACandidate();

        Assert.Equal([$"userName {code}"], Faults(await Body(await Choose(token, name), 400)));
    }

    [Fact]
    public async Task Officers_keep_the_name_they_were_appointed_under() =>
        Assert.Equal(403, (int)(await Choose(Text(await Body(await identity.SignIn("area-110000", ReadyMadePassword), 201), "accessToken"), NewName())).StatusCode);

    [Fact]
    public async Task A_passport_that_reads_like_a_name_still_signs_in_by_its_number()
    {
        await identity.Register(ARegistration() with { DocumentType = DocumentType.Passport, DocumentNumber = "ABCDEFG", Repeat = new("张三", DocumentType.Passport, "ABCDEFG"), Sex = Sex.Male, BirthDate = new(1990, 1, 1), Nationality = "FRA" });

        await Body(await SignIn("abcdefg"), 201);
        await Body(await SignIn("abcdefg", name: "李四"), 401);
    }

    [Fact]
    public async Task Of_many_who_take_one_name_in_the_same_moment_one_has_it()
    {
        var name = NewName();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await identity.ACandidate()).AccessToken));

        var answers = await Task.WhenAll(tokens.Select(token => Choose(token, name)));

        Assert.Single(answers, a => (int)a.StatusCode == 204);
        foreach (var refused in answers.Where(a => (int)a.StatusCode != 204)) Assert.Equal("user-name-taken", Code(await Body(refused, 409)));
    }

    [Fact]
    public async Task What_cannot_be_one_of_the_two_is_refused_at_its_field()
    {
        Assert.Equal(["who one-of-two"], Faults(await Body(await identity.Post("/api/identity/sessions", new { who = "a", userName = "b", password = "c" }), 400)));
        Assert.Equal(["who required"], Faults(await Body(await SignIn(" "), 400)));
        Assert.Equal(["who too-long"], Faults(await Body(await SignIn(new('1', 1000)), 400)));
    }
}
