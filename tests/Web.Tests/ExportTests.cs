using System.IO.Compression;
using System.Xml.Linq;
using ExamPlatform.Web.Pages.Office;

namespace ExamPlatform.Web.Tests;

/// <summary>What leaves as a table is read by spreadsheet programs, which run what they take for a formula and round what they take for a number.</summary>
public sealed class ExportTests
{
    private static readonly string[] Dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "110101199003070011", "00123", "<b>&\"", "䶮"];

    [Fact]
    public async Task In_a_workbook_every_cell_is_a_text_as_it_was_written()
    {
        using var file = new MemoryStream();
        await Export.WriteWorkbook(file, ["a", "b"], [.. Dangerous.Select(cell => new[] { cell, "x" })]);

        var (cells, shared) = Read(file.ToArray());
        Assert.DoesNotContain(cells, cell => cell.Element(cell.Name.Namespace + "f") is not null || (string?)cell.Attribute("t") is null or "n" or "b" or "d");
        Assert.Equal(["a", "b", .. Dangerous.SelectMany(cell => new[] { cell, "x" })], cells.Select(cell => (string?)cell.Attribute("t") == "s" ? shared[int.Parse(cell.Value, null)] : cell.Value));
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("甲\"乙,丙", "\"甲\"\"乙,丙\"")]
    [InlineData("", "\"\"")]
    public void In_a_CSV_what_a_spreadsheet_would_run_begins_with_an_apostrophe(string text, string cell) => Assert.Equal(cell, Export.Cell(text));

    private static (List<XElement> Cells, List<string> Shared) Read(byte[] workbook)
    {
        using var archive = new ZipArchive(new MemoryStream(workbook));
        var (sheet, shared) = (Part("xl/worksheets/sheet1.xml")!, Part("xl/sharedStrings.xml"));
        return ([.. sheet.Descendants(sheet.Root!.Name.Namespace + "c")], [.. shared?.Root!.Elements().Select(s => s.Value) ?? []]);

        XDocument? Part(string name)
        {
            using var content = archive.GetEntry(name)?.Open();
            return content is null ? null : XDocument.Load(content, LoadOptions.PreserveWhitespace);
        }
    }
}
