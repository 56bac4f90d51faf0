using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The trade bill of a day, made from the orders and refunds that are there, and the lies that it is told to tell.</summary>
public sealed class Bills(OrderBook book, Refunds refunds, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);
    private readonly ConcurrentDictionary<string, (DateOnly Day, bool Packed)> tokens = new();

    /// <summary>By order number: null leaves it out, an amount takes the place of the true one. A number that nobody ordered becomes a payment on the day before the lie.</summary>
    public ConcurrentDictionary<string, (DateOnly Day, long? AmountInFen)> Lies { get; } = new();

    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(Beijing).Date);

    public IResult Tell(HttpRequest request, string? bill_date, string? bill_type, string? tar_type)
    {
        if (!DateOnly.TryParseExact(bill_date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || bill_type is not (null or "ALL") || tar_type is not (null or "GZIP"))
            return WeChatPayError.Param(Words.Say("bill.param"), "query", "/query/bill_date").ToResult();
        if (day >= Today) return WeChatPayError.BillTooEarly.ToResult();
        if (clock.GetUtcNow() < new DateTimeOffset(day.AddDays(1), new(10, 0), Beijing)) return WeChatPayError.BillNotMade.ToResult();
        if (Make(day) is not { } bill) return WeChatPayError.NoBill.ToResult();
        var token = RandomNumberGenerator.GetHexString(64);
        tokens[token] = (day, tar_type is not null);
#pragma warning disable CA5350 // WeChat Pay's own
        var hash = Convert.ToHexStringLower(SHA1.HashData(bill));
#pragma warning restore CA5350
        return Results.Json(new { HashType = "SHA1", HashValue = hash, DownloadUrl = $"{request.Scheme}://{request.Host}/v3/billdownload/file?token={token}" }, WeChatPayJson.Options);
    }

    public IResult Download(string? token)
    {
        if (token is null || !tokens.TryGetValue(token, out var asked) || Make(asked.Day) is not { } bill) return Results.Problem(statusCode: 404);
        if (!asked.Packed) return Results.Bytes(bill, "text/plain");
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest)) packing.Write(bill);
        return Results.Bytes(packed.ToArray(), "application/octet-stream");
    }

    /// <returns>Null of a day on which nothing happened.</returns>
    private byte[]? Make(DateOnly day)
    {
        var paid = book.All.Where(o => o.IsPaid && DayOf(o.SuccessTime!.Value) == day).OrderBy(o => o.SuccessTime).ToList();
        var back = refunds.All.Where(r => r.Status == RefundStatus.Success && DayOf(r.SuccessTime!.Value) == day).OrderBy(r => r.SuccessTime).ToList();
        List<Row> rows =
        [
            .. paid.Where(o => !Lies.TryGetValue(o.Terms.OutTradeNo, out var lie) || lie.AmountInFen is not null).Select(PaymentRow),
            .. back.Select(RefundRow),
            .. Lies.Where(l => l.Value.Day == day && l.Value.AmountInFen is not null && book.Find(l.Key) is null).Select(l => Invented(l.Key, l.Value.AmountInFen!.Value, day)),
        ];
        if (rows.Count == 0) return null;
        var (total, given, charges) = (rows.Sum(r => r.TotalInFen), rows.Sum(r => r.RefundInFen), rows.Sum(r => r.ChargeInFen));
        var text = new StringBuilder("\uFEFF").Append(Words.Say("bill.head")).Append("\r\n");
        foreach (var row in rows) text.Append(row.Text(options.Value.MerchantId)).Append("\r\n");
        text.Append(Words.Say("bill.totals")).Append("\r\n")
            .Append(CultureInfo.InvariantCulture, $"`{rows.Count},`{Yuan(total)},`{Yuan(given)},`0.00,`{Yuan(charges)}000,`{Yuan(total)},`{Yuan(given)}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private Row PaymentRow(BankOrder order)
    {
        var total = Lies.TryGetValue(order.Terms.OutTradeNo, out var lie) ? lie.AmountInFen!.Value : order.Terms.TotalInFen;
        return new(order, order.SuccessTime!.Value, order.TransactionId!, null, null, total, 0, Charge(total));
    }

    private Row RefundRow(Refund refund) =>
        new(book.Find(refund.Terms.OutTradeNo)!, refund.SuccessTime!.Value, refund.TransactionId, refund.RefundId, refund.Terms.OutRefundNo, 0, refund.Terms.RefundInFen, -Charge(refund.Terms.RefundInFen));

    private Row Invented(string number, long total, DateOnly day)
    {
        var at = new DateTimeOffset(day, new(12, 0), Beijing);
        var terms = new OrderTerms(TradeType.Native, options.Value.AppId, options.Value.MerchantId, number, "Exam fee", "", total, "CNY", null, null, null, null);
        return new(new(terms, "", at), at, "4200" + number[..Math.Min(24, number.Length)], null, null, total, 0, Charge(total));
    }

    /// <summary>Six in a thousand, to the fen.</summary>
    private static long Charge(long fen) => (fen * 6 + 500) / 1000;

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Beijing).Date);

    private static string Yuan(long fen) => string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:D2}");

    private sealed record Row(BankOrder Order, DateTimeOffset At, string TransactionId, string? RefundId, string? OutRefundNo, long TotalInFen, long RefundInFen, long ChargeInFen)
    {
        public string Text(string merchantId)
        {
            string[] values =
            [
                At.ToOffset(Beijing).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Order.Terms.AppId, merchantId, "0", "", TransactionId, Order.Terms.OutTradeNo, Order.PayerOpenId ?? "",
                Order.Terms.TradeType.ToString().ToUpperInvariant(), OutRefundNo is null ? "SUCCESS" : "REFUND", "OTHERS", "CNY", Yuan(TotalInFen), "0.00", RefundId ?? "0", OutRefundNo ?? "0", Yuan(RefundInFen), "0.00",
                OutRefundNo is null ? "" : "ORIGINAL", OutRefundNo is null ? "" : "SUCCESS", Order.Terms.Description, Order.Terms.Attach ?? "", Yuan(ChargeInFen) + "000", "0.60%", Yuan(TotalInFen), Yuan(RefundInFen), "",
            ];
            return string.Join(',', values.Select(value => "`" + value));
        }
    }
}
