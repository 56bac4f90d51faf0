using System.Globalization;
using System.Net.Http.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class RecoverAccountTests(RecoverAccountTests.RecoveryFixture identity) : IClassFixture<RecoverAccountTests.RecoveryFixture>
{
    private const string New = "Other-Horse-2", Answer = "第一小学 (东校区)";
    private static int mobiles = 40_000_000;

    public sealed class RecoveryFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:SmsCodes:PerAddressAndHour", "10000")];
    }

    private sealed record Owner(Guid Id, string Number, string Mobile, string Access, string Refresh);

    private async Task<Owner> AnOwner(bool withQuestion = false)
    {
        var registration = ARegistration() with { Mobile = "139" + Interlocked.Increment(ref mobiles).ToString(CultureInfo.InvariantCulture) };
        var body = await Body(await identity.Register(registration), 201);
        var owner = new Owner(body.GetProperty("candidateId").GetGuid(), registration.DocumentNumber, registration.Mobile, Text(body, "accessToken"), Text(body, "refreshToken"));
        if (withQuestion) Assert.Equal(204, (int)(await SetQuestion(owner)).StatusCode);
        return owner;
    }

    private Task<HttpResponseMessage> SetQuestion(Owner owner, string password = Password, string answer = Answer, string question = "firstSchool") =>
        identity.With(owner.Access).PutAsJsonAsync("/api/identity/me/security-question", new { password, question, answer }, Json);

    private async Task<object> ACode(Owner owner)
    {
        var id = (await Body(await identity.Post("/api/identity/sms-codes", new { purpose = "recover", mobile = owner.Mobile, who = owner.Number }), 202)).GetProperty("codeId").GetGuid();
        return new { id, code = await identity.Query(async db => (await db.SmsCodes.AsNoTracking().SingleAsync(c => c.Id == id)).Digits(identity.Services.GetRequiredService<PersonalData>())) };
    }

    private Task<HttpResponseMessage> ByCode(string who, object smsCode, string newPassword = New) => identity.Post("/api/identity/recoveries", new { who, newPassword, smsCode });

    private Task<HttpResponseMessage> ByAnswer(string who, string answer = Answer, string question = "firstSchool", string newPassword = New) => identity.Post("/api/identity/recoveries", new { who, newPassword, question, answer });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_owner_sets_a_new_password_all_sessions_end_and_the_owner_is_told(bool byCode)
    {
        var owner = await AnOwner(withQuestion: !byCode);
        for (var n = 0; n < 5; n++) await identity.SignInByNumber(owner.Number, "Wrong-Horse-1");

        Assert.Equal(204, (int)(byCode ? await ByCode(owner.Number, await ACode(owner)) : await ByAnswer(owner.Number)).StatusCode);

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(owner.Refresh), 401)));
        await Body(await identity.SignInByNumber(owner.Number, New), 201);
        await Body(await identity.SignInByNumber(owner.Number, Password), 401);
        Assert.Equal([new PasswordReplaced(owner.Id, identity.Clock.Now)], await identity.Published<PasswordReplaced>(owner.Id));
        Assert.Equal(1, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == owner.Id && s.Result == SignInResult.Recovered)));
        Assert.Equal(SessionEnd.Recovered, await identity.Query(db => db.Sessions.Where(s => s.AccountId == owner.Id).OrderBy(s => s.Id).Select(s => s.EndedBy).FirstAsync()));
    }

    [Fact]
    public async Task Who_was_registered_at_the_counter_gets_a_first_password_by_sms()
    {
        var owner = await AnOwner();
        await identity.Query(db => db.Accounts.Where(a => a.Id == owner.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.PasswordHash, "")));

        Assert.Equal(204, (int)(await ByCode(owner.Number, await ACode(owner))).StatusCode);

        await Body(await identity.SignInByNumber(owner.Number, New), 201);
    }

    [Theory]
    [InlineData("ＦＩＲＳＴ school, no. 1", "first School No 1")]
    [InlineData("第一小学（东校区）", "第一小学(东校区)")]
    public async Task An_answer_is_right_however_it_is_typed(string set, string typed)
    {
        var owner = await AnOwner();
        await SetQuestion(owner, answer: set);

        Assert.Equal(204, (int)(await ByAnswer(owner.Number, typed)).StatusCode);
    }

    [Fact]
    public async Task Whatever_is_wrong_and_whether_the_account_exists_the_answer_is_one()
    {
        var (owner, other, without) = (await AnOwner(withQuestion: true), await AnOwner(), await AnOwner());
        var code = await ACode(other);
        HttpResponseMessage[] refused =
        [
            await ByAnswer(owner.Number, "第二小学"),
            await ByAnswer(owner.Number, question: "firstTeacher"),
            await ByAnswer(without.Number),
            await ByAnswer(NewNumber()),
            await ByAnswer("national"),
            await ByCode(owner.Number, code), // somebody else's
            await ByCode(without.Number, new { id = Guid.NewGuid(), code = "000000" }),
            await ByCode(NewNumber(), new { id = Guid.NewGuid(), code = "000000" }),
        ];

        var shapes = await Task.WhenAll(refused.Select(async a => $"{string.Join(',', a.Headers.Select(h => h.Key))} {await Body(a, 409)}"));
        Assert.Single(shapes.Select(shape => System.Text.RegularExpressions.Regex.Replace(shape, "\"traceId\":\"[^\"]*\"", "")).Distinct());
        Assert.Contains("recovery-failed", shapes[0], StringComparison.Ordinal);
        await Body(await identity.SignInByNumber(owner.Number, Password), 201);
        Assert.Equal(0, await identity.Query(db => db.Outbox.CountAsync(m => m.AggregateId == owner.Id && m.Type.Contains(nameof(PasswordReplaced)))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_five_attempts_in_an_hour_even_the_right_one_waits_until_the_stated_time(bool exists)
    {
        var owner = exists ? await AnOwner(withQuestion: true) : null;
        var who = owner?.Number ?? NewNumber();
        for (var n = 0; n < 5; n++) await Body(await ByAnswer(who, "第二小学"), 409);

        var refused = await ByAnswer(who);

        Assert.Equal("3600", refused.Headers.RetryAfter!.ToString());
        var problem = await Body(refused, 429);
        Assert.Equal(("too-many-recoveries", identity.Clock.Now.AddHours(1)), (Code(problem), problem.GetProperty("until").GetDateTimeOffset()));
        identity.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(exists ? 204 : 409, (int)(await ByAnswer(who)).StatusCode);
    }

    [Fact]
    public async Task However_many_attempts_come_at_once_no_more_than_five_are_looked_at()
    {
        var owner = await AnOwner(withQuestion: true);

        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => ByAnswer(owner.Number, "第二小学")));

        Assert.Equal(5, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == owner.Id && s.Result == SignInResult.RecoveryFailed)));
    }

    [Fact]
    public async Task A_code_recovers_once()
    {
        var owner = await AnOwner();
        var code = await ACode(owner);
        Assert.Equal(204, (int)(await ByCode(owner.Number, code)).StatusCode);

        Assert.Equal("recovery-failed", Code(await Body(await ByCode(owner.Number, code, "Third-Horse-3"), 409)));
    }

    [Fact]
    public async Task Setting_a_question_takes_the_password_and_counts_wrong_ones()
    {
        var owner = await AnOwner();

        Assert.Equal(["password wrong-password"], Faults(await Body(await SetQuestion(owner, "Wrong-Horse-1"), 400)));
        for (var n = 0; n < 3; n++) await SetQuestion(owner, "Wrong-Horse-1");
        Assert.Equal("locked-until", Code(await Body(await SetQuestion(owner, "Wrong-Horse-1"), 423)));

        await Body(await SetQuestion(owner), 423);
        await Body(await ByAnswer(owner.Number), 409);
    }

    [Fact]
    public async Task The_last_question_counts_and_its_answer_lies_hashed()
    {
        var owner = await AnOwner(withQuestion: true);
        await SetQuestion(owner, answer: "李老师", question: "firstTeacher");

        await Body(await ByAnswer(owner.Number), 409);
        Assert.Equal("firstTeacher", Text(await Body(await identity.With(owner.Access).GetAsync("/api/identity/me/security-question"), 200), "question"));
        Assert.DoesNotContain("李老师", (await identity.Query(db => db.SecurityAnswers.SingleAsync(a => a.AccountId == owner.Id))).AnswerHash, StringComparison.Ordinal);
        Assert.Equal(204, (int)(await ByAnswer(owner.Number, "李老师", "firstTeacher")).StatusCode);
    }

    [Theory]
    [InlineData("-", "answer-too-short")]
    [InlineData(" 一 ", "answer-too-short")]
    [InlineData("", "answer-too-short")]
    [InlineData("a\u0000", "answer-too-short")]
    public async Task An_answer_that_holds_nothing_is_told_at_its_field(string answer, string code) =>
        Assert.Equal([$"answer {code}"], Faults(await Body(await SetQuestion(await AnOwner(), answer: answer), 400)));

    [Fact]
    public async Task What_cannot_be_a_recovery_is_refused_with_every_fault()
    {
        var none = await Body(await identity.Post("/api/identity/recoveries", new { who = " ", newPassword = "short" }), 400);
        Assert.Equal(["newPassword password-classes", "newPassword password-length", "smsCode one-of-four", "who required"], Faults(none));
        var long_ = await Body(await identity.Post("/api/identity/recoveries", new { who = new string('1', 900), newPassword = New, answer = new string('x', 900) }), 400);
        Assert.Equal(["answer too-long", "question required", "who too-long"], Faults(long_));
    }
}
