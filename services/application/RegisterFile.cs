using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Applications;

public sealed record RegisterRow(string Code, string Name, string Initials);

/// <summary>A register as staff send it: CSV, or the first sheet of a workbook, with the columns code, name and initials. Every fault is told at its line and column, and one spoils the whole.</summary>
public sealed partial class RegisterFile
{
    public const int MostRows = 200_000;
    public const long MostBytes = 20 * 1024 * 1024;
    private const int MostFaults = 100;
    private static readonly string[] Columns = ["code", "name", "initials"];

    private readonly Faults faults = new();
    private readonly List<RegisterRow> rows = [];
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);

    static RegisterFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>UTF-8 unless the Content-Type says GB18030; null for what is no CSV or another encoding.</summary>
    public static Encoding? EncodingOf(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) return null;
        return HeaderUtilities.RemoveQuotes(type.Charset).ToString().ToUpperInvariant() switch { "" or "UTF-8" => Encoding.UTF8, "GB18030" => Encoding.GetEncoding("GB18030"), _ => null };
    }

    /// <returns>The rows, in the file's order, if there is no fault.</returns>
    public static async Task<(IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Fault> Faults)> Read(Stream body, Encoding encoding, CancellationToken ct)
    {
        var file = new RegisterFile();
        using var text = new StreamReader(body, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            TrimWhitespace = true,
            AllowLineBreaksInQuotes = false, // one forgotten quote must not swallow the rest
            MaxRecordSize = 64 * 1024,
            OnMalformedRecord = wrong => file.Fault(wrong.LineNumber, "", "broken-quotes", "A quote is not closed or stands inside a value: write \"…\" around the whole value and \"\" for a quote in it."),
        });
        try
        {
            await file.Read(reader, ct);
        }
        catch (CsvFormatException)
        {
            file.Fault(reader.LineNumber + 1, "", "line-too-long", "A line may have 65536 bytes at most.");
        }
        return (file.rows, file.faults.All);
    }

    /// <summary>The same of a workbook (XLSX).</summary>
    public static (IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Fault> Faults) ReadSheet(MemoryStream workbook)
    {
        var file = new RegisterFile();
        try
        {
            var (line, headers) = (0, (List<string>?)null);
            foreach (var cells in Workbook.Rows(workbook))
            {
                if (file.faults.All.Count >= MostFaults || file.IsTooLong(++line - 1, line)) break;
                if (headers is null)
                {
                    if (!file.AreColumns(headers = [.. cells.Take(Columns.Length).Select(cell => cell.ToLowerInvariant())])) return ([], file.faults.All);
                }
                else if (cells.All(cell => cell.Length == 0)) continue;
                else if (cells.Skip(Columns.Length).Any(cell => cell.Length > 0)) file.Fault(line, "", "cells", $"This row has more than {Columns.Length} cells.");
                else file.Take(cells, headers, line);
            }
            file.End(headers);
        }
        catch (Exception e) when (e is not OperationCanceledException) // it is a stranger's file: whatever breaks its reader is wrong with it
        {
            file.Fault(1, "", "not-a-sheet", "This cannot be read as an XLSX workbook: save it again as XLSX, or as CSV.");
        }
        return (file.rows, file.faults.All);
    }

    private async Task Read(CsvReader reader, CancellationToken ct)
    {
        await reader.ReadHeaderAsync(ct);
        var headers = reader.Headers.Select(name => name.Trim().ToLowerInvariant()).ToList();
        if (!AreColumns(headers)) return;
        while (faults.All.Count < MostFaults && await reader.ReadAsync(ct))
        {
            if (IsTooLong(reader.RowNumber, reader.LineNumber)) return;
            if (reader.FieldCount == Columns.Length) Take([.. Columns.Select((_, i) => reader.GetString(i))], headers, reader.LineNumber);
            else Fault(reader.LineNumber, "", "cells", $"This line has {reader.FieldCount} cells instead of {Columns.Length}; put quotes around a value with a comma in it.");
        }
        End(headers);
    }

    private bool AreColumns(List<string> headers)
    {
        if (headers.Order().SequenceEqual(Columns.Order())) return true;
        Fault(1, "", "columns", "The first line names the columns: code,name,initials.");
        return false;
    }

    private bool IsTooLong(long rows, long line)
    {
        if (rows <= MostRows) return false;
        Fault(line, "", "too-many-rows", $"A register takes {MostRows} rows at most.");
        return true;
    }

    private void End(List<string>? headers)
    {
        if (headers is null) Fault(1, "", "columns", "The first line names the columns: code,name,initials.");
        else if (rows.Count == 0 && !faults.Any) Fault(2, "", "empty", "There is no row below the columns' names; a register is not emptied by an import.");
    }

    private void Take(IReadOnlyList<string> cells, List<string> headers, long line)
    {
        Take(new(Value("code"), Value("name"), Value("initials").ToLowerInvariant()), line);

        string Value(string column) => headers.IndexOf(column) is var at && at < cells.Count ? cells[at] : "";
    }

    private void Take(RegisterRow row, long line)
    {
        if (!Code().IsMatch(row.Code)) Fault(line, "code", "not-a-code", "1 to 40 letters, digits and hyphens.");
        else if (!lines.TryAdd(row.Code, line)) Fault(line, "code", "said-twice", $"Line {lines[row.Code]} has this code already; each code stands once.");
        if (WrongName(row.Name) is { } wrong) Fault(line, "name", wrong.Code, wrong.Detail);
        if (!Initials().IsMatch(row.Initials)) Fault(line, "initials", "not-initials", "The first letter of each character's pinyin, such as bjdx: 1 to 100 letters and digits.");
        rows.Add(row);
    }

    private static Wrong? WrongName(string name) =>
        RegisterEntry.Fold(name).Length == 0 ? new("empty", "Write the name.")
        : name.Length > RegisterEntry.LongestName ? new("too-long", $"At most {RegisterEntry.LongestName} characters.")
        : name.Any(char.IsControl) ? new("control-character", "Control characters are not allowed.")
        : name.Contains('\uFFFD', StringComparison.Ordinal) ? new("unreadable", "This is not in the encoding that the Content-Type names: send UTF-8, or text/csv; charset=gb18030.")
        // GB 18030 of 2000 has no Unicode place for some characters: guessing would store a wrong name
        : name.Any(c => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.PrivateUse) ? new("private-character", "A character of this name has no place in Unicode in this encoding; send the file as UTF-8.")
        : null;

    private void Fault(long line, string column, string code, string detail) => faults.Add(true, column.Length > 0 ? $"lines/{line}/{column}" : $"lines/{line}", code, detail);

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,40}\z")]
    private static partial Regex Code();
    [GeneratedRegex(@"\A[a-z0-9]{1,100}\z")]
    private static partial Regex Initials();
}
