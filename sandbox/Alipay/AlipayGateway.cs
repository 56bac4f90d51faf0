using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Alipay;

/// <summary>The one address of Alipay's gateway: verifies the application's signature, then either shows the payer a page or answers in signed JSON.</summary>
public static class AlipayGateway
{
    private const string Spoken = "yyyy-MM-dd HH:mm:ss";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a method answers: its members, or a refusal with a sub-code.</summary>
    private sealed record Told(JsonObject? Members, string? Refusal);

    public static async Task Handle(HttpContext context, [FromKeyedServices("alipay")] SandboxKeys keys, IOptions<AlipayOptions> options, Behaviours behaviours, TimeProvider clock)
    {
        var fields = await SignedFields.Of(context.Request);
        var method = fields.GetValueOrDefault("method", "");
        var page = method is "alipay.trade.page.pay" or "alipay.trade.wap.pay";
        if (Fault(fields, keys, options.Value, page ? null : clock.GetUtcNow()) is { } fault)
        {
            await (page ? SignedFields.Page(Words.Say("alipay.title"), fault, status: 400) : Signed(method, Code("40002", fault), keys.Sign)).ExecuteAsync(context);
            return;
        }
        var content = JsonNode.Parse(fields["biz_content"])!.AsObject();
        if (page)
        {
            await Cashier(Terms(content, fields), context.RequestServices.GetRequiredService<AlipayBook>()).ExecuteAsync(context);
            return;
        }
        var behaviour = behaviours.Take(Channel.Alipay, string.Join('\n', fields.Values));
        await Misbehaviour.Play(behaviour, context, Answer, asked => Signed(method, Code(asked.Code is null ? "20000" : "40004", asked.Code ?? "isp.unknow-error"), keys.Sign).ExecuteAsync(context));

        Task Answer(HttpContext _)
        {
            var told = Do(method, content, fields, context);
            var members = told.Members ?? Code("40004", told.Refusal!);
            if (told.Members is not null) (members["code"], members["msg"]) = ("10000", "Success");
            return Signed(method, members, behaviour?.Effect == Effect.WrongSignature ? keys.SignAsStranger : keys.Sign).ExecuteAsync(context);
        }
    }

    /// <summary>A payer comes by a code.</summary>
    public static IResult Scan(string code, AlipayBook book) => book.FindCode(code) is { } terms ? Cashier(terms, book) : Results.NotFound();

    /// <summary>The payer presses the button.</summary>
    public static IResult Pay(string outTradeNo, AlipayBook book, AlipayCallbacks callbacks)
    {
        if (book.Pay(outTradeNo, null) is not { Paid: { } paid }) return SignedFields.Page(Words.Say("alipay.title"), book.Find(outTradeNo)?.State.ToString() ?? "", status: 409);
        var notification = callbacks.Of(paid);
        callbacks.Keep(notification);
        callbacks.Deliver(notification);
        return paid.Terms.ReturnUrl is { Length: > 0 } back ? Results.Redirect(back) : SignedFields.Page(Words.Say("alipay.title"), Words.Say("bank.paid"));
    }

    private static IResult Cashier(AlipayTerms terms, AlipayBook book)
    {
        var (trade, refusal) = book.Come(terms);
        return trade is null ? SignedFields.Page(Words.Say("alipay.title"), refusal!, status: 409)
            : SignedFields.Page(Words.Say("alipay.title"), $"{terms.Subject} ¥{SignedFields.Yuan(terms.TotalInFen)}", $"/alipay/pay/{terms.OutTradeNo}", Words.Say("bank.pay"));
    }

    private static string? Fault(Dictionary<string, string> fields, SandboxKeys keys, AlipayOptions options, DateTimeOffset? now)
    {
        if (fields.GetValueOrDefault("app_id") != options.AppId) return "isv.invalid-app-id";
        if (fields.GetValueOrDefault("sign_type") != "RSA2" || fields.GetValueOrDefault("charset") != "utf-8" || fields.GetValueOrDefault("version") != "1.0") return "isv.missing-signature-config";
        if (!keys.IsFromMerchant(SignedFields.Text(fields, "sign"), fields.GetValueOrDefault("sign", ""))) return "isv.invalid-signature";
        if (SignedFields.Time(fields.GetValueOrDefault("timestamp"), Spoken) is not { } sent || now is { } time && (time - sent).Duration() > Skew) return "isv.invalid-timestamp";
        return fields.ContainsKey("biz_content") ? null : "isv.missing-biz-content";
    }

