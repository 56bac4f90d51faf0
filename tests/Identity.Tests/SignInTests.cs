using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class SignInTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Wrong = "Wrong-Horse-1";

    [Fact]
    public async Task A_candidate_signs_in_by_number_and_by_name_and_number()
    {
        var (id, number, _, _) = await identity.ACandidate();

        await Body(await identity.SignInByNumber(number.ToLowerInvariant(), Password), 201);
        var body = await Body(await identity.SignInByNumber(number, Password, name: "张三"), 201);

        var me = await Body(await identity.With(Text(body, "accessToken")).GetAsync("/api/identity/me"), 200);
        Assert.Equal(id, me.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Another_name_does_not_sign_in()
    {
        var (_, number, _, _) = await identity.ACandidate();

        Assert.Equal("sign-in-failed", Code(await Body(await identity.SignInByNumber(number, Password, name: "李四"), 401)));
    }

    [Theory]
    [InlineData("national", "national", "")]
    [InlineData("area-110000", "area", "110000/")]
    [InlineData("site-350100", "site", "350000/350100/")]
    public async Task A_ready_made_officer_signs_in_by_user_name_with_a_jurisdiction(string userName, string level, string areaPath)
    {
        var body = await Body(await identity.SignIn($" {userName.ToUpperInvariant()} ", ReadyMadePassword), 201);

        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(Text(body, "accessToken"));
        Assert.Equal((TokenNames.Officer, level, areaPath), (token.GetClaim(TokenNames.Role).Value, token.GetClaim(TokenNames.Level).Value, token.GetClaim(TokenNames.AreaPath).Value));
    }

    [Fact]
    public async Task The_ready_made_candidate_and_operator_sign_in()
    {
        await Body(await identity.SignIn("candidate", ReadyMadePassword), 201);
        await Body(await identity.SignInByNumber(ReadyMadePeople.CandidateNumber, ReadyMadePassword), 201);
        var body = await Body(await identity.SignIn("operator", ReadyMadePassword), 201);

        Assert.Equal(200, (int)(await identity.With(Text(body, "accessToken")).GetAsync("/api/operations/identity/messages")).StatusCode);
    }

    [Fact]
    public async Task Unknown_account_and_wrong_password_have_one_answer()
    {
        var (_, number, _, _) = await identity.ACandidate();

        var wrong = await identity.SignInByNumber(number, Wrong);
        var unknown = await identity.SignInByNumber(NewNumber(), Wrong);

        Assert.Equal(await Comparable(wrong), await Comparable(unknown));
    }

    [Fact]
    public async Task Unknown_account_and_wrong_password_take_the_same_time()
    {
        var (_, known, _, _) = await identity.ACandidate();
        await TimeOf(NewNumber());

        var (wrong, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 4; i++)
        {
            wrong.Add(await TimeOf(known));
            unknown.Add(await TimeOf(NewNumber()));
        }

        // without a hash for the unknown account it would be a twentieth
        Assert.InRange(unknown.Min() / wrong.Min(), 0.25, 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_fifth_wrong_password_locks_until_the_stated_time_whether_the_account_exists_or_not(bool exists)
    {
        var number = exists ? (await identity.ACandidate()).Number : NewNumber();
        for (var i = 0; i < 4; i++) Assert.Equal("sign-in-failed", Code(await Body(await identity.SignInByNumber(number, Wrong), 401)));

        var locked = await Body(await identity.SignInByNumber(number, Wrong), 423);
        var whileLocked = await identity.SignInByNumber(number, Password);

        Assert.Equal("locked-until", Code(locked));
        var until = locked.GetProperty("lockedUntil").GetDateTimeOffset();
        Assert.Equal(identity.Clock.Now.AddMinutes(15), until);
        Assert.Equal("900", whileLocked.Headers.RetryAfter!.ToString());
        Assert.Equal(until, (await Body(whileLocked, 423)).GetProperty("lockedUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task The_lock_ends_at_the_stated_time()
    {
        await using var own = new IdentityFixture();
        var (_, number, _, _) = await own.ACandidate();
        for (var i = 0; i < 5; i++) await own.SignInByNumber(number, Wrong);

        own.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        await Body(await own.SignInByNumber(number, Password), 423);
        own.Clock.Advance(TimeSpan.FromSeconds(1));

        await Body(await own.SignInByNumber(number, Wrong), 401);
        await Body(await own.SignInByNumber(number, Password), 201);
        Assert.Equal(0, await own.Query(db => db.FailedSignIns.CountAsync()));
    }

    [Fact]
    public async Task However_many_guesses_come_at_once_no_more_than_the_allowed_are_looked_at()
    {
        var (id, number, _, _) = await identity.ACandidate();

        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => identity.SignInByNumber(number, Wrong)));

        var results = await identity.Query(db => db.SignIns.Where(s => s.AccountId == id).Select(s => s.Result).ToListAsync());
        Assert.Equal((5, 10), (results.Count(r => r == SignInResult.WrongPassword), results.Count(r => r == SignInResult.LockedOut)));
    }

    [Fact]
    public async Task Every_attempt_is_recorded_with_who_when_address_and_result()
    {
        var (id, number, _, _) = await identity.ACandidate();
        await identity.SignInByNumber(number, Wrong);
        await identity.SignInByNumber(number, Password);

        var records = await identity.Query(db => db.SignIns.Where(s => s.AccountId == id).OrderBy(s => s.Id).ToListAsync());

        Assert.Equal([SignInResult.Registered, SignInResult.WrongPassword, SignInResult.SignedIn], records.Select(r => r.Result));
        Assert.All(records, record => Assert.Equal(identity.Clock.Now, record.At));
    }

    [Fact]
    public async Task What_cannot_be_a_sign_in_is_refused_with_every_fault()
    {
        var none = await Body(await identity.Post("/api/identity/sessions", new { password = "" }), 400);
        var both = await Body(await identity.Post("/api/identity/sessions", new { userName = "a", documentNumber = new string('1', 1000), password = new string('x', 5000) }), 400);

        Assert.Equal(["password required", "userName required"], Faults(none));
        Assert.Equal(["documentNumber one-of-two", "documentNumber too-long", "password too-long"], Faults(both));
    }

    [Fact]
    public async Task Whoever_comes_when_too_many_wait_is_asked_to_come_again_and_no_attempt_is_counted()
    {
        await using var narrow = new NarrowFixture();
        var (_, number, _, _) = await narrow.ACandidate();
        var passwords = narrow.Services.GetRequiredService<Passwords>();
        var working = await passwords.Turn(CancellationToken.None);
        var waiting = passwords.Turn(CancellationToken.None).AsTask();

        var busy = await narrow.SignInByNumber(number, Password);
        working.Dispose();
        (await waiting).Dispose();

        Assert.Equal(("busy", "3"), (Code(await Body(busy, 503)), busy.Headers.RetryAfter!.ToString()));
        Assert.Equal(0, await narrow.Query(db => db.FailedSignIns.CountAsync()));
        await Body(await narrow.SignInByNumber(number, Password), 201);
    }

    private sealed class NarrowFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:PasswordWork:AtOnce", "1"), new("Identity:PasswordWork:Waiting", "1")];
    }

    private async Task<double> TimeOf(string number)
    {
        var started = Stopwatch.GetTimestamp();
        await identity.SignInByNumber(number, Wrong);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<string> Comparable(HttpResponseMessage answer)
    {
        var body = await Body(answer, 401);
        return $"{string.Join(',', answer.Headers.Select(h => h.Key))} {Text(body, "type")} {Text(body, "detail")}";
    }
}
