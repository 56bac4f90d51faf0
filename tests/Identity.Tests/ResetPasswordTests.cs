using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ResetPasswordTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string New = "Other-Horse-2", Reason = "本人持身份证到窗口办理，已核对";
    private readonly Guid officer = Guid.NewGuid();

    private async Task<(Guid Id, string Number, string Refresh)> AnApplicant(string areaPath = "110000/110100/", bool trial = false)
    {
        var (id, number, _, refresh) = await identity.ACandidate();
        await identity.Deliver(new ApplicationSubmitted(Guid.NewGuid(), id, 1, "HP", 1, "2027", areaPath, [], identity.Clock.Now, trial));
        return (id, number, refresh);
    }

    private Task<HttpResponseMessage> Reset(string number, string name = "张三", string level = "site", string areaPath = "110000/110100/", string reason = Reason, Guid? evidence = null) =>
        identity.Officer(level, areaPath, officer).PostAsJsonAsync("/api/identity/password-resets", new { name, documentType = "residentId", documentNumber = number, reason, evidenceDocumentId = evidence ?? identity.AScanOf(officer) }, Json);

    private Task<HttpResponseMessage> Recover(string who, string resetCode) => identity.Post("/api/identity/recoveries", new { who, newPassword = New, resetCode });

    private Task<string> Digits(Guid candidate) => identity.Query(async db => (await db.SmsCodes.AsNoTracking().SingleAsync(c => c.AccountId == candidate && c.Purpose == SmsCodePurpose.Reset)).Digits(identity.Services.GetRequiredService<PersonalData>()));

    [Theory]
    [InlineData("site", "110000/110100/")]
    [InlineData("area", "110000/")]
    public async Task A_reset_ends_the_old_password_and_all_sessions_and_the_digits_on_the_mobile_set_a_new_one(string level, string areaPath)
    {
        var (id, number, refresh) = await AnApplicant();
        var evidence = identity.AScanOf(officer);

        Assert.Equal("138****5678", Text(await Body(await Reset(number, level: level, areaPath: areaPath, evidence: evidence), 201), "mobile"));

        await Body(await identity.SignInByNumber(number, Password), 401);
        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(refresh), 401)));
        Assert.Single(await identity.Published<PasswordReplaced>(id));
        var reset = await identity.Query(db => db.PasswordResets.SingleAsync(r => r.CandidateId == id));
        Assert.Equal((officer, evidence, Reason), (reset.OfficerId, reset.EvidenceDocumentId, reset.Reason(identity.Services.GetRequiredService<PersonalData>(), await identity.PersonKey(id))));
        Assert.Single(await identity.Published<SmsCodeIssued>(reset.CodeId));
        Assert.Equal([new ConsentGiven(id, evidence, officer, identity.Clock.Now)], await identity.Published<ConsentGiven>(reset.Id));
        Assert.Equal(204, (int)(await Recover(number, await Digits(id))).StatusCode);
        await Body(await identity.SignInByNumber(number, New), 201);
        Assert.Equal("recovery-failed", Code(await Body(await Recover(number, await Digits(id)), 409)));
    }

    [Fact]
    public async Task The_digits_of_a_reset_live_a_day_and_five_wrong_entries_spend_them()
    {
        var data = identity.Services.GetRequiredService<PersonalData>();
        var now = identity.Clock.Now;
        var code = SmsCode.Issue(SmsCodePurpose.Reset, Guid.NewGuid(), "13812345678", data, now);

        Assert.False(code.IsOver(now.AddDays(1).AddSeconds(-1)));
        Assert.True(code.IsOver(now.AddDays(1)));
        var (id, number, _) = await AnApplicant();
        await Body(await Reset(number), 201);
        for (var n = 0; n < 5; n++) await Body(await Recover(number, "x"), 409);
        Assert.True((await identity.Query(db => db.SmsCodes.SingleAsync(c => c.AccountId == id))).IsOver(now));
    }

    [Theory]
    [InlineData("site", "110000/110200/")]
    [InlineData("area", "350000/")]
    public async Task Another_areas_candidate_is_not_found_and_nothing_changes(string level, string areaPath)
    {
        var (_, number, refresh) = await AnApplicant();

        Assert.Equal("not-found", Code(await Body(await Reset(number, level: level, areaPath: areaPath), 404)));

        await Body(await identity.Refresh(refresh), 200);
        await Body(await identity.SignInByNumber(number, Password), 201);
    }

    [Fact]
    public async Task Neither_are_another_name_nobody_and_who_only_practised_here()
    {
        var ((_, number, _), (_, practised, _)) = (await AnApplicant(), await AnApplicant(trial: true));
        var (_, elsewhere, _, _) = await identity.ACandidate();

        foreach (var (asked, name) in ((string, string)[])[(number, "李四"), (NewNumber(), "张三"), (practised, "张三"), (elsewhere, "张三"), ("nonsense", "张三")])
            Assert.Equal("not-found", Code(await Body(await Reset(asked, name), 404)));
    }

    [Fact]
    public async Task Other_levels_and_people_reset_nothing()
    {
        var (_, number, _) = await AnApplicant();

        Assert.Equal("wrong-level", Code(await Body(await Reset(number, level: "national", areaPath: ""), 403)));
        Assert.Equal("wrong-level", Code(await Body(await Reset(number, level: "point", areaPath: "110000/110100/110101/"), 403)));
        foreach (var person in (HttpClient[])[identity.Candidate(officer), identity.Operator()])
            Assert.Equal(403, (int)(await person.PostAsJsonAsync("/api/identity/password-resets", new { name = "张三", documentType = "residentId", documentNumber = number, reason = Reason, evidenceDocumentId = Guid.NewGuid() }, Json)).StatusCode);
    }

    [Fact]
    public async Task A_scan_proves_one_person_once_also_when_two_come_in_the_same_moment()
    {
        var ((_, one, _), (_, two, _), evidence) = (await AnApplicant(), await AnApplicant(), identity.AScanOf(officer));

        var answers = await Task.WhenAll(Reset(one, evidence: evidence), Reset(two, evidence: evidence));

        Assert.Single(answers, a => (int)a.StatusCode == 201);
        Assert.Equal("evidence-used", Code(await Body(answers.Single(a => (int)a.StatusCode != 201), 409)));
    }

    [Fact]
    public async Task Reason_and_scan_must_be_there()
    {
        var (_, number, _) = await AnApplicant();

        Assert.Equal(["evidenceDocumentId unknown-consent", "name required", "reason reason-too-short"], Faults(await Body(await Reset(number, "", reason: "  短  ", evidence: Guid.NewGuid()), 400)));
        Assert.Equal(["evidenceDocumentId consent-quarantined", "reason too-long"], Faults(await Body(await Reset(number, reason: new('字', 501), evidence: identity.AScanOf(officer, state: "quarantined")), 400)));
    }

    [Fact]
    public async Task Nobody_asks_for_a_resets_digits() =>
        Assert.Equal(["purpose not-a-choice"], Faults(await Body(await identity.Post("/api/identity/sms-codes", new { purpose = "reset", mobile = "13812345678", who = NewNumber() }), 400)));

    [Fact]
    public async Task Who_has_lost_the_mobile_too_gets_the_code_on_a_new_one_and_the_old_one_hears_of_it()
    {
        var (id, number, _) = await AnApplicant();
        var answer = await identity.Officer("site", "110000/110100/", officer).PostAsJsonAsync("/api/identity/password-resets", new { name = "张三", documentType = "residentId", documentNumber = number, reason = Reason, evidenceDocumentId = identity.AScanOf(officer), newMobile = "13700001111" }, Json);

        Assert.Equal("137****1111", Text(await Body(answer, 201), "mobile"));
        Assert.Equal("13700001111", (await identity.Answers().GetAddressAsync(new() { CandidateId = id.ToString() }, PlatformKey)).Mobile);
        Assert.Single(await identity.Published<SignInMeansChanged>(id));
    }
}
