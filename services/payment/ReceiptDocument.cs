using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ExamPlatform.Payments;

/// <summary>A receipt as a page to read or to print. It needs nothing from anywhere, and the PDF is made of these very bytes, so both say the same. It bears a name, never a document number.</summary>
public static class ReceiptDocument
{
    private const string Style = """
        @page { size: A4; margin: 20mm 15mm; }
        html { font: 11pt/1.6 "BabelStone Han", "HanaMinA", "HanaMinB", "Noto Serif CJK SC", "Songti SC", SimSun, serif; color: #000; background: #fff; }
        body { max-width: 48rem; margin: 0 auto; padding: 1rem; }
        @media print { body { max-width: none; padding: 0; } }
        h1, caption, th { font-weight: normal; }
        h1 { font-size: 18pt; margin: 0 0 0.5rem; }
        table { width: 100%; border-collapse: collapse; margin-bottom: 1rem; }
        caption { text-align: left; font-size: 13pt; padding-bottom: 0.2rem; }
        th, td { border: 0.5pt solid #000; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        th { width: 30%; }
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>What a browser may do with it: show its own style, and nothing else.</summary>
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="refund">Null where it is the receipt of the payment.</param>
    public static string Write(Receipt receipt, Fee fee, PaymentOrder order, Refund? refund, string payer)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(fee);
        ArgumentNullException.ThrowIfNull(order);
        var (title, amount, page) = (PaymentWords.Of(refund is null ? "receipt-paid" : "receipt-refunded"), refund?.AmountInFen ?? order.AmountInFen, new StringBuilder());
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} {receipt.Number}</title><style>{Style}</style></head>
            <body><main><h1>{title}</h1>

            """);
        Table(page, PaymentWords.Of("receipt-facts"),
        [
            (PaymentWords.Of("receipt-number"), receipt.Number),
            (PaymentWords.Of("receipt-payer"), payer),
            (PaymentWords.Of("receipt-for"), order.Description),
            (PaymentWords.Of("receipt-amount"), Yuan(amount)),
            (PaymentWords.Of("receipt-capital"), RmbCapital.Of(amount)),
            (PaymentWords.Of("receipt-channel"), PaymentWords.Find($"channel-{order.Channel}") ?? order.Channel),
            (PaymentWords.Of("receipt-paid-at"), China(order.PaidAt!.Value)),
            .. refund?.DoneAt is { } back ? [(PaymentWords.Of("receipt-refunded-at"), China(back))] : Array.Empty<(string, string)>(),
            (PaymentWords.Of("receipt-order"), refund?.Number ?? order.Number),
            (PaymentWords.Of("receipt-transaction"), refund?.BankId ?? order.TransactionId ?? ""),
            (PaymentWords.Of("receipt-made"), China(receipt.MadeAt)),
        ]);
        if (refund is null && fee.Items.Count > 0) Table(page, PaymentWords.Of("receipt-items"), [.. fee.Items.Select(item => (item.Title, Yuan(item.AmountInFen)))]);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void Table(StringBuilder page, string title, (string Title, string Value)[] rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"<table><caption>{Html.Encode(title)}</caption><tbody>\n");
        foreach (var (name, value) in rows) page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html.Encode(name)}</th><td>{Html.Encode(value)}</td></tr>\n");
        page.Append("</tbody></table>\n");
    }

    private static string Yuan(long fen) => PaymentWords.Of("receipt-yuan", fen / 100m);

    private static string China(DateTimeOffset at) => at.ToOffset(BeijingDay.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
