using System.Globalization;
using System.Net.Http.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ChangeMobileTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private static int mobiles;

    private static string NewMobile() => $"139{Interlocked.Increment(ref mobiles):D8}";

    /// <summary>A code on its way to the mobile, and its digits.</summary>
    private async Task<object> ACodeTo(string mobile, string purpose = "newMobile")
    {
        var id = (await Body(await identity.Post("/api/identity/sms-codes", new { purpose, mobile }), 202)).GetProperty("codeId").GetGuid();
        return new { id, code = (await identity.Answers().GetSmsCodeAsync(new() { CodeId = id.ToString() }, PlatformKey)).Digits };
    }

    private static Task<HttpResponseMessage> Change(HttpClient person, string mobile, object smsCode, string password = Password) =>
        person.PostAsJsonAsync("/api/identity/me/mobile", new { password, mobile, smsCode }, Json);

    private async Task<string> MobileOf(Guid id, DateTimeOffset? at = null) =>
        (await identity.Answers().GetAddressAsync(new() { CandidateId = id.ToString(), At = at?.ToString("O", CultureInfo.InvariantCulture) ?? "" }, PlatformKey)).Mobile;

    [Fact]
    public async Task The_new_mobile_takes_the_place_of_the_old_one_which_hears_of_it()
    {
        var ((id, _, token, _), mobile) = (await identity.ACandidate(), NewMobile());
        identity.Clock.Now += TimeSpan.FromMinutes(1);

        Assert.Equal(204, (int)(await Change(identity.With(token), mobile, await ACodeTo(mobile))).StatusCode);

        Assert.Equal(mobile, await MobileOf(id));
        var told = Assert.Single(await identity.Published<SignInMeansChanged>(id));
        Assert.Equal("13812345678", await MobileOf(id, told.At));
        Assert.Equal(mobile, await MobileOf(id, told.At + TimeSpan.FromTicks(10)));
        Assert.Contains(id.ToString(), (await identity.Answers().FindByMobileAsync(new() { Mobile = mobile }, PlatformKey)).CandidateIds);
    }

    [Fact]
    public async Task Digits_of_another_mobile_or_for_another_purpose_change_nothing()
    {
        var ((id, _, token, _), mobile) = (await identity.ACandidate(), NewMobile());
        var person = identity.With(token);
        foreach (var code in (object[])[await ACodeTo(NewMobile()), await ACodeTo(mobile, "register"), new { id = Guid.NewGuid(), code = "123456" }])
            Assert.Equal("sms-code-wrong", Code(await Body(await Change(person, mobile, code), 409)));

        Assert.Equal("13812345678", await MobileOf(id));
    }

    [Fact]
    public async Task Wrong_digits_are_counted_and_after_five_the_right_ones_are_too_late()
    {
        var ((id, _, token, _), mobile) = (await identity.ACandidate(), NewMobile());
        var (person, right) = (identity.With(token), await ACodeTo(mobile));
        var codeId = (Guid)right.GetType().GetProperty("id")!.GetValue(right)!;
        for (var i = 0; i < SmsCode.MostTries; i++) await Change(person, mobile, new { id = codeId, code = "x" });

        Assert.Equal("sms-code-over", Code(await Body(await Change(person, mobile, right), 409)));
        Assert.Equal("13812345678", await MobileOf(id));
    }

    [Fact]
    public async Task The_password_is_asked_for_and_the_digits_are_not_used_up_by_a_wrong_one()
    {
        var ((_, _, token, _), mobile) = (await identity.ACandidate(), NewMobile());
        var (person, code) = (identity.With(token), await ACodeTo(mobile));

        Assert.Equal(["password wrong-password"], Faults(await Body(await Change(person, mobile, code, "Wrong-Horse-1"), 400)));
        Assert.Equal(["mobile mobile-format"], Faults(await Body(await Change(person, "123", code), 400)));
        Assert.Equal(204, (int)(await Change(person, mobile, code)).StatusCode);
    }

    [Fact]
    public async Task A_month_later_the_old_mobile_is_forgotten()
    {
        var ((id, _, token, _), mobile) = (await identity.ACandidate(), NewMobile());
        await Change(identity.With(token), mobile, await ACodeTo(mobile));
        var at = Assert.Single(await identity.Published<SignInMeansChanged>(id)).At;
        identity.Clock.Now += FormerMobile.Kept + TimeSpan.FromSeconds(1);

        await new ForgetOldSignIns(identity.Services.GetRequiredService<IServiceScopeFactory>(), identity.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<IdentitySettings>>(), identity.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ForgetOldSignIns>.Instance).Forget(CancellationToken.None);

        Assert.Equal(mobile, await MobileOf(id, at));
    }
}
