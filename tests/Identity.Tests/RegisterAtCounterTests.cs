using System.Net.Http.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Identities.Features.RegisterAtCounter;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class RegisterAtCounterTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private readonly Guid officer = Guid.NewGuid();

    [Theory]
    [InlineData("site", "110000/110100/")]
    [InlineData("area", "110000/")]
    public async Task A_city_or_a_province_registers_a_person_who_came_and_is_kept_as_the_one_who_did(string level, string areaPath)
    {
        var entry = AnEntry();

        var id = Id(await Body(await Register(entry, level, areaPath), 201));

        var candidate = await identity.Query(db => db.Candidates.SingleAsync(c => c.Id == id));
        Assert.Equal((officer, Candidate.OnPaper), (candidate.RegisteredBy, candidate.NoticeVersion));
        Assert.Equal([new CandidateRegistered(id, identity.Clock.Now)], await identity.Published<CandidateRegistered>(id));
        Assert.Equal([new ConsentGiven(id, entry.ConsentDocumentId, officer, identity.Clock.Now)], await identity.Published<ConsentGiven>(id));
        Assert.Equal("13812345678", (await identity.Answers().GetAddressAsync(new() { CandidateId = id.ToString() }, PlatformKey)).Mobile);
    }

    [Theory]
    [InlineData("110000/110100/", true)]
    [InlineData("110000/", true)]
    [InlineData("110000/110200/", false)]
    [InlineData("350000/350100/", false)]
    public async Task A_consent_is_known_where_it_was_taken_in_and_above(string asked, bool given)
    {
        await identity.Query(async db => { db.AddRange(new Account { Id = officer, Role = AccountRole.Officer, CreatedAt = identity.Clock.Now }, new Officer { Id = officer, DisplayName = "市级", Level = OfficerLevel.Site, AreaPath = "110000/110100/", AppointedAt = identity.Clock.Now }); return await db.SaveChangesAsync(); });
        var id = Id(await Body(await Register(AnEntry()), 201));

        Assert.Equal(given, (await identity.Answers().FindConsentAsync(new() { CandidateId = id.ToString(), AreaPath = asked }, PlatformKey)).Given);
        Assert.False((await identity.Answers().FindConsentAsync(new() { CandidateId = $"{Guid.NewGuid()}", AreaPath = asked }, PlatformKey)).Given);
    }

    [Theory]
    [InlineData("national", "", "wrong-level")]
    [InlineData("point", "110000/110100/110101/", "wrong-level")]
    public async Task Other_levels_keep_no_counter(string level, string areaPath, string code) => Assert.Equal(code, Code(await Body(await Register(AnEntry(), level, areaPath), 403)));

    [Fact]
    public async Task Only_officers_keep_counters()
    {
        foreach (var person in (HttpClient[])[identity.Candidate(officer), identity.Operator()])
            Assert.Equal("not-allowed", Code(await Body(await person.PostAsJsonAsync("/api/identity/counter-registrations", AnEntry(), Json), 403)));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData(Password)]
    public async Task Nobody_signs_in_to_an_account_without_a_password(string password)
    {
        var entry = AnEntry();
        await Body(await Register(entry), 201);

        Assert.Equal("sign-in-failed", Code(await Body(await identity.SignInByNumber(entry.DocumentNumber, password), 401)));
    }

    [Fact]
    public async Task A_person_who_is_registered_already_is_found_and_the_look_is_kept()
    {
        var registration = ARegistration(name: "阿依古丽·买买提");
        var own = Id(await Body(await identity.Register(registration), 201));
        var entry = AnEntry(registration.DocumentNumber, "阿依古丽•买买提");

        Assert.Equal(own, Id(await Body(await Register(entry), 200)));

        var look = await identity.Query(db => db.PersonLooks.SingleAsync(l => l.CandidateId == own));
        Assert.Equal((officer, entry.ConsentDocumentId, identity.Clock.Now), (look.OfficerId, look.ConsentDocumentId, look.At));
        Assert.Single(await identity.Published<CandidateRegistered>(own));
        Assert.Single(await identity.Published<ConsentGiven>(own));
        var signedIn = await Body(await identity.SignInByNumber(registration.DocumentNumber, Password), 201);
        var told = Assert.Single((await Body(await identity.With(Text(signedIn, "accessToken")).GetAsync("/api/identity/me/looks"), 200)).EnumerateArray());
        Assert.Equal((officer, look.At), (told.GetProperty("officerId").GetGuid(), told.GetProperty("at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_number_that_is_registered_under_another_name_is_refused()
    {
        var number = NewNumber();
        var own = Id(await Body(await identity.Register(ARegistration(number)), 201));

        Assert.Equal("name-differs", Code(await Body(await Register(AnEntry(number, "张三丰")), 409)));
        Assert.False(await identity.Query(db => db.Consents.AnyAsync(c => c.CandidateId == own)));
    }

    [Fact]
    public async Task All_faults_are_told_at_once_those_of_the_second_entry_and_of_the_scan_too()
    {
        var entry = AnEntry() with { Name = "", Mobile = "12345", Repeat = new("张三", DocumentType.Passport, NewNumber()), ConsentDocumentId = Guid.NewGuid() };

        Assert.Equal(["consentDocumentId unknown-consent", "mobile mobile-format", "name required", "repeat/documentNumber differs", "repeat/documentType differs", "repeat/name differs"],
            Faults(await Body(await Register(entry), 400)));
    }

    [Theory]
    [InlineData("document", "ready", "unknown-consent")]
    [InlineData("consent", "quarantined", "consent-quarantined")]
    [InlineData("consent", "rejected", "consent-rejected")]
    public async Task The_paper_must_be_scanned_and_out_of_quarantine(string kind, string state, string code) =>
        Assert.Equal([$"consentDocumentId {code}"], Faults(await Body(await Register(AnEntry() with { ConsentDocumentId = identity.AScanOf(officer, kind, state) }), 400)));

    [Fact]
    public async Task A_scan_that_another_officer_brought_is_unknown() =>
        Assert.Equal(["consentDocumentId unknown-consent"], Faults(await Body(await Register(AnEntry() with { ConsentDocumentId = identity.AScanOf(Guid.NewGuid()) }), 400)));

    [Fact]
    public async Task One_scan_speaks_for_one_person()
    {
        var first = AnEntry();
        await Body(await Register(first), 201);

        Assert.Equal("consent-used", Code(await Body(await Register(AnEntry() with { ConsentDocumentId = first.ConsentDocumentId }), 409)));
    }

    [Fact]
    public async Task The_same_key_answers_the_same_and_without_one_the_person_is_found()
    {
        var entry = AnEntry();
        var first = Id(await Body(await Register(entry, key: "k-1"), 201));
        identity.Uploads.TryRemove((officer, entry.ConsentDocumentId), out _); // the document service has handed it over

        Assert.Equal(first, Id(await Body(await Register(entry, key: "k-1"), 201)));
        Assert.Equal(first, Id(await Body(await Register(entry), 200)));
        Assert.Equal(1, await identity.Query(db => db.PersonLooks.CountAsync(l => l.CandidateId == first)));
    }

    [Fact]
    public async Task Of_parallel_registrations_of_one_person_one_makes_the_account_and_all_find_it()
    {
        var number = NewNumber();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Register(AnEntry(number), key: n % 2 == 0 ? $"parallel-{n}" : null)));

        Assert.Equal([200, 200, 200, 200, 200, 201], answers.Select(a => (int)a.StatusCode).Order());
        Assert.Single((await Task.WhenAll(answers.Select(a => Body(a, (int)a.StatusCode)))).Select(Id).Distinct());
    }

    [Fact]
    public async Task Of_parallel_registrations_on_one_scan_one_has_it()
    {
        var scan = identity.AScanOf(officer);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Register(AnEntry() with { ConsentDocumentId = scan }, key: $"scan-{n}")));

        Assert.Equal([201, 409, 409, 409], answers.Select(a => (int)a.StatusCode).Order());
        Assert.Equal(1, await identity.Query(db => db.Candidates.CountAsync(c => c.RegisteredBy == officer)));
    }

    [Fact]
    public async Task Nothing_personal_lies_readable_in_any_table()
    {
        var entry = AnEntry(name: "司徒不可见") with { Mobile = "13987650000" };
        await Body(await Register(entry, key: "secret"), 201);
        await Body(await Register(entry), 200);

        var rows = await identity.Query(async db => string.Join('\n', await db.Database.SqlQueryRaw<string>("""
            select row_to_json(t)::text as "Value" from candidates t union all select row_to_json(t)::text from accounts t union all select row_to_json(t)::text from outbox t
            union all select row_to_json(t)::text from consents t union all select row_to_json(t)::text from person_looks t union all select row_to_json(t)::text from kept_answers t
            """).ToListAsync()));

        foreach (var secret in (string[])["司徒", entry.DocumentNumber, entry.Mobile]) Assert.DoesNotContain(secret, rows);
    }

    private CounterEntry AnEntry(string? number = null, string name = "张三")
    {
        number ??= NewNumber();
        return new(name, DocumentType.ResidentId, number, new(name, DocumentType.ResidentId, number), "13812345678", identity.AScanOf(officer));
    }

    private async Task<HttpResponseMessage> Register(CounterEntry entry, string level = "site", string areaPath = "110000/110100/", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/identity/counter-registrations") { Content = JsonContent.Create(entry, options: Json) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await identity.Officer(level, areaPath, officer).SendAsync(request);
    }

    private static Guid Id(System.Text.Json.JsonElement body) => body.GetProperty("candidateId").GetGuid();
}
