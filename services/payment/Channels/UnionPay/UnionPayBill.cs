using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>The file of a day's transactions (ZM): in a ZIP that is deflated once more and in base64; columns of fixed width with a blank between.</summary>
internal static class UnionPayBill
{
    /// <summary>Widths of the columns up to the last one we read, in bytes.</summary>
    private static readonly int[] Widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32];

    /// <summary>Columns by their number in UnionPay's description, counted from one.</summary>
    private const int Time = 5, Amount = 7, QueryId = 10, OrderId = 12, Charge = 16, Kind = 20, OriginalQueryId = 27, Reserved = 35;

    /// <returns>Null with a reason where not all of it can be read: a row left out would look like money that is missing.</returns>
    public static (IReadOnlyList<BillLine> Lines, byte[] Raw)? Read(string fileContent, DateOnly settled, out string reason)
    {
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(Convert.FromBase64String(fileContent)), CompressionMode.Decompress);
            using var zip = new MemoryStream();
            inflated.CopyTo(zip);
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
            if (archive.Entries.FirstOrDefault(entry => entry.Name.Contains("ZM_", StringComparison.Ordinal)) is not { } entry)
            {
                reason = "no ZM file";
                return null;
            }
            using var unpacked = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(unpacked);
            reason = "a row cannot be read";
            return Understand(unpacked.ToArray(), settled) is { } lines ? (lines, unpacked.ToArray()) : null;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            reason = "not a deflated ZIP in base64";
            return null;
        }
    }

    private static List<BillLine>? Understand(byte[] file, DateOnly settled)
    {
        var lines = new List<BillLine>();
        foreach (var row in Encoding.Latin1.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.TrimEnd('\r')).Where(row => row.Length > 0))
        {
            if (LineOf(row, settled) is not { } line) return null;
            lines.Add(line);
        }
        return lines;
    }

    private static BillLine? LineOf(string row, DateOnly settled)
    {
        if (row.Length < Widths.Sum() + Widths.Length - 1) return null;
        var (cells, start) = (new string[Widths.Length + 1], 0);
        for (var column = 1; column < cells.Length; start += Widths[column++ - 1] + 1) cells[column] = row.Substring(start, Widths[column - 1]).Trim();
        var at = UnionPayWords.TimeNear(cells[Time], new DateTimeOffset(settled, TimeOnly.MinValue, TimeSpan.FromHours(8)));
        // the charge has a letter before it that says whose it is: D of the merchant, C to the merchant
        if (at is null || cells[QueryId].Length == 0 || Fen(cells[Amount]) is not { } amount || Fen(cells[Charge].TrimStart('C', 'D')) is not { } charge) return null;
        return cells[Kind] switch
        {
            "01" => new(cells[OrderId], null, cells[QueryId], amount, charge, at.Value),
            "04" => new(cells[Reserved], cells[OrderId], cells[OriginalQueryId], amount, charge, at.Value), // we send the order's number along as a reserved text
            _ => null,
        };
    }

    private static long? Fen(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var fen) ? fen : null;
}
