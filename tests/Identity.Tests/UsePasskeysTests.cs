using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class UsePasskeysTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Mine = "/api/identity/me/passkeys";

    private static async Task<JsonElement> Begin(HttpClient person) => await Body(await person.PostAsJsonAsync($"{Mine}/ceremonies", new { password = Password }, Json), 200);

    private static Task<HttpResponseMessage> Add(HttpClient person, JsonElement order, object credential) =>
        person.PostAsJsonAsync(Mine, new { ceremony = Text(order, "ceremony"), credential, name = "我的手机" }, Json);

    private async Task<(Guid Id, HttpClient Person, SoftKey Key)> ACandidateWithAPasskey(bool counts = true)
    {
        var (id, _, token, _) = await identity.ACandidate();
        var (person, key) = (identity.With(token), new SoftKey { Count = counts ? 1u : 0u });
        var order = await Begin(person);
        await Body(await Add(person, order, key.Make(order)), 201);
        return (id, person, key);
    }

    private async Task<JsonElement> Ask() => await Body(await identity.Post("/api/identity/passkeys/ceremonies", new { }), 200);

    private Task<HttpResponseMessage> Enter(JsonElement order, object credential) => identity.Post("/api/identity/sessions/passkey", new { ceremony = Text(order, "ceremony"), credential });

    private async Task<string> Refused(JsonElement order, object credential) => Code(await Body(await Enter(order, credential), 401));

    [Fact]
    public async Task A_device_that_was_added_signs_in_its_owner_and_nothing_is_typed()
    {
        var (id, _, key) = await ACandidateWithAPasskey();
        var order = await Ask();

        var signedIn = await Body(await Enter(order, key.Sign(order)), 201);

        var me = await Body(await identity.With(Text(signedIn, "accessToken")).GetAsync("/api/identity/me"), 200);
        Assert.Equal(id, me.GetProperty("id").GetGuid());
        Assert.Equal(identity.Clock.Now, await identity.Query(db => db.Passkeys.Where(p => p.AccountId == id).Select(p => p.LastUsedAt).SingleAsync()));
    }

    [Fact]
    public async Task Face_or_finger_is_asked_for_when_it_is_made_and_when_it_is_used()
    {
        var (_, person, key) = await ACandidateWithAPasskey();
        using var touched = new SoftKey { Verifies = false };
        var made = await Begin(person);

        Assert.Equal("passkey-wrong", Code(await Body(await Add(person, made, touched.Make(made)), 409)));

        key.Verifies = false;
        var order = await Ask();
        Assert.Equal("passkey-wrong", await Refused(order, key.Sign(order)));
    }

    [Fact]
    public async Task An_answer_is_good_once_and_for_what_was_asked()
    {
        var (_, _, key) = await ACandidateWithAPasskey(counts: false);
        var (order, other) = (await Ask(), await Ask());
        var answer = key.Sign(order);

        Assert.Equal("passkey-wrong", await Refused(other, answer));
        await Body(await Enter(order, answer), 201);
        Assert.Equal("passkey-wrong", await Refused(order, answer));
    }

    [Fact]
    public async Task After_five_minutes_it_is_too_late()
    {
        var (_, _, key) = await ACandidateWithAPasskey();
        var order = await Ask();
        identity.Clock.Now += TimeSpan.FromMinutes(5);

        Assert.Equal("passkey-wrong", await Refused(order, key.Sign(order)));
    }

    [Fact]
    public async Task Another_page_gets_nobody_in_and_adds_nothing()
    {
        var (_, person, key) = await ACandidateWithAPasskey();
        using var elsewhere = new SoftKey("http://localhost:6000");
        using var otherDomain = new SoftKey(domain: "example.cn");
        foreach (var wrong in (SoftKey[])[elsewhere, otherDomain])
        {
            var made = await Begin(person);
            Assert.Equal("passkey-wrong", Code(await Body(await Add(person, made, wrong.Make(made)), 409)));
        }
    }

    [Fact]
    public async Task A_copy_that_counts_from_before_is_refused()
    {
        var (_, _, key) = await ACandidateWithAPasskey();
        var order = await Ask();
        key.Count = 10;
        await Body(await Enter(order, key.Sign(order)), 201);

        order = await Ask();
        key.Count = 5;
        Assert.Equal("passkey-wrong", await Refused(order, key.Sign(order)));
    }

    [Fact]
    public async Task Another_persons_question_is_not_answered_and_a_foreign_key_is_nobodys()
    {
        var (_, person, _) = await ACandidateWithAPasskey();
        var (_, _, token, _) = await identity.ACandidate();
        using var key = new SoftKey();
        var order = await Begin(person);

        Assert.Equal("passkey-wrong", Code(await Body(await Add(identity.With(token), order, key.Make(order)), 409)));
        var asked = await Ask();
        Assert.Equal("passkey-wrong", await Refused(asked, key.Sign(asked)));
    }

    [Fact]
    public async Task The_password_is_asked_for_before_one_is_added_or_taken_away_and_what_is_gone_signs_in_no_more()
    {
        var (id, person, key) = await ACandidateWithAPasskey();
        var kept = await identity.Query(db => db.Passkeys.Where(p => p.AccountId == id).Select(p => p.Id).SingleAsync());

        Assert.Equal(["password wrong-password"], Faults(await Body(await person.PostAsJsonAsync($"{Mine}/ceremonies", new { password = "Wrong-Horse-1" }), 400)));
        Assert.Equal(["password wrong-password"], Faults(await Body(await person.PostAsJsonAsync($"{Mine}/{kept}/removal", new { password = "Wrong-Horse-1" }), 400)));
        Assert.Equal(204, (int)(await person.PostAsJsonAsync($"{Mine}/{kept}/removal", new { password = Password })).StatusCode);

        var order = await Ask();
        Assert.Equal("passkey-wrong", await Refused(order, key.Sign(order)));
        Assert.Equal(2, (await identity.Published<SignInMeansChanged>(id)).Count);
    }

    [Fact]
    public async Task Nobody_takes_away_anothers()
    {
        var (id, _, _) = await ACandidateWithAPasskey();
        var (_, _, token, _) = await identity.ACandidate();
        var kept = await identity.Query(db => db.Passkeys.Where(p => p.AccountId == id).Select(p => p.Id).SingleAsync());

        Assert.Equal(404, (int)(await identity.With(token).PostAsJsonAsync($"{Mine}/{kept}/removal", new { password = Password })).StatusCode);
    }

    [Fact]
    public async Task Ten_are_enough()
    {
        var (id, person, _) = await ACandidateWithAPasskey();
        await identity.Query(db =>
        {
            for (byte n = 1; n < Passkey.MostOfOne; n++) db.Passkeys.Add(new() { AccountId = id, CredentialId = [n, .. id.ToByteArray()], Name = "x", CreatedAt = identity.Clock.Now });
            return db.SaveChangesAsync();
        });

        Assert.Equal("too-many-passkeys", Code(await Body(await person.PostAsJsonAsync($"{Mine}/ceremonies", new { password = Password }), 409)));
    }

    [Fact]
    public async Task An_officer_whose_only_second_factor_is_a_passkey_signs_in_by_it_and_not_by_password_alone()
    {
        var (id, userName) = (Guid.NewGuid(), $"officer-{Guid.NewGuid():N}"[..20]);
        await identity.Query(db =>
        {
            db.AddRange(new Account { Id = id, Role = AccountRole.Officer, UserName = userName, CreatedAt = identity.Clock.Now, PasswordHash = identity.Services.GetRequiredService<Passwords>().Hash(Password) },
                new Officer { Id = id, DisplayName = "市级", Level = OfficerLevel.Site, AreaPath = "110000/110100/", AppointedAt = identity.Clock.Now });
            return db.SaveChangesAsync();
        });
        var officer = identity.With(Text(await Body(await identity.SignIn(userName, Password), 201), "accessToken"));
        using var key = new SoftKey();
        var made = await Begin(officer);
        await Body(await Add(officer, made, key.Make(made)), 201);

        Assert.Equal("passkey-required", Code(await Body(await identity.SignIn(userName, Password), 401)));
        Assert.Equal("sign-in-failed", Code(await Body(await identity.SignIn(userName, "Wrong-Horse-1"), 401)));
        var order = await Ask();
        await Body(await Enter(order, key.Sign(order)), 201);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"},"clientExtensionResults":{}}""")]
    public async Task What_is_no_answer_at_all_is_refused(string credential)
    {
        var order = await Ask();

        Assert.Equal("passkey-wrong", await Refused(order, JsonElement.Parse(credential)));
        Assert.Equal("passkey-wrong", Code(await Body(await identity.Post("/api/identity/sessions/passkey", new { ceremony = "AAAA", credential = JsonElement.Parse("{}") }), 401)));
    }
}
