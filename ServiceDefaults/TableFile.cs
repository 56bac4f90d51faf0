using System.Text;
using CsvHelper;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform;

/// <summary>A list as staff send it, CSV or rows of a workbook, with a first line that names its columns. Every fault is told at its line and column, and one spoils the whole.</summary>
/// <param name="columns">As they are named, in any order.</param>
/// <param name="mostRows">How many lines it may have.</param>
public abstract class TableFile(IReadOnlyList<string> columns, int mostRows)
{
    public const long MostBytes = 20 * 1024 * 1024;
    private const int MostFaults = 100;

    private readonly Faults faults = new();
    private List<int>? order;
    private bool filled;

    static TableFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public IReadOnlyList<Fault> Faults => faults.All;

    /// <summary>UTF-8 unless the Content-Type says GB18030; null for what is no CSV or another encoding.</summary>
    public static Encoding? EncodingOf(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) return null;
        return HeaderUtilities.RemoveQuotes(type.Charset).ToString().ToUpperInvariant() switch { "" or "UTF-8" => Encoding.UTF8, "GB18030" => Encoding.GetEncoding("GB18030"), _ => null };
    }

    /// <summary>What makes a text of a list unfit to be kept, whatever it means; null for nothing.</summary>
    public static (string Code, string Detail)? Unreadable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(char.IsControl) ? ("control-character", "Control characters are not allowed.")
            : text.Contains('\uFFFD', StringComparison.Ordinal) ? ("unreadable", "This is not in the encoding that the Content-Type names: send UTF-8, or text/csv; charset=gb18030.")
            // GB 18030 of 2000 has no Unicode place for some characters: guessing would store a wrong name
            : text.Any(c => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.PrivateUse) ? ("private-character", "A character of this name has no place in Unicode in this encoding; send the file as UTF-8.")
            : null;
    }

    public async Task ReadCsv(Stream body, Encoding encoding, CancellationToken ct)
    {
        using var text = new StreamReader(body, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            TrimWhitespace = true,
            AllowLineBreaksInQuotes = false, // one forgotten quote must not swallow the rest
            MaxRecordSize = 64 * 1024,
            OnMalformedRecord = wrong => Fault(wrong.LineNumber, "", "broken-quotes", "A quote is not closed or stands inside a value: write \"…\" around the whole value and \"\" for a quote in it."),
        });
        try
        {
            await reader.ReadHeaderAsync(ct);
            if (!AreColumns([.. reader.Headers])) return;
            while (faults.All.Count < MostFaults && await reader.ReadAsync(ct))
            {
                if (IsTooLong(reader.RowNumber, reader.LineNumber)) return;
                if (reader.FieldCount == columns.Count) TakeInOrder([.. columns.Select((_, i) => reader.GetString(i))], reader.LineNumber);
                else Fault(reader.LineNumber, "", "cells", $"This line has {reader.FieldCount} cells instead of {columns.Count}; put quotes around a value with a comma in it.");
            }
            End();
        }
        catch (CsvFormatException)
        {
            Fault(reader.LineNumber + 1, "", "line-too-long", "A line may have 65536 bytes at most.");
        }
    }

    /// <summary>The same of a workbook's rows, the empty ones between them too.</summary>
    public void ReadRows(IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var line = 0;
        foreach (var cells in rows)
        {
            if (faults.All.Count >= MostFaults || IsTooLong(++line - 1, line)) break;
            if (order is null)
            {
                if (!AreColumns([.. cells.Take(columns.Count)])) return;
            }
            else if (cells.All(cell => cell.Length == 0)) continue;
            else if (cells.Skip(columns.Count).Any(cell => cell.Length > 0)) Fault(line, "", "cells", $"This row has more than {columns.Count} cells.");
            else TakeInOrder(cells, line);
        }
        End();
    }

    /// <summary>Takes one line in.</summary>
    /// <param name="values">In the order of the columns.</param>
    protected abstract void Take(IReadOnlyList<string> values, long line);

    protected void Fault(long line, string column, string code, string detail) => faults.Add(true, column.Length > 0 ? $"lines/{line}/{column}" : $"lines/{line}", code, detail);

    private void TakeInOrder(IReadOnlyList<string> cells, long line)
    {
        filled = true;
        Take([.. order!.Select(at => at < cells.Count ? cells[at] : "")], line);
    }

    private bool AreColumns(List<string> headers)
    {
        var names = headers.ConvertAll(name => name.Trim());
        order = [.. columns.Select(column => names.FindIndex(name => name.Equals(column, StringComparison.OrdinalIgnoreCase)))];
        if (names.Count == columns.Count && !order.Contains(-1)) return true;
        Fault(1, "", "columns", $"The first line names the columns: {string.Join(',', columns)}.");
        return false;
    }

    private bool IsTooLong(long rows, long line)
    {
        if (rows <= mostRows) return false;
        Fault(line, "", "too-many-rows", $"A register takes {mostRows} rows at most.");
        return true;
    }

    private void End()
    {
        if (order is null) Fault(1, "", "columns", $"The first line names the columns: {string.Join(',', columns)}.");
        else if (!filled && !faults.Any) Fault(2, "", "empty", "There is no row below the columns' names; a register is not emptied by an import.");
    }
}
