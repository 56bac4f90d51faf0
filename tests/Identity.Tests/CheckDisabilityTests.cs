using ExamPlatform.Identities.Contracts;
using ExamPlatform.Sandbox;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class CheckDisabilityTests(DisabilityFixture identity) : IClassFixture<DisabilityFixture>
{
    private const string Beijing = "110000/110100/";

    [Fact]
    public async Task A_person_in_the_register_of_the_area_is_found_and_the_check_is_kept_without_the_certificate()
    {
        var (id, certificate) = await APerson();
        Registered(certificate, validUntil: new(2030, 5, 1));

        var reply = await Check(id, certificate);

        Assert.Equal(("found", 1, 2, "2030-05-01", identity.Clock.Now), (reply.State, reply.Category, reply.Grade, reply.ValidUntil, DateTimeOffset.Parse(reply.CheckedAt)));
        var kept = Assert.Single(await Kept(id));
        Assert.Equal((DisabilityState.Found, DisabilitySource.DisabilityRegister, Beijing, identity.Clock.Now), (kept.State, kept.Source, kept.AreaPath, kept.At));
        var row = await identity.Query(db => db.Database.SqlQuery<string>($"""select row_to_json(t)::text as "Value" from disability_checks t where candidate_id = {id}""").SingleAsync());
        Assert.DoesNotContain(certificate[..18], row);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B1")]
    public async Task A_certificate_is_looked_up_as_a_whole(string reissue)
    {
        var (id, certificate) = await APerson();
        Registered(certificate + "B1");

        Assert.Equal(reissue == "B1" ? "found" : "notFound", (await Check(id, $" {Wide(certificate + reissue.ToLowerInvariant())} ")).State);
    }

    [Fact]
    public async Task Another_persons_number_is_not_even_asked_about()
    {
        var (id, _) = await APerson();
        var (_, others) = await APerson();
        Registered(others);
        identity.World.Misbehave(others, Effect.Fail);

        var reply = await Check(id, others);

        Assert.Equal(("otherPerson", 0), (reply.State, reply.Category));
        Assert.True(identity.World.StillToMisbehave(others));
        Assert.Equal(DisabilitySource.CertificateNumber, Assert.Single(await Kept(id)).Source);
    }

    [Theory]
    [InlineData("阿依古丽•买买提", "found", 1)]
    [InlineData("阿依古丽・买买提", "found", 1)]
    [InlineData("阿依古丽买买提", "found", 1)]
    [InlineData("阿依古丽·买买江", "otherPerson", 0)]
    public async Task The_registers_name_must_be_the_persons_whatever_dot_it_writes_and_anothers_disability_is_not_told(string name, string state, int category)
    {
        var (id, certificate) = await APerson("阿依古丽·买买提");
        Registered(certificate, name: name);

        var reply = await Check(id, certificate);

        Assert.Equal((state, category), (reply.State, reply.Category));
    }

    [Theory]
    [InlineData("110000/110100/", "110100", "found")]
    [InlineData("110000/110100/110101/", "110100", "found")]
    [InlineData("110000/", "110100", "found")]
    [InlineData("350000/350100/", "110100", "otherArea")]
    [InlineData("350000/350200/", "350100", "otherArea")]
    [InlineData("350000/", "110100", "otherArea")]
    public async Task The_registers_city_must_lie_in_the_area(string areaPath, string city, string state)
    {
        var (id, certificate) = await APerson();
        Registered(certificate, areaCode: city);

        Assert.Equal(state, (await Check(id, certificate, areaPath)).State);
    }

    [Theory]
    [InlineData(1, new[] { 1 }, "found")]
    [InlineData(2, new[] { 1 }, "otherCategory")]
    [InlineData(2, new[] { 1, 2 }, "found")]
    [InlineData(1, new int[0], "otherCategory")]
    public async Task The_category_in_the_register_must_be_an_accepted_one(int category, int[] accepted, string state)
    {
        var (id, certificate) = await APerson();
        Registered(certificate, category: category);

        var reply = await Check(id, certificate, accepted: accepted);

        Assert.Equal((state, category), (reply.State, reply.Category));
    }

    [Theory]
    [InlineData(0, "found")]
    [InlineData(-1, "notFound")]
    public async Task A_certificate_counts_until_the_end_of_its_last_day(int daysFromToday, string state)
    {
        var (id, certificate) = await APerson();
        var today = DateOnly.FromDateTime(identity.Clock.Now.UtcDateTime.AddHours(8));
        Registered(certificate, validUntil: today.AddDays(daysFromToday));

        var reply = await Check(id, certificate);

        Assert.Equal((state, today.AddDays(daysFromToday).ToString("O")), (reply.State, reply.ValidUntil));
    }

    [Theory]
    [InlineData("110101199001011234")]
    [InlineData("no certificate")]
    [InlineData("")]
    public async Task What_is_no_certificate_is_in_no_register(string typed)
    {
        var (id, _) = await APerson();

        Assert.Equal("notFound", (await Check(id, typed)).State);
    }

    [Theory]
    [InlineData(Effect.Fail)]
    [InlineData(Effect.Drop)]
    [InlineData(Effect.LoseAnswer)]
    [InlineData(Effect.Hang)]
    public async Task A_register_that_gives_no_answer_is_never_a_no(Effect effect)
    {
        var (id, certificate) = await APerson();
        Registered(certificate);
        identity.World.Misbehave(certificate, effect);

        var (without, with) = (await Check(id, certificate), await Check(id, certificate));

        Assert.Equal(("unreachable", 0, "found"), (without.State, without.Category, with.State));
        Assert.Equal([DisabilityState.Unreachable, DisabilityState.Found], (await Kept(id)).Select(check => check.State));
    }

    [Theory]
    [InlineData(9, "110100", "张三")]
    [InlineData(1, "11", "张三")]
    [InlineData(1, "110100", "")]
    public async Task An_answer_that_is_not_whole_is_no_answer(int category, string areaCode, string name)
    {
        var (id, certificate) = await APerson();
        Registered(certificate, name, areaCode, category);

        Assert.Equal("unreachable", (await Check(id, certificate)).State);
    }

    [Fact]
    public async Task A_stranger_and_a_missing_area_are_refused()
    {
        var (id, certificate) = await APerson();

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => Check(Guid.NewGuid(), certificate))).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => Check(id, certificate, ""))).StatusCode);
        Assert.Empty(await Kept(id));
    }

    [Fact]
    public async Task The_registers_own_answer_beats_what_was_imported()
    {
        var (id, certificate) = await APerson();
        Registered(certificate);
        using var list = new StringContent($"certificate,name,areaCode,validUntil\n{certificate},李四,110100,\n", System.Text.Encoding.UTF8, "text/csv");
        Assert.True((await identity.Officer("area", "110000/").PutAsync("/api/identity/disability-register", list)).IsSuccessStatusCode);
        identity.World.Misbehave(certificate, Effect.Fail);

        var (away, there) = (await Check(id, certificate), await Check(id, certificate));

        Assert.Equal((("otherPerson", "importedRegister"), ("found", "disabilityRegister")), ((away.State, away.Source), (there.State, there.Source)));
    }

    [Theory]
    [InlineData("110000/110100/", true)]
    [InlineData("350000/", false)]
    public void It_is_asked_about_the_provinces_it_is_connected_for(string areaPath, bool asked) =>
        Assert.Equal(asked, new DisabilityRegisterSettings { BaseAddress = new("http://x"), Provinces = ["110000"] }.Serves(areaPath));

    private async Task<(Guid Id, string Certificate)> APerson(string name = "张三")
    {
        var registration = ARegistration(name: name);
        return ((await Body(await identity.Register(registration), 201)).GetProperty("candidateId").GetGuid(), registration.DocumentNumber + "12");
    }

    private void Registered(string certificate, string name = "张三", string areaCode = "110100", int category = 1, DateOnly? validUntil = null) =>
        identity.World.Add(new(certificate, name, areaCode, category, 2, validUntil));

    private async Task<CheckDisabilityReply> Check(Guid id, string certificate, string areaPath = Beijing, int[]? accepted = null) =>
        await identity.Answers().CheckDisabilityAsync(new() { CandidateId = id.ToString(), Certificate = certificate, AreaPath = areaPath, AcceptedCategories = { accepted ?? [1] } }, PlatformKey);

    private Task<List<DisabilityCheck>> Kept(Guid id) => identity.Query(db => db.DisabilityChecks.AsNoTracking().Where(check => check.CandidateId == id).OrderBy(check => check.Id).ToListAsync());

    private static string Wide(string text) => string.Concat(text.Select(c => (char)(c + 0xFEE0)));
}
