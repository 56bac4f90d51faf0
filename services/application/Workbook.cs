using System.Globalization;
using System.IO.Compression;
using MiniExcelLibs;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Applications;

/// <summary>The first sheet of an XLSX workbook as rows of words.</summary>
public static class Workbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>An archive of 20 MB can unfold into gigabytes; nobody's register does.</summary>
    public const long MostUnfolded = 200 * 1024 * 1024;

    public static bool Is(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Each row down to the last that is filled, the empty ones between them too, so that they are counted as the program shows them.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(MemoryStream workbook)
    {
        CheckUnfolded(workbook);
        workbook.Position = 0;
        foreach (IDictionary<string, object?> row in workbook.Query(useHeaderRow: false, excelType: ExcelType.XLSX)) yield return [.. row.Values.Select(Words)];
    }

    /// <summary>Numbers as they were typed: a code that a spreadsheet took for a number is one again.</summary>
    private static string Words(object? cell) => (Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").Trim();

    /// <summary>Counted while it unfolds: what the archive says of itself is its writer's word.</summary>
    private static void CheckUnfolded(MemoryStream workbook)
    {
        using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        var (buffer, all) = (new byte[81920], 0L);
        foreach (var entry in archive.Entries)
        {
            using var content = entry.Open();
            for (int read; (read = content.Read(buffer)) > 0;)
                if ((all += read) > MostUnfolded) throw new InvalidDataException("The workbook unfolds into more than a register can hold.");
        }
    }
}
