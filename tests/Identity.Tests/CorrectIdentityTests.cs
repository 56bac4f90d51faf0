using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class CorrectIdentityTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Reason = "姓名中的生僻字登记成了拼音，已核对身份证";
    private readonly Guid officer = Guid.NewGuid();

    private async Task<(Guid Id, string Number, string Token)> AnApplicant(string areaPath = "110000/110100/")
    {
        var (id, number, token, _) = await identity.ACandidate();
        await identity.Deliver(new ApplicationSubmitted(Guid.NewGuid(), id, 1, "HP", 1, "2027", areaPath, [], identity.Clock.Now, false));
        return (id, number, token);
    }

    private static object To(string number, string name = "张𠮷", string type = "residentId", string? sex = null) => new { name, documentType = type, documentNumber = number, sex };

    private Task<HttpResponseMessage> Correct(string number, object right, string name = "张三", string level = "site", string areaPath = "110000/110100/", string reason = Reason, Guid? evidence = null) =>
        identity.Officer(level, areaPath, officer).PostAsJsonAsync("/api/identity/corrections", new { name, documentType = "residentId", documentNumber = number, right, reason, evidenceDocumentId = evidence ?? identity.AScanOf(officer) }, Json);

    private async Task<JsonElement> Seen(string token) => await Body(await identity.With(token).GetAsync("/api/identity/me/corrections"), 200);

    [Theory]
    [InlineData("site", "110000/110100/")]
    [InlineData("area", "110000/")]
    public async Task An_officer_of_the_place_corrects_a_name_and_the_owner_is_told_and_sees_what_and_why(string level, string areaPath)
    {
        var (id, number, token) = await AnApplicant();
        var evidence = identity.AScanOf(officer);

        var correction = (await Body(await Correct(number, To(number), level: level, areaPath: areaPath, evidence: evidence), 201)).GetProperty("correctionId").GetGuid();

        Assert.Equal("张𠮷", Text((await Body(await identity.With(token).GetAsync("/api/identity/me"), 200)).GetProperty("candidate"), "name"));
        Assert.Equal("张𠮷", (await identity.Answers().GetPersonAsync(new() { CandidateId = id.ToString() }, PlatformKey)).Name);
        Assert.Single(await identity.Published<IdentityCorrected>(id));
        Assert.Equal([new ConsentGiven(id, evidence, officer, identity.Clock.Now)], await identity.Published<ConsentGiven>(correction));
        var seen = Assert.Single((await Seen(token)).EnumerateArray());
        Assert.Equal((officer, level, areaPath, Reason), (seen.GetProperty("officerId").GetGuid(), Text(seen, "level"), Text(seen, "areaPath"), Text(seen, "reason")));
        Assert.Equal(["name 张三 张𠮷"], seen.GetProperty("changes").EnumerateArray().Select(c => $"{Text(c, "field")} {Text(c, "before")} {Text(c, "after")}"));
    }

    [Fact]
    public async Task A_corrected_number_signs_in_and_the_old_one_does_not_and_is_free_again()
    {
        var (id, number, _) = await AnApplicant();
        var right = NewNumber();

        await Body(await Correct(number, To(right, "张三")), 201);

        Assert.Equal(id, (await identity.Query(db => db.Candidates.AsNoTracking().SingleAsync(c => c.Id == id))).Id);
        await Body(await identity.SignInByNumber(right, Password), 201);
        await Body(await identity.SignInByNumber(number, Password), 401);
        await Body(await identity.Register(ARegistration(number)), 201);
    }

    [Fact]
    public async Task The_document_of_another_account_is_refused_and_nothing_changes()
    {
        var ((_, number, token), (_, other, _, _)) = (await AnApplicant(), await identity.ACandidate());

        Assert.Equal("person-already-registered", Code(await Body(await Correct(number, To(other)), 409)));

        await Body(await identity.SignInByNumber(number, Password, name: "张三"), 201);
        Assert.Empty((await Seen(token)).EnumerateArray());
    }

    [Fact]
    public async Task The_new_facts_keep_the_rules_of_registering_each_told_at_its_field()
    {
        var (_, number, _) = await AnApplicant();

        Assert.Equal(["right/documentNumber document-number-check-digit", "right/name required"], Faults(await Body(await Correct(number, To(number[..^1] + (number[^1] == '1' ? '2' : '1'), "")), 400)));
        Assert.Equal(["right/birthDate required", "right/nationality required", "right/sex required"], Faults(await Body(await Correct(number, To("E12345678", type: "passport")), 400)));
        Assert.Equal(["reason reason-too-short"], Faults(await Body(await Correct(number, To(number), reason: "短"), 400)));
        Assert.Equal("nothing-to-correct", Code(await Body(await Correct(number, To(number, "张三")), 409)));
    }

    [Theory]
    [InlineData("site", "110000/110200/", 404)]
    [InlineData("area", "350000/", 404)]
    [InlineData("national", "", 403)]
    public async Task Who_has_nothing_to_do_with_the_person_finds_nobody_and_changes_nothing(string level, string areaPath, int status)
    {
        var (_, number, token) = await AnApplicant();

        await Body(await Correct(number, To(number), level: level, areaPath: areaPath), status);

        Assert.Empty((await Seen(token)).EnumerateArray());
    }

    [Fact]
    public async Task One_scan_speaks_for_one_correction_and_the_row_is_sealed_and_audited()
    {
        var ((id, number, _), (_, other, _), evidence) = (await AnApplicant(), await AnApplicant(), identity.AScanOf(officer));
        await Body(await Correct(number, To(number), evidence: evidence), 201);

        Assert.Equal("evidence-used", Code(await Body(await Correct(other, To(other), evidence: evidence), 409)));

        var row = await identity.Query(db => db.IdentityCorrections.AsNoTracking().SingleAsync(c => c.CandidateId == id));
        var (before, after, _) = row.Read(identity.Services.GetRequiredService<PersonalData>(), await identity.PersonKey(id));
        Assert.Equal(("张三", "张𠮷"), (before.Name, after.Name));
        Assert.Equal(1, await identity.Query(db => db.Audit.CountAsync(e => e.Source == "identity_corrections" && e.Key == row.Id.ToString())));
    }
}
