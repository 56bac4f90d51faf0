using System.Text;
using System.Text.RegularExpressions;

namespace ExamPlatform.Applications;

public sealed record RegisterRow(string Code, string Name, string Initials);

/// <summary>A register as staff send it: CSV, or the first sheet of a workbook, with the columns code, name and initials.</summary>
public sealed partial class RegisterFile() : TableFile(["code", "name", "initials"], MostRows)
{
    public const int MostRows = 200_000;

    private readonly List<RegisterRow> rows = [];
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);

    /// <returns>The rows, in the file's order, if there is no fault.</returns>
    public static async Task<(IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Fault> Faults)> Read(Stream body, Encoding encoding, CancellationToken ct)
    {
        var file = new RegisterFile();
        await file.ReadCsv(body, encoding, ct);
        return (file.rows, file.Faults);
    }

    /// <summary>The same of a workbook (XLSX).</summary>
    public static (IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Fault> Faults) ReadSheet(MemoryStream workbook)
    {
        var file = new RegisterFile();
        try
        {
            file.ReadRows(Workbook.Rows(workbook));
        }
        catch (Exception e) when (e is not OperationCanceledException) // it is a stranger's file: whatever breaks its reader is wrong with it
        {
            file.Fault(1, "", "not-a-sheet", "This cannot be read as an XLSX workbook: save it again as XLSX, or as CSV.");
        }
        return (file.rows, file.Faults);
    }

    protected override void Take(IReadOnlyList<string> values, long line)
    {
        var row = new RegisterRow(values[0], values[1], values[2].ToLowerInvariant());
        if (!Code().IsMatch(row.Code)) Fault(line, "code", "not-a-code", "1 to 40 letters, digits and hyphens.");
        else if (!lines.TryAdd(row.Code, line)) Fault(line, "code", "said-twice", $"Line {lines[row.Code]} has this code already; each code stands once.");
        if (WrongName(row.Name) is { } wrong) Fault(line, "name", wrong.Code, wrong.Detail);
        if (!Initials().IsMatch(row.Initials)) Fault(line, "initials", "not-initials", "The first letter of each character's pinyin, such as bjdx: 1 to 100 letters and digits.");
        rows.Add(row);
    }

    private static (string Code, string Detail)? WrongName(string name) =>
        RegisterEntry.Fold(name).Length == 0 ? ("empty", "Write the name.")
        : name.Length > RegisterEntry.LongestName ? ("too-long", $"At most {RegisterEntry.LongestName} characters.")
        : Unreadable(name);

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,40}\z")]
    private static partial Regex Code();
    [GeneratedRegex(@"\A[a-z0-9]{1,100}\z")]
    private static partial Regex Initials();
}
