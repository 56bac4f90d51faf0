using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>
/// The trade bill (交易账单, <c>bill_type=ALL</c>) of a direct merchant: UTF-8, perhaps GZIP, 27 columns, each value behind a backtick, amounts in yuan; last two lines are a head and the totals.
/// </summary>
internal static class WeChatPayBill
{
    private const int Columns = 27;

    /// <summary>Places of the columns: 交易时间, 商户号, 微信订单号, 商户订单号, 交易状态, 商户退款单号, 手续费, 订单金额, 申请退款金额.</summary>
    private const int TradedAt = 0, Merchant = 2, Transaction = 5, Order = 6, State = 9, Refund = 15, Charge = 22, Total = 24, Refunded = 25;

    /// <summary>Unpacks what was downloaded and checks that it is what WeChat Pay signed for.</summary>
    /// <param name="hash">SHA-1 of the unpacked bill in hex.</param>
    /// <exception cref="InvalidDataException">It is damaged, too large, or another bill.</exception>
    public static byte[] Unpack(byte[] came, string hash, int limit)
    {
        var plain = came is [0x1f, 0x8b, ..] ? Inflate(came, limit) : came;
#pragma warning disable CA5350 // WeChat Pay's own
        var right = Convert.ToHexString(SHA1.HashData(plain)).Equals(hash, StringComparison.OrdinalIgnoreCase);
#pragma warning restore CA5350
        return right ? plain : throw new InvalidDataException("The bill is not the one that was told of.");
    }

    /// <exception cref="FormatException">It is no bill of this merchant, or its totals are not those of its lines.</exception>
    public static IReadOnlyList<BillLine> Read(byte[] bill, string merchantId)
    {
        var rows = Encoding.UTF8.GetString(bill).TrimStart('\uFEFF').Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (rows.Length < 3 || rows[0].Split(',').Length != Columns) throw new FormatException("Not the head of a trade bill.");
        var lines = rows[1..^2].Select(row => Line(Values(row, Columns), merchantId)).ToList();
        var totals = Values(rows[^1], 7);
        var paid = lines.Where(l => l.RefundNumber is null).Sum(l => l.AmountInFen);
        var refunded = lines.Where(l => l.RefundNumber is not null).Sum(l => l.AmountInFen);
        if (int.Parse(totals[0], NumberStyles.None, CultureInfo.InvariantCulture) != lines.Count || Fen(totals[5]) != paid || Fen(totals[6]) != refunded)
            throw new FormatException("The totals of the bill are not those of its lines.");
        return lines;
    }

    /// <summary>Text in yuan to fen, digit by digit: no floating point comes near money.</summary>
    /// <param name="rounds">Charges are told to five places and are rounded half up; of an amount a part of a fen is a fault.</param>
    public static long Fen(string yuan, bool rounds = false)
    {
        var negative = yuan.StartsWith('-');
        var parts = yuan[(negative ? 1 : 0)..].Split('.');
        if (parts.Length > 2 || parts[0].Length is 0 or > 12 || parts is [_, { Length: 0 or > 8 }] || !parts.All(p => p.All(char.IsAsciiDigit))) throw new FormatException("Not an amount in yuan.");
        var places = (parts.Length == 2 ? parts[1] : "").PadRight(3, '0');
        if (!rounds && places[2..].Any(c => c != '0')) throw new FormatException("A part of a fen.");
        var fen = long.Parse(parts[0] + places[..2], NumberStyles.None, CultureInfo.InvariantCulture) + (places[2] >= '5' ? 1 : 0);
        return negative ? -fen : fen;
    }

    /// <summary>A name may hold commas of its own: values are parted by a comma before a backtick.</summary>
    private static string[] Values(string row, int count) =>
        row is ['`', ..] && row[1..].Split(",`") is { } values && values.Length == count ? values : throw new FormatException("A line of the bill has not the columns of its head.");

    private static BillLine Line(string[] values, string merchantId)
    {
        if (values[Merchant] != merchantId) throw new FormatException("A line of another merchant.");
        var at = new DateTimeOffset(DateTime.ParseExact(values[TradedAt], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.FromHours(8)).ToUniversalTime();
        var charge = Math.Abs(Fen(values[Charge], rounds: true));
        return values[State] switch
        {
            "SUCCESS" => new(values[Order], null, values[Transaction], Fen(values[Total]), charge, at),
            "REFUND" when values[Refund].Length > 0 => new(values[Order], values[Refund], values[Transaction], Fen(values[Refunded]), charge, at),
            _ => throw new FormatException("A line that is neither a payment nor a refund."),
        };
    }

    private static byte[] Inflate(byte[] packed, int limit)
    {
        using var unpacking = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = unpacking.Read(buffer)) > 0)
        {
            plain.Write(buffer, 0, read);
            if (plain.Length > limit) throw new InvalidDataException("No bill is that large.");
        }
        return plain.ToArray();
    }
}
