using System.IO.Compression;
using System.Xml.Linq;

namespace ExamPlatform.Pages.Tests;

/// <summary>The first sheet of a workbook, read from its own XML: what a spreadsheet program will make of each cell.</summary>
internal static class Sheet
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static List<List<string>> Rows(byte[] workbook)
    {
        var shared = Part(workbook, "xl/sharedStrings.xml")?.Descendants(Main + "si").Select(s => s.Value).ToList() ?? [];
        return [.. Cells(workbook).GroupBy(cell => cell.Parent!).Select(row => row.Select(cell => (string?)cell.Attribute("t") == "s" ? shared[int.Parse(cell.Value, System.Globalization.CultureInfo.InvariantCulture)] : cell.Value).ToList())];
    }

    /// <summary>What the cells with something in them are; n is a number, f a formula.</summary>
    public static IEnumerable<string> Kinds(byte[] workbook) => Cells(workbook).Where(cell => cell.Value.Length > 0).Select(cell => cell.Element(Main + "f") is null ? (string?)cell.Attribute("t") ?? "n" : "f").Distinct();

    private static IEnumerable<XElement> Cells(byte[] workbook) => Part(workbook, "xl/worksheets/sheet1.xml")!.Descendants(Main + "c");

    private static XDocument? Part(byte[] workbook, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(workbook));
        using var content = archive.GetEntry(name)?.Open();
        return content is null ? null : XDocument.Load(content);
    }
}
