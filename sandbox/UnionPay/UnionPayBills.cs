using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>The file of a settlement day, which ends at 23:00 and is there from nine o'clock of the next morning.</summary>
public sealed class UnionPayBills(UnionPayBook book, IOptions<UnionPayOptions> options, TimeProvider clock)
{
    private static readonly int[] Widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 131];

    public static DateOnly SettledOn(DateTimeOffset at) => SignedFields.Day(at + TimeSpan.FromHours(1));

    /// <param name="settleDate">Month and day; the latest one that is not to come.</param>
    /// <returns>Null while there is none of that day.</returns>
    public (string Name, string Content)? Of(string settleDate)
    {
        var ready = SignedFields.Day(clock.GetUtcNow() - TimeSpan.FromHours(9)).AddDays(-1);
        var day = Enumerable.Range(0, 366).Select(back => ready.AddDays(-back)).FirstOrDefault(day => day.ToString("MMdd", CultureInfo.InvariantCulture) == settleDate);
        if (day == default || day < ready.AddDays(-300)) return null;
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put(archive, $"INN{day:yyMMdd}88ZM_{options.Value.MerchantId}", string.Concat(book.All.Where(order => order.At is { } at && SettledOn(at) == day).Select(Row)));
            Put(archive, $"INN{day:yyMMdd}88ZME_{options.Value.MerchantId}", "");
        }
        using var deflated = new MemoryStream();
        using (var deflating = new ZLibStream(deflated, CompressionMode.Compress, leaveOpen: true)) deflating.Write(zip.ToArray());
        return ($"{options.Value.MerchantId}_{day:yyyyMMdd}.zip", Convert.ToBase64String(deflated.ToArray()));
    }

    private static void Put(ZipArchive archive, string name, string text)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>0.5 % stay with UnionPay, and come back with a refund.</summary>
    private string Row(UnionPayOrder order)
    {
        var terms = order.Terms;
        var (pays, charge) = (terms.Kind == "01", (long)Math.Round(terms.AmountInFen * 0.005m));
        var cells = Enumerable.Repeat("", Widths.Length).ToArray();
        (cells[0], cells[3], cells[4], cells[6]) = (pays ? "S22" : "S30", order.QueryId[^6..], SignedFields.Time(order.At!.Value, "MMddHHmmss"), terms.AmountInFen.ToString("D12", CultureInfo.InvariantCulture));
        (cells[9], cells[11], cells[15]) = (order.QueryId, terms.OrderId, $"{(pays ? 'D' : 'C')}{charge:D12}");
        (cells[16], cells[19], cells[20], cells[21]) = ($"{(pays ? 'C' : 'D')}{terms.AmountInFen - charge:D12}", terms.Kind, pays ? "01" : "00", "000201");
        (cells[26], cells[27], cells[34]) = (terms.OriginalQueryId, options.Value.MerchantId, terms.Reserved);
        return string.Join(' ', cells.Select((cell, column) => cell.PadRight(Widths[column]))) + "\r\n";
    }
}
