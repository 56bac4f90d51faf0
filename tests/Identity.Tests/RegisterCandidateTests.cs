using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class RegisterCandidateTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task A_person_registers_and_is_signed_in_at_once()
    {
        var body = await Body(await identity.Register(ARegistration(name: "阿依古丽・买买提")), 201);

        var me = await identity.With(Text(body, "accessToken")).GetFromJsonAsync<System.Text.Json.JsonElement>("/api/identity/me");
        Assert.Equal(body.GetProperty("candidateId").GetGuid(), me.GetProperty("id").GetGuid());
        Assert.Equal("阿依古丽·买买提", Text(me.GetProperty("candidate"), "name"));
        Assert.Equal("138****5678", Text(me.GetProperty("candidate"), "mobile"));
        Assert.Equal(600, body.GetProperty("expiresIn").GetInt32());
    }

    [Fact]
    public async Task Two_parallel_registrations_of_one_person_make_one_account()
    {
        var registration = ARegistration();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => identity.Register(registration)));

        Assert.Single(answers, a => (int)a.StatusCode == 201);
        foreach (var refused in answers.Where(a => (int)a.StatusCode != 201)) Assert.Equal("person-already-registered", Code(await Body(refused, 409)));
        var id = (await Body(answers.Single(a => (int)a.StatusCode == 201), 201)).GetProperty("candidateId").GetGuid();
        Assert.Single(await identity.Published<Contracts.CandidateRegistered>(id));
    }

    [Fact]
    public async Task The_same_number_written_in_another_way_is_the_same_person()
    {
        var number = NewNumber();
        await Body(await identity.Register(ARegistration(number)), 201);

        var wide = string.Concat(number.Select(c => (char)(c + 0xFEE0)));

        Assert.Equal("person-already-registered", Code(await Body(await identity.Register(ARegistration($" {wide} ")), 409)));
    }

    [Fact]
    public async Task Every_difference_of_the_second_entry_is_told_at_its_field()
    {
        var registration = ARegistration() with { Repeat = new("张三丰", DocumentType.Passport, NewNumber()) };

        var problem = await Body(await identity.Register(registration), 400);

        Assert.Equal(["repeat/documentNumber differs", "repeat/documentType differs", "repeat/name differs"], Faults(problem));
    }

    [Fact]
    public async Task What_registering_would_say_is_told_beforehand_and_not_whether_the_person_is_there()
    {
        var there = ARegistration();
        await Body(await identity.Register(there), 201);

        Assert.Equal(["documentNumber document-number-check-digit", "mobile mobile-format", "repeat/name differs"],
            Faults(await Body(await identity.Post("/api/identity/candidates/check", ARegistration("110105194912310021") with { Mobile = "12345", Repeat = new("李四", DocumentType.ResidentId, "110105194912310021") }), 400)));
        Assert.Equal(204, (int)(await identity.Post("/api/identity/candidates/check", there)).StatusCode);
        Assert.Equal(204, (int)(await identity.Post("/api/identity/candidates/check", ARegistration())).StatusCode);
    }

    [Fact]
    public async Task All_faults_are_told_at_once_and_nothing_is_written()
    {
        var registration = ARegistration("110105194912310021", "张\u0000三") with { Mobile = "12345", Password = "short", NoticeVersion = "1999" };
        var before = await identity.Query(db => db.Accounts.CountAsync());

        var problem = await Body(await identity.Register(registration), 400);

        Assert.Equal(["documentNumber document-number-check-digit", "mobile mobile-format", "name name-character", "noticeVersion notice-not-accepted",
            "password password-classes", "password password-length"], Faults(problem));
        Assert.Equal(before, await identity.Query(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task Unknown_fields_wrong_types_and_missing_fields_are_told_together()
    {
        var problem = await Body(await identity.Post("/api/identity/candidates", new { name = 5, documentType = "library-card", colour = "red" }), 400);

        Assert.Equal(["colour unknown-field", "documentNumber required", "documentType wrong-type", "mobile required", "name wrong-type", "noticeVersion required",
            "password required", "repeat required"], Faults(problem));
    }

    [Fact]
    public async Task Nothing_personal_lies_readable_in_any_table()
    {
        var registration = ARegistration(name: "欧阳娜娜不可见") with { Mobile = "13987654321" };
        await Body(await identity.Register(registration), 201);

        var rows = await identity.Query(async db => string.Join('\n', await db.Database.SqlQueryRaw<string>("""
            select row_to_json(t)::text as "Value" from accounts t union all select row_to_json(t)::text from candidates t union all select row_to_json(t)::text from outbox t
            union all select row_to_json(t)::text from sign_ins t union all select row_to_json(t)::text from sessions t union all select row_to_json(t)::text from refresh_tokens t
            """).ToListAsync()));

        foreach (var secret in (string[])["欧阳", registration.DocumentNumber, registration.Mobile, Password, Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes("欧阳"))])
            Assert.DoesNotContain(secret, rows, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_passport_holder_enters_what_the_passport_number_does_not_say()
    {
        var passport = new Registration("Zoë O'Neill-𠮷", DocumentType.Passport, "x1234567", new("Zoë O'Neill-𠮷", DocumentType.Passport, "X1234567"), "13812345678", Password, Notice.Current.Version);

        var problem = await Body(await identity.Register(passport), 400);
        await Body(await identity.Register(passport with { Sex = Sex.Female, BirthDate = new(1990, 2, 28), Nationality = "IRL" }), 201);

        Assert.Equal(["birthDate required", "nationality required", "sex required"], Faults(problem));
    }

    [Fact]
    public async Task What_the_number_says_cannot_be_entered_otherwise()
    {
        var registration = ARegistration() with { BirthDate = new(2000, 1, 1), Nationality = "FRA" };

        Assert.Equal(["birthDate contradicts-document", "nationality contradicts-document"], Faults(await Body(await identity.Register(registration), 400)));
    }

    [Fact]
    public async Task Broken_text_in_a_name_is_bad_input_and_no_bug()
    {
        using var content = new StringContent("""{"name":"\uD842","documentType":"residentId"}""", System.Text.Encoding.UTF8, "application/json");

        var answer = await identity.Anonymous().PostAsync("/api/identity/candidates", content);

        Assert.Equal(400, (int)answer.StatusCode);
    }
}