    private static Told Do(string method, JsonObject content, Dictionary<string, string> fields, HttpContext context)
    {
        var book = context.RequestServices.GetRequiredService<AlipayBook>();
        var number = Text(content, "out_trade_no");
        switch (method)
        {
            case "alipay.trade.precreate":
                var (code, refused) = book.Prepare(Terms(content, fields));
                return new(code is null ? null : new JsonObject { ["out_trade_no"] = number, ["qr_code"] = $"{context.Request.Scheme}://{context.Request.Host}/alipay/qr/{code}" }, refused);
            case "alipay.trade.query":
                return book.Find(number) is { } trade ? new(Describe(trade), null) : new(null, "ACQ.TRADE_NOT_EXIST");
            case "alipay.trade.close":
                var (closed, refusal) = book.Close(number);
                return new(closed is null ? null : new JsonObject { ["out_trade_no"] = number, ["trade_no"] = closed.TradeNo }, refusal);
            case "alipay.trade.refund":
                return Refund(content, number, book, context.RequestServices.GetRequiredService<AlipayCallbacks>());
            case "alipay.trade.fastpay.refund.query":
                return QueryRefund(content, book.Find(number));
            case "alipay.data.dataservice.bill.downloadurl.query":
                return context.RequestServices.GetRequiredService<AlipayBills>().Offer(Text(content, "bill_date")) is { } token
                    ? new(new JsonObject { ["bill_download_url"] = $"{context.Request.Scheme}://{context.Request.Host}/alipay/bills/{token}" }, null) : new(null, "isp.bill_not_exist");
            default:
                return new(null, "isv.invalid-method");
        }
    }

    private static Told Refund(JsonObject content, string number, AlipayBook book, AlipayCallbacks callbacks)
    {
        if (SignedFields.Fen(Text(content, "refund_amount")) is not { } amount || Text(content, "out_request_no") is not { Length: > 0 } request) return new(null, "ACQ.INVALID_PARAMETER");
        var (trade, changed, refusal) = book.Refund(number, request, amount);
        if (trade is null) return new(null, refusal);
        if (changed) callbacks.Deliver(callbacks.Of(trade, trade.Refunds[^1]));
        return new(new JsonObject { ["out_trade_no"] = number, ["trade_no"] = trade.TradeNo, ["fund_change"] = changed ? "Y" : "N", ["refund_fee"] = SignedFields.Yuan(trade.RefundedInFen) }, null);
    }

    private static Told QueryRefund(JsonObject content, AlipayTrade? trade)
    {
        if (trade is null) return new(null, "ACQ.TRADE_NOT_EXIST");
        // as the real one: success without a word about the refund when there is none of that number
        if (trade.Refunds.FirstOrDefault(refund => refund.OutRequestNo == Text(content, "out_request_no")) is not { } found) return new([], null);
        var told = new JsonObject
        {
            ["out_trade_no"] = trade.Terms.OutTradeNo,
            ["trade_no"] = trade.TradeNo,
            ["out_request_no"] = found.OutRequestNo,
            ["total_amount"] = SignedFields.Yuan(trade.Terms.TotalInFen),
            ["refund_amount"] = SignedFields.Yuan(found.AmountInFen),
            ["refund_status"] = "REFUND_SUCCESS",
        };
        if (content["query_options"]?.AsArray().Any(option => (string?)option == "gmt_refund_pay") == true) told["gmt_refund_pay"] = SignedFields.Time(found.At, Spoken);
        return new(told, null);
    }

    private static JsonObject Describe(AlipayTrade trade)
    {
        var told = new JsonObject
        {
            ["out_trade_no"] = trade.Terms.OutTradeNo,
            ["trade_no"] = trade.TradeNo,
            ["trade_status"] = trade.State switch { AlipayState.TradeSuccess => "TRADE_SUCCESS", AlipayState.TradeClosed => "TRADE_CLOSED", _ => "WAIT_BUYER_PAY" },
            ["total_amount"] = SignedFields.Yuan(trade.Terms.TotalInFen),
            ["buyer_logon_id"] = "sand***@example.com",
        };
        if (trade.PaidAt is { } at) told["send_pay_date"] = SignedFields.Time(at, Spoken);
        return told;
    }

    private static AlipayTerms Terms(JsonObject content, Dictionary<string, string> fields) => new(Text(content, "out_trade_no"), SignedFields.Fen(Text(content, "total_amount")) ?? 0, Text(content, "subject"),
        SignedFields.Time(Text(content, "time_expire"), Spoken), fields.GetValueOrDefault("notify_url", ""), fields.GetValueOrDefault("return_url"));

    private static string Text(JsonObject content, string name) => (string?)content[name] ?? "";

    private static JsonObject Code(string code, string subCode) => new() { ["code"] = code, ["msg"] = code == "40004" ? "Business Failed" : "Invalid Arguments", ["sub_code"] = subCode, ["sub_msg"] = subCode };

    /// <summary>The signature is over the reply's own text within the body.</summary>
    private static IResult Signed(string method, JsonObject members, Func<string, string> sign)
    {
        var raw = members.ToJsonString(Written).Replace("/", "\\/", StringComparison.Ordinal); // as the real one writes it: who parses and writes it again gets other bytes
        return Results.Content($$"""{"{{method.Replace('.', '_')}}_response":{{raw}},"sign":"{{sign(raw)}}"}""", "application/json;charset=utf-8", Encoding.UTF8);
    }
}
