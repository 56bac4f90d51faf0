using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>Registers put in by staff: all or nothing.</summary>
public sealed class ImportRegisterTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private const string Head = "code,name,initials\n";

    [Fact]
    public async Task An_import_takes_the_place_of_that_register_and_of_no_other()
    {
        var schools = await Count(RegisterKind.Schools);

        var reply = await Import("units", Head + "A-1,甲乙医院,JYYY\nA-2,\"丙,丁医院\",bdyy\n");

        Assert.Equal((HttpStatusCode.OK, 2), (reply.StatusCode, (int)(await Person.Json(reply))["entries"]!));
        Assert.Equal(["甲乙医院 jyyy", "丙,丁医院 bdyy"], await Names());
        Assert.Equal(schools, await Count(RegisterKind.Schools));
        Assert.Contains("A-2", await service.Candidate(Guid.NewGuid()).GetStringAsync("/api/registers/units?q=丁医"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_holds_the_same_pairs_of_characters_is_not_found()
    {
        await Import("units", Head + "A,甲乙丙乙丁,jybyd\nB,戊丙乙丙,wbyb\n");

        var found = await Person.Json(await service.Candidate(Guid.NewGuid()).GetAsync("/api/registers/units?q=丙乙丙"));

        Assert.Equal(["B"], found.AsArray().Select(line => (string)line!["code"]!));
    }

    [Fact]
    public async Task Of_two_imports_at_once_both_are_taken_in_one_after_the_other()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Import("units", Head + string.Concat(Enumerable.Range(0, 500).Select(n => $"N{n},第{i}家{n},x\n")))));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.StatusCode));
        Assert.Single((await Names()).Select(name => name[..3]).Distinct());
    }

    [Fact]
    public async Task Every_fault_is_told_at_its_line_and_column_and_nothing_is_taken_in()
    {
        await Import("units", Head + "A,甲,j\n");
        var reply = await Import("units", Head + "B 1,乙,y\nB2,,b\nB3,丙,拼音\n\nB4,丁\nB3,戊,w\nB5,己\u0007庚,jg\nB6,\"辛\"辛,xx\nB7,壬,\n");

        Assert.Equal(
        [
            "#/lines/2/code not-a-code", "#/lines/3/name empty", "#/lines/4/initials not-initials", "#/lines/6 cells", "#/lines/7/code said-twice", "#/lines/8/name control-character",
            "#/lines/9 broken-quotes", "#/lines/10/initials not-initials",
        ], (await Person.Json(reply))["errors"]!.AsArray().Select(e => $"{e!["pointer"]} {e["code"]}"));
        Assert.Equal(["甲 j"], await Names());
    }

    [Fact]
    public async Task A_forgotten_quote_does_not_hide_the_faults_of_the_lines_below() =>
        Assert.Equal(["#/lines/2 broken-quotes", "#/lines/2 cells", "#/lines/3/code not-a-code"], await DraftTests.Faults(await Import("units", Head + "A,\"甲,j\nB 1,乙,y\n")));

    [Theory]
    [InlineData("", "#/lines/1 columns")]
    [InlineData("code,name\nA,甲\n", "#/lines/1 columns")]
    [InlineData("code,name,initials,remark\nA,甲,j,x\n", "#/lines/1 columns")]
    [InlineData(Head, "#/lines/2 empty")]
    [InlineData(Head + "A,\"甲,j\nB,乙,y\n", "#/lines/2 broken-quotes")]
    public async Task A_file_that_is_no_register_is_refused(string file, string fault) => Assert.Contains(fault, await DraftTests.Faults(await Import("units", file)));

    [Fact]
    public async Task A_file_with_more_than_200000_rows_is_refused()
    {
        var file = new StringBuilder(Head);
        for (var i = 0; i <= RegisterFile.MostRows; i++) file.Append('R').Append(i).Append(",甲,j\n");

        Assert.Equal(["#/lines/200002 too-many-rows"], await DraftTests.Faults(await Import("units", file.ToString())));
    }

    [Fact]
    public async Task A_file_of_more_than_20_MB_is_refused()
    {
        using var body = new ByteArrayContent(new byte[RegisterFile.MostBytes + 1]) { Headers = { ContentType = new("text/csv") } };

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await National().PutAsync("/api/registers/units", body)).StatusCode);
    }

    [Fact]
    public async Task A_file_in_GB18030_that_says_so_and_one_in_UTF8_with_a_mark_are_read()
    {
        var gb = (await RegisterFile.Read(new MemoryStream(RegisterFile.EncodingOf("text/csv; charset=gb18030")!.GetBytes(Head + "A,重庆医院,cqyy\n")), RegisterFile.EncodingOf("text/csv; charset=\"GB18030\"")!, default)).Rows;
        await Import("units", "\uFEFF" + Head + "A,䶮医院,yyy\n");

        Assert.Equal("重庆医院", Assert.Single(gb).Name);
        Assert.Equal(["䶮医院 yyy"], await Names());
    }

    [Fact]
    public async Task A_file_in_GB18030_that_does_not_say_so_is_refused_line_by_line()
    {
        var bytes = RegisterFile.EncodingOf("text/csv; charset=gb18030")!.GetBytes(Head + "A,重庆医院,cqyy\n");

        Assert.Equal(["#/lines/2/name unreadable"], await DraftTests.Faults(await Import("units", bytes, "text/csv")));
    }

    [Fact]
    public async Task A_character_without_a_place_in_Unicode_is_refused_rather_than_guessed()
    {
        byte[] name = [.. Encoding.ASCII.GetBytes(Head + "A,"), 0xFE, 0x59, .. ",x\n"u8];

        Assert.Equal(["#/lines/2/name private-character"], await DraftTests.Faults(await Import("units", name, "text/csv; charset=gb18030")));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv; charset=big5")]
    [InlineData("text/plain")]
    public async Task Anything_but_csv_in_these_encodings_is_415(string type) =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Import("units", Encoding.UTF8.GetBytes(Head + "A,甲,j\n"), type)).StatusCode);

    [Fact]
    public async Task Only_an_officer_of_the_national_level_imports()
    {
        foreach (var other in (HttpClient[])[service.Officer("area", "110000/"), service.Candidate(Guid.NewGuid()), service.Operator()])
            Assert.Equal(HttpStatusCode.Forbidden, (await other.PutAsync("/api/registers/units", Csv(Encoding.UTF8.GetBytes(Head + "A,甲,j\n"), "text/csv"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anonymous().PutAsync("/api/registers/units", Csv([], "text/csv"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await National().PutAsync("/api/registers/shops", Csv([], "text/csv"))).StatusCode);
    }

    [Fact]
    public async Task A_register_that_staff_have_filled_is_not_seeded_again()
    {
        await Import("units", Head + "A,甲,j\n");
        await service.Query(async db => { await new RegisterSeed().SeedAsync(db, default); return 0; });

        Assert.Equal(["甲 j"], await Names());
    }

    private HttpClient National() => service.Officer("national", "");

    private Task<HttpResponseMessage> Import(string kind, string file) => Import(kind, Encoding.UTF8.GetBytes(file), "text/csv; charset=utf-8");

    private Task<HttpResponseMessage> Import(string kind, byte[] file, string type) => National().PutAsync($"/api/registers/{kind}", Csv(file, type));

    private static ByteArrayContent Csv(byte[] file, string type) => new(file) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    private Task<int> Count(RegisterKind kind) => service.Query(db => db.RegisterEntries.CountAsync(e => e.Kind == kind));

    private Task<List<string>> Names() => service.Query(db => db.RegisterEntries.Where(e => e.Kind == RegisterKind.Units).OrderBy(e => e.Code).Select(e => e.Name + " " + e.Initials).ToListAsync());
}
