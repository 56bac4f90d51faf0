using System.Globalization;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class SmsCodeTests(SmsCodeTests.CodeFixture identity) : IClassFixture<SmsCodeTests.CodeFixture>
{
    private static int mobiles = 30_000_000;

    public sealed class CodeFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:SmsCodeToRegister", "true"), new("Identity:SmsCodes:PerAddressAndHour", "10000")];
    }

    private static string NewMobile() => "139" + Interlocked.Increment(ref mobiles).ToString(CultureInfo.InvariantCulture);

    private async Task<(Guid Id, HttpResponseMessage Answer)> Ask(string purpose, string mobile, string? who = null)
    {
        var answer = await identity.Post("/api/identity/sms-codes", new { purpose, mobile, who });
        return ((int)answer.StatusCode == 202 ? (await Body(answer, 202)).GetProperty("codeId").GetGuid() : Guid.Empty, answer);
    }

    private Task<string> Digits(Guid id) => identity.Query(async db => (await db.SmsCodes.AsNoTracking().SingleAsync(c => c.Id == id)).Digits(identity.Services.GetRequiredService<PersonalData>()));

    private static string Other(string digits) => ((int.Parse(digits, CultureInfo.InvariantCulture) + 1) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    private Task<HttpResponseMessage> Register(string mobile, Guid id, string digits, string? number = null) => identity.Register(ARegistration(number) with { Mobile = mobile, SmsCode = new(id, digits) });

    [Fact]
    public async Task Who_has_the_mobile_registers_once_with_the_digits_sent_to_it()
    {
        var mobile = NewMobile();
        var (id, _) = await Ask("register", $"+86 {mobile}");
        var sent = await identity.Answers().GetSmsCodeAsync(new() { CodeId = id.ToString() }, PlatformKey);
        Assert.Equal((mobile, 6), (sent.Mobile, sent.Digits.Length));
        Assert.Equal([new SmsCodeIssued(id, identity.Clock.Now)], await identity.Published<SmsCodeIssued>(id));

        await Body(await Register(mobile, id, $" {sent.Digits} "), 201);

        Assert.Equal(["smsCode sms-code-over"], Faults(await Body(await Register(mobile, id, sent.Digits), 400)));
    }

    [Fact]
    public async Task Nobody_registers_without_a_code_or_with_one_for_another_mobile_or_purpose()
    {
        var (mobile, other, number) = (NewMobile(), NewMobile(), NewNumber());
        var (id, _) = await Ask("register", other);
        var (recover, _) = await Ask("recover", mobile, number);

        Assert.Equal(["smsCode required"], Faults(await Body(await identity.Register(ARegistration(number) with { Mobile = mobile }), 400)));
        Assert.Equal(["smsCode sms-code-wrong"], Faults(await Body(await Register(mobile, id, await Digits(id), number), 400)));
        Assert.Equal(["smsCode sms-code-wrong"], Faults(await Body(await Register(mobile, recover, await Digits(recover), number), 400)));
        Assert.Equal(["smsCode sms-code-wrong"], Faults(await Body(await Register(mobile, Guid.NewGuid(), "000000", number), 400)));
    }

    [Fact]
    public async Task Five_wrong_entries_spend_a_code_also_when_they_come_at_once()
    {
        var mobile = NewMobile();
        var (id, _) = await Ask("register", mobile);
        var digits = await Digits(id);

        for (var n = 0; n < 4; n++) Assert.Equal(["smsCode sms-code-wrong"], Faults(await Body(await Register(mobile, id, Other(digits)), 400)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Register(mobile, id, Other(digits))));

        Assert.Equal(["smsCode sms-code-over"], Faults(await Body(await Register(mobile, id, digits), 400)));
        Assert.Equal(SmsCode.MostTries, await identity.Query(db => db.SmsCodes.Where(c => c.Id == id).Select(c => c.Tries).SingleAsync()));
    }

    [Fact]
    public async Task A_code_lives_five_minutes()
    {
        var now = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
        var data = identity.Services.GetRequiredService<PersonalData>();
        var code = SmsCode.Issue(SmsCodePurpose.Register, null, NewMobile(), data, now);

        Assert.False(code.IsOver(now + TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1)));
        Assert.Equal("sms-code-over", code.Use(code.Digits(data), data, now + TimeSpan.FromMinutes(5))!.Code);
        var late = await Assert.ThrowsAsync<RpcException>(async () => await identity.Answers().GetSmsCodeAsync(new() { CodeId = await Stored(code) }, PlatformKey));
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);

        async Task<string> Stored(SmsCode spent)
        {
            for (var n = 0; n < SmsCode.MostTries; n++) spent.Use("x", data, now);
            await identity.Query(db =>
            {
                db.SmsCodes.Add(spent);
                return db.SaveChangesAsync();
            });
            return spent.Id.ToString();
        }
    }

    [Fact]
    public async Task Whether_somebody_has_a_mobile_is_not_told_and_a_stranger_gets_no_sms()
    {
        var mobile = NewMobile();
        var (first, _) = await Ask("register", mobile);
        var number = NewNumber();
        await Body(await Register(mobile, first, await Digits(first), number), 201);
        identity.Clock.Advance(TimeSpan.FromMinutes(1));

        var (known, right) = await Ask("recover", mobile, number);
        var (wrongMobile, other) = await Ask("recover", NewMobile(), number);
        var (nobody, unknown) = await Ask("recover", NewMobile(), NewNumber());

        Assert.Equal(await Shape(right), await Shape(other));
        Assert.Equal(await Shape(right), await Shape(unknown));
        Assert.Equal((1, 0, 0), ((await identity.Published<SmsCodeIssued>(known)).Count, (await identity.Published<SmsCodeIssued>(wrongMobile)).Count, (await identity.Published<SmsCodeIssued>(nobody)).Count));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await identity.Answers().GetSmsCodeAsync(new() { CodeId = nobody.ToString() }, PlatformKey))).StatusCode);

        static async Task<string> Shape(HttpResponseMessage answer) =>
            $"{(int)answer.StatusCode} {string.Join(',', answer.Headers.Select(h => h.Key))} {string.Join(',', (await Body(answer, 202)).EnumerateObject().Select(p => p.Name == "codeId" ? p.Name : $"{p.Name}={p.Value}"))}";
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mobile_gets_one_code_a_minute_and_five_an_hour_known_or_not(bool known)
    {
        var (mobile, who) = (NewMobile(), known ? null : NewNumber());
        var purpose = known ? "register" : "recover";
        await Ask(purpose, mobile, who);

        var soon = await Body((await Ask(purpose, mobile, who)).Answer, 429);
        Assert.Equal(("too-many-sms-codes", identity.Clock.Now.AddMinutes(1)), (Code(soon), soon.GetProperty("until").GetDateTimeOffset()));
        for (var n = 0; n < 3; n++)
        {
            identity.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(202, (int)(await Ask(purpose, mobile, who)).Answer.StatusCode);
        }
        identity.Clock.Advance(TimeSpan.FromMinutes(1));

        var (_, refused) = await Ask(purpose, mobile, who);
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.InRange(int.Parse(refused.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture), 3000, 3600);
    }

    [Fact]
    public async Task However_many_mobiles_are_tried_an_account_and_an_address_have_their_limit()
    {
        await using var own = new NarrowFixture();
        var (_, number, _, _) = await own.ACandidate();
        for (var n = 0; n < 3; n++) Assert.Equal(202, (int)(await own.Post("/api/identity/sms-codes", new { purpose = "recover", mobile = NewMobile(), who = number })).StatusCode);

        Assert.Equal(429, (int)(await own.Post("/api/identity/sms-codes", new { purpose = "signIn", mobile = "13812345678", who = number })).StatusCode);
        Assert.Equal(202, (int)(await own.Post("/api/identity/sms-codes", new { purpose = "register", mobile = NewMobile() })).StatusCode);
        Assert.Equal(429, (int)(await own.Post("/api/identity/sms-codes", new { purpose = "register", mobile = NewMobile() })).StatusCode);
    }

    private sealed class NarrowFixture : IdentityFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:SmsCodes:PerDay", "3"), new("Identity:SmsCodes:PerAddressAndHour", "5")];
    }

    [Fact]
    public async Task Of_many_who_ask_in_the_same_moment_for_one_mobile_one_is_sent_a_code()
    {
        var mobile = NewMobile();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Ask("register", mobile)));

        Assert.Single(answers, a => (int)a.Answer.StatusCode == 202);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_told_at_its_field()
    {
        Assert.Equal(["mobile mobile-format", "who required"], Faults(await Body((await Ask("recover", "12")).Answer, 400)));
        Assert.Equal(["mobile mobile-format", "who too-long", "who unknown-field"], Faults(await Body((await Ask("register", new('1', 900), new('1', 900))).Answer, 400)));
        Assert.Equal(400, (int)(await Ask("shop", NewMobile())).Answer.StatusCode);
    }

    [Fact]
    public async Task The_digits_of_a_code_lie_in_no_table()
    {
        var mobile = NewMobile();
        var (id, _) = await Ask("register", mobile);
        var digits = await Digits(id);

        var row = await identity.Query(db => db.Database.SqlQuery<string>($"select row_to_json(c)::text || coalesce((select string_agg(convert_from(o.body::text::bytea, 'utf8'), '') from outbox o where o.aggregate_id = c.id), '') as \"Value\" from sms_codes c where c.id = {id}").SingleAsync());

        Assert.DoesNotContain(digits, row, StringComparison.Ordinal);
        Assert.DoesNotContain(mobile, row, StringComparison.Ordinal);
    }
}
