using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;

namespace ExamPlatform.Applications.Tests;

/// <summary>Registers as XLSX workbooks: the rules are those of the CSV.</summary>
public sealed class ImportSheetTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly object[] Head = ["code", "name", "initials"];

    [Fact]
    public async Task The_first_sheet_takes_the_place_of_the_register_with_its_numbers_as_they_were_typed()
    {
        var reply = await Import(Sheet(["Initials", "name", "CODE"], ["JYYY", "甲乙医院", 10001], ["byyy", " =丙医院 ", "007"]));

        Assert.Equal((HttpStatusCode.OK, 2), (reply.StatusCode, (int)(await Person.Json(reply))["entries"]!));
        Assert.Equal(["007 =丙医院 byyy", "10001 甲乙医院 jyyy"], await Entries());
    }

    [Fact]
    public async Task Every_fault_is_told_at_its_row_and_column_and_nothing_is_taken_in()
    {
        await Import(Sheet(Head, ["A", "甲", "j"]));
        var reply = await Import(Sheet(Head, ["B 1", "乙", "y"], ["B2", null, "b"], [null, null, null], ["B3", "丙", "拼音"], ["B3", "丁", "d"], [123456789012345678901.0, "戊", "w"]));

        Assert.Equal(["#/lines/2/code not-a-code", "#/lines/3/name empty", "#/lines/5/initials not-initials", "#/lines/6/code said-twice", "#/lines/7/code not-a-code"], await DraftTests.Faults(reply));
        Assert.Equal(["A 甲 j"], await Entries());
    }

    [Fact]
    public async Task A_cell_beside_the_three_columns_is_told()
    {
        Assert.Equal(["#/lines/2 cells"], await DraftTests.Faults(await Import(Sheet(Head, ["A", "甲", "j", "备注"]))));
        Assert.Equal(["#/lines/1 columns"], await DraftTests.Faults(await Import(Sheet(["code", "name", "pinyin"], ["A", "甲", "j"]))));
        Assert.Equal(["#/lines/2 empty"], await DraftTests.Faults(await Import(Sheet(Head))));
    }

    [Fact]
    public async Task What_is_no_workbook_is_said_so()
    {
        Assert.Equal(["#/lines/1 not-a-sheet"], await DraftTests.Faults(await Import("code,name,initials\nA,甲,j\n"u8.ToArray())));
        Assert.Equal(["#/lines/1 not-a-sheet"], await DraftTests.Faults(await Import(Archive(("notes.txt", 10)))));
    }

    [Fact]
    public async Task An_archive_that_unfolds_without_end_is_refused()
    {
        var bomb = Archive(("xl/worksheets/sheet1.xml", Workbook.MostUnfolded + 1));

        Assert.True(bomb.Length < RegisterFile.MostBytes);
        Assert.Equal(["#/lines/1 not-a-sheet"], await DraftTests.Faults(await Import(bomb)));
    }

    private Task<HttpResponseMessage> Import(byte[] file) =>
        service.National().PutAsync("/api/registers/units", new ByteArrayContent(file) { Headers = { ContentType = MediaTypeHeaderValue.Parse(Workbook.ContentType) } });

    private Task<List<string>> Entries() => service.Query(db => db.RegisterEntries.Where(e => e.Kind == RegisterKind.Units).OrderBy(e => e.Code).Select(e => e.Code + " " + e.Name + " " + e.Initials).ToListAsync());

    private static byte[] Sheet(params object?[][] rows)
    {
        using var file = new MemoryStream();
        file.SaveAs(rows.Select(row => row.Select((cell, i) => ($"c{i}", cell)).ToDictionary(c => c.Item1, c => c.cell)).Select(row => Enumerable.Range(0, rows.Max(r => r.Length)).ToDictionary(i => $"c{i}", i => row.GetValueOrDefault($"c{i}"))), printHeader: false);
        return file.ToArray();
    }

    private static byte[] Archive((string Name, long Bytes) part)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var content = archive.CreateEntry(part.Name).Open())
        {
            var zeros = new byte[65536];
            for (var left = part.Bytes; left > 0; left -= zeros.Length) content.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
        }
        return file.ToArray();
    }
}
