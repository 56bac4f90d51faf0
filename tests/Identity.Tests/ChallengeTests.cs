using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ChallengeTests(ChallengeTests.WorkFixture identity) : IClassFixture<ChallengeTests.WorkFixture>
{
    private const string Wrong = "Wrong-Horse-1";

    public sealed class WorkFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:Challenge:AfterFailures", "2"), new("Identity:Challenge:Bits", "8")];
    }

    private sealed class CrowdFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:Challenge:AfterFailuresOfAddress", "3"), new("Identity:Challenge:Bits", "8")];
    }

    private Task<HttpResponseMessage> SignIn(string who, string password, object? work = null, object? smsCode = null) => identity.Post("/api/identity/sessions", new { who, password, work, smsCode });

    private async Task<JsonElement> Asked(string who) => await Body(await SignIn(who, Password), 428);

    private static object Work(JsonElement order, string account, int? bits = null)
    {
        var challenge = Text(order, "challenge");
        return new { challenge, nonce = Solve(challenge, account, bits ?? order.GetProperty("bits").GetInt32()) };
    }

    private static string Solve(string challenge, string account, int bits) =>
        Enumerable.Range(0, int.MaxValue).Select(n => n.ToString(CultureInfo.InvariantCulture)).First(nonce => Challenges.ZeroBits(Challenges.HashOf(challenge, account, nonce)) >= bits);

    [Fact]
    public void The_documents_test_vector_holds()
    {
        Assert.Equal("92215", Solve("ABC", "110101199001019991", 16));
        Assert.Equal("0000e797ef4e04d1024ef777ac690d226e32b14badc94f4219bfc026c3877b9a", Convert.ToHexStringLower(Challenges.HashOf("ABC", "110101199001019991", "92215")));
        Assert.Equal((16, 256, 0), (Challenges.ZeroBits(Convert.FromHexString("0000e797")), Challenges.ZeroBits(new byte[32]), Challenges.ZeroBits([0x80])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_wrong_passwords_none_is_looked_at_before_the_work_is_done_whether_the_account_exists_or_not(bool exists)
    {
        var number = exists ? (await identity.ACandidate()).Number : NewNumber();
        for (var n = 0; n < 2; n++) await Body(await SignIn(number, Wrong), 401);

        for (var n = 0; n < 6; n++) Assert.Equal("challenge-required", Code(await Asked(number))); // asked, and not counted as wrong

        Assert.Equal(exists ? 201 : 401, (int)(await SignIn(number, Password, Work(await Asked(number), number))).StatusCode);
    }

    [Fact]
    public async Task Work_is_good_once_and_only_for_its_account()
    {
        var ((_, one, _, _), (_, other, _, _)) = (await identity.ACandidate(), await identity.ACandidate());
        foreach (var number in (string[])[one, one, other, other]) await Body(await SignIn(number, Wrong), 401);
        var order = await Asked(one);
        var work = Work(order, one, 16); // so much of it is not right for another account by chance

        await Body(await SignIn(other, Password, work), 428);
        await Body(await SignIn(one, Wrong, work), 401);
        await Body(await SignIn(one, Password, work), 428);
        await Body(await SignIn(one, Password, Work(await Asked(one), one)), 201);
    }

    [Fact]
    public async Task Of_many_who_send_the_same_work_at_once_one_is_looked_at()
    {
        var (_, number, _, _) = await identity.ACandidate();
        for (var n = 0; n < 2; n++) await Body(await SignIn(number, Wrong), 401);
        var work = Work(await Asked(number), number);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SignIn(number, Wrong, work)));

        Assert.Single(answers, a => (int)a.StatusCode != 428);
    }

    [Fact]
    public async Task Work_that_was_not_done_or_not_given_out_here_is_asked_for_again()
    {
        var (_, number, _, _) = await identity.ACandidate();
        for (var n = 0; n < 2; n++) await Body(await SignIn(number, Wrong), 401);
        var order = await Asked(number);
        var challenge = Text(order, "challenge");
        var lazy = Enumerable.Range(0, 100).Select(n => n.ToString(CultureInfo.InvariantCulture)).First(nonce => Challenges.ZeroBits(Challenges.HashOf(challenge, number, nonce)) < 8);
        var forged = challenge[..^4] + (challenge.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");

        foreach (var (given, nonce) in ((string, string)[])[(challenge, lazy), (challenge, ""), (challenge, new('1', 21)), (forged, Solve(forged, number, 8)), ("", Solve("", number, 8)), ("A B", "1"), (new('A', 5000), "1")])
            await Body(await SignIn(number, Password, new { challenge = given, nonce }), 428);
    }

    [Fact]
    public void Work_is_good_until_its_stated_end()
    {
        using var scope = identity.Services.CreateScope();
        var challenges = scope.ServiceProvider.GetRequiredService<Challenges>();
        var order = challenges.Give();
        var proof = new WorkProof(order.Challenge, Solve(order.Challenge, "somebody", order.Bits));

        Assert.Equal(identity.Clock.Now.AddMinutes(10), order.ExpiresAt);
        Assert.True(challenges.IsRight(proof, "somebody", order.ExpiresAt.AddSeconds(-1)));
        Assert.False(challenges.IsRight(proof, "somebody", order.ExpiresAt));
    }

    [Fact]
    public async Task A_challenge_is_given_beforehand_too()
    {
        var (_, number, _, _) = await identity.ACandidate();
        for (var n = 0; n < 2; n++) await Body(await SignIn(number, Wrong), 401);
        var order = await Body(await identity.Anonymous().GetAsync("/api/identity/sign-in/challenge"), 200);

        await Body(await SignIn($" {number} ", Password, Work(order, number)), 201);
    }

    [Fact]
    public async Task Digits_on_the_mobile_take_the_place_of_the_work_once_and_for_their_owner()
    {
        var ((_, number, _, _), (_, other, _, _)) = (await identity.ACandidate(), await identity.ACandidate());
        foreach (var who in (string[])[number, number, other, other]) await Body(await SignIn(who, Wrong), 401);
        var id = (await Body(await identity.Post("/api/identity/sms-codes", new { purpose = "signIn", mobile = "13812345678", who = number }), 202)).GetProperty("codeId").GetGuid();
        var code = await identity.Query(async db => (await db.SmsCodes.AsNoTracking().SingleAsync(c => c.Id == id)).Digits(identity.Services.GetRequiredService<PersonalData>()));

        await Body(await SignIn(number, Password, smsCode: new { id, code = "x" }), 428);
        await Body(await SignIn(number, Password, smsCode: new { id, code }), 201);

        for (var n = 0; n < 2; n++) await Body(await SignIn(number, Wrong), 401);
        await Body(await SignIn(number, Password, smsCode: new { id, code }), 428);
        await Body(await SignIn(other, Password, smsCode: new { id, code }), 428);
    }

    [Fact]
    public async Task Many_wrong_passwords_of_one_address_ask_everybody_there_for_work_for_a_while()
    {
        await using var crowd = new CrowdFixture();
        var (_, number, _, _) = await crowd.ACandidate();
        for (var n = 0; n < 3; n++) await Body(await crowd.SignInByNumber(NewNumber(), Wrong), 401);

        await Body(await crowd.SignInByNumber(number, Password), 428);
        crowd.Clock.Advance(TimeSpan.FromMinutes(10));
        await Body(await crowd.SignInByNumber(number, Password), 201);
    }

    [Fact]
    public async Task A_hash_of_less_work_is_made_anew_when_its_owner_signs_in()
    {
        var (id, number, _, refresh) = await identity.ACandidate();
        var weak = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new(), Password);
        await identity.Query(db => db.Accounts.Where(a => a.Id == id).ExecuteUpdateAsync(a => a.SetProperty(x => x.PasswordHash, weak)));

        await Body(await SignIn(number, Wrong), 401);
        Assert.Equal(weak, await Hash());
        await Body(await SignIn(number, Password), 201);

        Assert.NotEqual(weak, await Hash());
        Assert.False(identity.Services.GetRequiredService<Passwords>().IsWeak(await Hash()));
        await Body(await SignIn(number, Password), 201);
        await Body(await identity.Refresh(refresh), 200);

        Task<string> Hash() => identity.Query(db => db.Accounts.Where(a => a.Id == id).Select(a => a.PasswordHash).SingleAsync());
    }

    [Fact]
    public void Passwords_are_hashed_with_210000_rounds_where_nothing_else_is_configured() => Assert.Equal(210_000, new PasswordWorkSettings().Iterations);
}
