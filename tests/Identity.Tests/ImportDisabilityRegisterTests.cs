using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

/// <summary>What staff put in decides where the register itself gives no answer; here nobody answers.</summary>
public class ImportDisabilityRegisterTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private static readonly Encoding Gb18030 = TableFile.EncodingOf("text/csv; charset=gb18030")!;
    private const string Head = "certificate,name,areaCode,validUntil\n", Beijing = "110000/110100/";

    [Fact]
    public async Task Whoever_is_in_the_import_is_found_and_the_source_is_told_and_kept()
    {
        var (id, certificate) = await APerson();

        Assert.Equal(1, (await Body(await Import($"{certificate},张三,110100,2030-05-01\n"), 200)).GetProperty("entries").GetInt32());
        var reply = await Check(id, certificate);

        Assert.Equal(("found", "importedRegister", 1, 2, "2030-05-01"), (reply.State, reply.Source, reply.Category, reply.Grade, reply.ValidUntil));
        Assert.Equal(DisabilitySource.ImportedRegister, await identity.Query(db => db.DisabilityChecks.Where(c => c.CandidateId == id).Select(c => c.Source).SingleAsync()));
    }

    [Fact]
    public async Task Who_is_left_out_of_the_areas_import_is_not_found_and_without_an_import_nothing_is_known()
    {
        var (id, certificate) = await APerson();
        await Import($"{(await APerson()).Certificate},李四,350100,\n", "area", "350000/");

        var (there, elsewhere) = (await Check(id, certificate, "350000/350100/"), await Check(id, certificate, "440000/440100/"));

        Assert.Equal(("notFound", "importedRegister"), (there.State, there.Source));
        Assert.Equal(("unreachable", "disabilityRegister"), (elsewhere.State, elsewhere.Source));
    }

    [Theory]
    [InlineData("李四", "110100", "", "otherPerson")]
    [InlineData("张三", "110200", "", "otherArea")]
    [InlineData("张三", "110100", "2020-01-01", "notFound")]
    public async Task An_imported_row_is_judged_as_the_registers_own(string name, string city, string until, string state)
    {
        var (id, certificate) = await APerson();
        await Import($"{certificate},{name},{city},{until}\n");

        Assert.Equal(state, (await Check(id, certificate)).State);
    }

    [Fact]
    public async Task An_import_takes_the_place_of_its_provinces_rows_and_of_no_other()
    {
        var (first, second, other) = (await APerson(), await APerson(), await APerson());
        await Import($"{other.Certificate},张三,510100,\n", "area", "510000/");
        await Import($"{first.Certificate},张三,110100,\n");
        await Import($"{second.Certificate},张三,110100,\n");

        Assert.Equal(("notFound", "found"), ((await Check(first.Id, first.Certificate)).State, (await Check(second.Id, second.Certificate)).State));
        Assert.Equal("found", (await Check(other.Id, other.Certificate, "510000/510100/")).State);
    }

    [Fact]
    public async Task Every_fault_is_told_at_its_line_and_column_and_nothing_is_taken_in()
    {
        var (id, certificate) = await APerson();
        await Import($"{certificate},张三,110100,\n");

        var refused = await Body(await Import($"11010119900101,张三,110100,\n{certificate},,110100,\n{certificate},张三,1101,\n{certificate[..18]}21,张三,350100,\n{certificate[..18]}31,张三,110100,2026-2-30\n{certificate[..18]}41,张3三,110100\n"), 400);

        Assert.Equal(["lines/2/certificate not-a-certificate", "lines/3/name empty", "lines/4/areaCode not-an-area", "lines/4/certificate said-twice", "lines/5/areaCode outside-jurisdiction", "lines/6/validUntil not-a-date", "lines/7 cells"], Faults(refused));
        Assert.Equal("found", (await Check(id, certificate)).State);
    }

    [Fact]
    public async Task A_file_in_GB18030_that_says_so_and_one_in_UTF8_with_a_mark_are_read()
    {
        var (gb, marked) = (await APerson(name: "张䶮"), await APerson(name: "张𠮷"));

        await Import(Gb18030.GetBytes($"{Head}{gb.Certificate},张䶮,110100,\n"), "text/csv; charset=gb18030");
        Assert.Equal("found", (await Check(gb.Id, gb.Certificate)).State);
        await Import(Encoding.UTF8.GetBytes($"\uFEFF{Head}{marked.Certificate},张𠮷,110100,\n"), "text/csv");
        Assert.Equal("found", (await Check(marked.Id, marked.Certificate)).State);
        var unsaid = await Body(await Import(Gb18030.GetBytes($"{Head}{gb.Certificate},张三,110100,\n"), "text/csv"), 400);
        Assert.Equal(["lines/2/name unreadable"], Faults(unsaid));
    }

    [Theory]
    [InlineData("site", "110000/110100/", HttpStatusCode.Forbidden)]
    [InlineData("point", "110000/110100/P1/", HttpStatusCode.Forbidden)]
    [InlineData("area", "110000/", HttpStatusCode.OK)]
    [InlineData("national", "", HttpStatusCode.OK)]
    public async Task Only_provinces_and_the_nation_import_and_see_the_imports_of_theirs(string level, string areaPath, HttpStatusCode status)
    {
        var (_, certificate) = await APerson();
        await Import($"{(await APerson()).Certificate},张三,610100,\n", "area", "610000/");

        Assert.Equal(status, (await Import($"{certificate},张三,110100,\n", level, areaPath)).StatusCode);
        var seen = await identity.Officer(level, areaPath).GetAsync("/api/identity/disability-register");
        Assert.Equal(status, seen.StatusCode);
        if (status is HttpStatusCode.OK) Assert.Equal(level == "national", (await Body(seen, 200)).EnumerateArray().Any(line => Text(line, "province") == "610000"));
    }

    [Fact]
    public async Task What_was_imported_lies_sealed_and_another_type_is_refused()
    {
        var (_, certificate) = await APerson();
        await Import($"{certificate},欧阳测试,110100,\n");

        var rows = await identity.Query(db => db.Database.SqlQuery<string>($"""select row_to_json(t)::text as "Value" from imported_certificates t where province = '110000'""").ToListAsync());

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.False(row.Contains(certificate, StringComparison.Ordinal) || row.Contains("欧阳", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Import([1, 2, 3], "application/json")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Import(new byte[TableFile.MostBytes + 1], "text/csv")).StatusCode);
    }

    [Fact]
    public void An_address_needs_its_secret_and_none_needs_nothing()
    {
        var check = new DisabilityRegisterSettingsValidator();

        Assert.True(check.Validate(null, new()).Succeeded);
        Assert.Contains("Identity__DisabilityRegister__Secret", check.Validate(null, new() { BaseAddress = new("http://x"), Secret = "fifteen-letters" }).FailureMessage);
    }

    private async Task<(Guid Id, string Certificate)> APerson(string name = "张三")
    {
        var registration = ARegistration(name: name);
        return ((await Body(await identity.Register(registration), 201)).GetProperty("candidateId").GetGuid(), registration.DocumentNumber + "12");
    }

    private Task<HttpResponseMessage> Import(string rows, string level = "area", string areaPath = "110000/") => Import(Encoding.UTF8.GetBytes(Head + rows), "text/csv", level, areaPath);

    private async Task<HttpResponseMessage> Import(byte[] file, string type, string level = "area", string areaPath = "110000/")
    {
        using var body = new ByteArrayContent(file) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        return await identity.Officer(level, areaPath).PutAsync("/api/identity/disability-register", body);
    }

    private async Task<CheckDisabilityReply> Check(Guid id, string certificate, string areaPath = Beijing) =>
        await identity.Answers().CheckDisabilityAsync(new() { CandidateId = id.ToString(), Certificate = certificate, AreaPath = areaPath, AcceptedCategories = { 1 } }, PlatformKey);
}
