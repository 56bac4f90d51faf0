using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>UnionPay's addresses: each verifies the merchant's signature first; answers are fields with nothing escaped, signed.</summary>
public static class UnionPayGateway
{
    private const string Compact = "yyyyMMddHHmmss";

    /// <summary>The payer's browser brings the order.</summary>
    public static async Task<IResult> Front(HttpContext context, UnionPaySignature signature, UnionPayBook book, IOptions<UnionPayOptions> options)
    {
        var fields = await SignedFields.Of(context.Request);
        if (Fault(fields, signature, options.Value) is { } fault) return SignedFields.Page(Words.Say("unionpay.title"), fault, status: 400);
        var right = fields.GetValueOrDefault("txnType") == "01" && fields.GetValueOrDefault("channelType") is "07" or "08" && fields.GetValueOrDefault("currencyCode") == "156" && fields.ContainsKey("frontUrl");
        if (!right || TermsOf(fields) is not { } terms) return SignedFields.Page(Words.Say("unionpay.title"), "10", status: 400);
        var (order, refusal) = book.Come(terms);
        return order is null ? SignedFields.Page(Words.Say("unionpay.title"), refusal!, status: 409)
            : SignedFields.Page(Words.Say("unionpay.title"), $"{terms.OrderId} ¥{SignedFields.Yuan(terms.AmountInFen)}", $"/unionpay/pay/{terms.OrderId}", Words.Say("bank.pay"));
    }

    /// <summary>The payer presses the button; the browser then brings the result back to the merchant's page by a form.</summary>
    public static IResult Pay(string orderId, UnionPayBook book, UnionPayCallbacks callbacks)
    {
        var (paid, refusal) = book.Pay(orderId, null);
        if (paid is null) return SignedFields.Page(Words.Say("unionpay.title"), refusal!, status: 409);
        var notification = callbacks.Of(paid);
        callbacks.Keep(notification);
        callbacks.Deliver(notification);
        return SignedFields.Page(Words.Say("unionpay.title"), Words.Say("bank.paid"), paid.Terms.FrontUrl, Words.Say("bank.back"), notification.Fields);
    }

    public static Task Back(HttpContext context) => Answered(context, fields =>
    {
        var (book, callbacks) = (context.RequestServices.GetRequiredService<UnionPayBook>(), context.RequestServices.GetRequiredService<UnionPayCallbacks>());
        if (fields.GetValueOrDefault("txnType") != "04" || TermsOf(fields) is not { } terms) return Code("10");
        var (refund, refusal) = book.Refund(terms);
        if (refund is null) return Code(refusal!);
        callbacks.Deliver(callbacks.Of(refund));
        return new(Code("00")) { ["queryId"] = refund.QueryId, ["origQryId"] = terms.OriginalQueryId };
    });

    public static Task Query(HttpContext context) => Answered(context, fields =>
    {
        var (book, callbacks) = (context.RequestServices.GetRequiredService<UnionPayBook>(), context.RequestServices.GetRequiredService<UnionPayCallbacks>());
        if (book.Find(fields.GetValueOrDefault("orderId", ""), fields.GetValueOrDefault("txnTime")) is not { } order) return Code("34");
        // a payer who has only come has done nothing yet
        return order.At is null ? Code("34") : new(callbacks.Describe(order)) { ["respCode"] = "00", ["respMsg"] = "00", ["origRespCode"] = "00", ["origRespMsg"] = "00" };
    });

    public static Task File(HttpContext context) => Answered(context, fields =>
    {
        var right = fields.GetValueOrDefault("txnType") == "76" && fields.GetValueOrDefault("fileType") == "00";
        if (!right) return Code("10");
        return context.RequestServices.GetRequiredService<UnionPayBills>().Of(fields.GetValueOrDefault("settleDate", "")) is var (name, content) ? new(Code("00")) { ["fileName"] = name, ["fileContent"] = content } : Code("98");
    });

    private static async Task Answered(HttpContext context, Func<Dictionary<string, string>, Dictionary<string, string>> answer)
    {
        var services = context.RequestServices;
        var (signature, options) = (services.GetRequiredService<UnionPaySignature>(), services.GetRequiredService<IOptions<UnionPayOptions>>().Value);
        var fields = await SignedFields.Of(context.Request);
        var fault = Fault(fields, signature, options);
        var behaviour = fault is null ? services.GetRequiredService<Behaviours>().Take(Channel.UnionPay, string.Join('\n', fields.Values)) : null;
        if (fault is not null)
        {
            await Write(Code(fault)); // signed as well: a merchant must be able to believe it
            return;
        }
        await Misbehaviour.Play(behaviour, context, _ => Write(answer(fields)), asked => Write(Code(asked.Code ?? "02")));

        async Task Write(Dictionary<string, string> told)
        {
            foreach (var name in (string[])["version", "encoding", "signMethod", "txnType", "txnSubType", "bizType", "accessType", "merId", "orderId", "txnTime", "reqReserved"])
                if (fields.TryGetValue(name, out var sent)) told.TryAdd(name, sent);
            signature.Sign(told, asStranger: behaviour?.Effect == Effect.WrongSignature);
            context.Response.ContentType = "text/html;charset=UTF-8";
            await context.Response.WriteAsync(string.Join('&', told.Select(pair => $"{pair.Key}={pair.Value}")), Encoding.UTF8);
        }
    }

    private static string? Fault(Dictionary<string, string> fields, UnionPaySignature signature, UnionPayOptions options)
    {
        if (fields.GetValueOrDefault("version") != "5.1.0" || fields.GetValueOrDefault("signMethod") != "01" || fields.GetValueOrDefault("merId") != options.MerchantId || fields.GetValueOrDefault("accessType") != "0") return "10";
        return signature.IsFromMerchant(fields) ? null : "11";
    }

    /// <param name="code">The answer's own code; behind a stroke the one of the transaction that was asked after.</param>
    private static Dictionary<string, string> Code(string code) => code.Split('/') is [var own, var original]
        ? new() { ["respCode"] = own, ["respMsg"] = own, ["origRespCode"] = original, ["origRespMsg"] = original } : new() { ["respCode"] = code, ["respMsg"] = code };

    /// <returns>Null when something that must be there is not, or not of the right form.</returns>
    private static UnionPayTerms? TermsOf(Dictionary<string, string> fields)
    {
        var (order, time) = (fields.GetValueOrDefault("orderId", ""), fields.GetValueOrDefault("txnTime", ""));
        if (order.Length is < 8 or > 40 || !order.All(char.IsAsciiLetterOrDigit) || SignedFields.Time(time, Compact) is null) return null;
        if (!long.TryParse(fields.GetValueOrDefault("txnAmt"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount < 1 || !fields.TryGetValue("backUrl", out var back)) return null;
        return new(fields["txnType"], order, time, amount, back, fields.GetValueOrDefault("frontUrl", ""), SignedFields.Time(fields.GetValueOrDefault("payTimeout"), Compact), fields.GetValueOrDefault("origQryId", ""), fields.GetValueOrDefault("reqReserved", ""));
    }
}
