using System.IO.Compression;
using System.Text;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>The bill of a day (业务明细): a ZIP with one CSV of all rows and one of sums, both in GBK, names of files too.</summary>
internal static class AlipayBill
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    private static readonly string[] Needed = ["支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "退款批次号/请求号", "服务费（元）"];

    public static BillAnswer Read(byte[] zip)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read, leaveOpen: false, Gbk);
            if (archive.Entries.Where(e => e.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !e.Name.Contains("汇总", StringComparison.Ordinal)).ToList() is not [var entry]) return new BillAnswer.Silent("no bill of rows in the ZIP");
            using var unpacked = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(unpacked);
            return Understand(unpacked.ToArray());
        }
        catch (InvalidDataException)
        {
            return new BillAnswer.Silent("not a ZIP");
        }
    }

    /// <summary>A bill is read as a whole or not at all: a row left out would look like money that is missing.</summary>
    private static BillAnswer Understand(byte[] csv)
    {
        var rows = Gbk.GetString(csv).Split('\n').Select((text, n) => (Text: text.Trim('\r'), Line: n + 1)).Where(row => row.Text.Length > 0 && row.Text[0] != '#').ToList();
        if (rows.Count == 0) return new BillAnswer.Silent("no heading");
        var names = rows[0].Text.Split(',').Select(name => name.Trim()).ToList();
        var columns = Needed.Select(name => names.IndexOf(name)).ToArray();
        if (columns.Contains(-1)) return new BillAnswer.Silent($"no column {Needed[Array.IndexOf(columns, -1)]}");
        var lines = new List<BillLine>();
        foreach (var (text, n) in rows.Skip(1))
        {
            if (LineOf(text.Split(','), columns) is not { } line) return new BillAnswer.Silent($"line {n} cannot be read");
            lines.Add(line);
        }
        return new BillAnswer.Told(lines, csv);
    }

    private static BillLine? LineOf(string[] cells, int[] columns)
    {
        if (cells.Length <= columns.Max()) return null;
        var cell = columns.Select(column => cells[column].Trim()).ToArray();
        var (amount, charge, at) = (Yuan.ToFen(cell[4]), Yuan.ToFen(cell[6]), BeijingTime.Read(cell[3], BeijingTime.Spoken));
        if (cell[0].Length == 0 || cell[2] is not ("交易" or "退款") || amount is null || charge is null || at is null) return null;
        return new(cell[1], cell[2] == "退款" ? cell[5] : null, cell[0], Math.Abs(amount.Value), Math.Abs(charge.Value), at.Value);
    }
}
