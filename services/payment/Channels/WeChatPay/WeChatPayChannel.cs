using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>WeChat Pay API v3: orders, their query and closing, refunds, bills, and the callbacks.</summary>
internal sealed class WeChatPayChannel(WeChatPayExchange exchange, WeChatPayKeys keys, IOptions<WeChatPayOptions> options, TimeProvider clock) : IChannel
{
    private const string Orders = "/v3/pay/transactions";
    private const string Native = "wechat-native", JsApi = "wechat-jsapi", Mini = "wechat-mini", H5 = "wechat-h5";
    private const string Refunds = "/v3/refund/domestic/refunds";

    public string Name => "wechat-pay";

    public IReadOnlyList<string> Kinds { get; } =
    [
        Native,
        .. options.Value.AccountAppId is null ? Array.Empty<string>() : [JsApi],
        .. options.Value.MiniProgramAppId is null ? Array.Empty<string>() : [Mini],
        .. options.Value.H5 ? [H5] : Array.Empty<string>(),
    ];

    /// <summary>An h5_url can be gone to for five minutes; the order ends with it, so that the next one has a fresh address.</summary>
    public TimeSpan LongestOrder(string kind) => kind == H5 ? TimeSpan.FromMinutes(5) : Fee.LongestOrder;

    public async Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken)
    {
        var o = options.Value;
        var expires = order.ExpiresAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var (path, app) = order.Channel switch { JsApi => ("jsapi", o.AccountAppId!), Mini => ("jsapi", o.MiniProgramAppId!), H5 => ("h5", o.AppId), _ => ("native", o.AppId) };
        var asked = new WeChatPayWords.NewOrder(app, o.MerchantId, order.Description, order.Number, expires, o.NotifyUrl, new(order.AmountInFen, "CNY"),
            path == "jsapi" ? new(payer.OpenId ?? "") : null, path == "h5" ? new(payer.Address ?? "", new("Wap")) : null);
        var answer = await exchange.Send(HttpMethod.Post, $"{Orders}/{path}", asked, cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer.Succeeded) return Handle(answer.Read<WeChatPayWords.Opened>(), app) is { } handle ? new BankAnswer.Accepted(handle) : new BankAnswer.Silent("nothing to go on with");
        return answer.Code switch
        {
            "ORDERPAID" => await Query(order, cancellationToken),
            "ORDER_CLOSED" or "ORDERCLOSED" => new BankAnswer.Closed(),
            // too many requests and the bank's own trouble say nothing about the order
            var code when (int)answer.Status is 429 or >= 500 || code.Length == 0 => new BankAnswer.Silent($"HTTP {(int)answer.Status} {code}"),
            var code => new BankAnswer.Refused(code),
        };
    }

    public async Task<BankAnswer> Query(PaymentOrder order, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send(HttpMethod.Get, $"{Orders}/out-trade-no/{order.Number}?mchid={options.Value.MerchantId}", null, cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (!answer.Succeeded) return IsMissing(answer.Code) ? new BankAnswer.Missing() : new BankAnswer.Silent($"HTTP {(int)answer.Status} {answer.Code}");
        if (answer.Read<WeChatPayWords.Transaction>() is not { } told) return new BankAnswer.Silent("not a transaction");
        if (told.OutTradeNo != order.Number) return new BankAnswer.Silent("another order");
        return WeChatPayWords.Understand(told, options.Value, out var reason) ?? new BankAnswer.Silent(reason);
    }

    public async Task<BankAnswer> Close(PaymentOrder order, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send(HttpMethod.Post, $"{Orders}/out-trade-no/{order.Number}/close", new WeChatPayWords.Merchant(options.Value.MerchantId), cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer.Succeeded) return new BankAnswer.Closed();
        return answer.Code switch
        {
            "ORDERPAID" => await Query(order, cancellationToken),
            "ORDER_CLOSED" or "ORDERCLOSED" => new BankAnswer.Closed(),
            var code when IsMissing(code) => new BankAnswer.Missing(),
            var code => new BankAnswer.Silent($"HTTP {(int)answer.Status} {code}"),
        };
    }

    public async Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send(HttpMethod.Post, Refunds,
            new WeChatPayWords.NewRefund(order.Number, refund.Number, refund.Reason, options.Value.NotifyUrl, new(refund.AmountInFen, order.AmountInFen, "CNY")), cancellationToken);
        return answer switch
        {
            { Silence: { } silence } => new RefundAnswer.Silent(silence),
            { Succeeded: true } => Understand(answer, order, refund),
            // too many requests and the bank's own trouble say nothing about the refund
            { Status: var status, Code: var code } when (int)status is 429 or >= 500 || code is "" or "FREQUENCY_LIMITED" => new RefundAnswer.Silent($"HTTP {(int)status} {code}"),
            _ => new RefundAnswer.Refused(answer.Code),
        };
    }

    public async Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send(HttpMethod.Get, $"{Refunds}/{refund.Number}", null, cancellationToken);
        return answer switch
        {
            { Silence: { } silence } => new RefundAnswer.Silent(silence),
            { Succeeded: true } => Understand(answer, order, refund),
            _ => IsMissing(answer.Code) ? new RefundAnswer.Missing() : new RefundAnswer.Silent($"HTTP {(int)answer.Status} {answer.Code}"),
        };
    }

    public async Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken)
    {
        var answer = await exchange.Send(HttpMethod.Get, $"/v3/bill/tradebill?bill_date={day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}&bill_type=ALL&tar_type=GZIP", null, cancellationToken);
        if (answer.Silence is { } silence) return new BillAnswer.Silent(silence);
        if (!answer.Succeeded)
            return answer.Code switch
            {
                "STATEMENT_CREATING" => new BillAnswer.NotReady(),
                // bills are there from ten o'clock on the next day; of a day without a payment there is none
                "NO_STATEMENT_EXIST" => clock.GetUtcNow() >= MadeBy(day) ? new BillAnswer.Told([], []) : new BillAnswer.NotReady(),
                var code => new BillAnswer.Silent($"HTTP {(int)answer.Status} {code}"),
            };
        if (answer.Read<WeChatPayWords.Bill>() is not { HashType: "SHA1", HashValue: { } hash, DownloadUrl: { } address }) return new BillAnswer.Silent("not a bill");
        if (await exchange.Download(address, cancellationToken) is not { } came) return new BillAnswer.Silent("the bill cannot be downloaded");
        try
        {
            var bill = WeChatPayBill.Unpack(came, hash, WeChatPayExchange.LargestBill);
            return new BillAnswer.Told(WeChatPayBill.Read(bill, options.Value.MerchantId), bill);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException)
        {
            return new BillAnswer.Silent(e.Message);
        }
    }

    public CallbackReading Read(BankCallback callback)
    {
        var headers = callback.ReadHeaders();
        var signed = WeChatPaySigned.From(headers.GetValueOrDefault);
        if (signed.IsProbe) return new(Verdict.Probe, "a probe of our signature check");
        // against the time of arrival, so that a callback judged later after a crash is judged the same
        if (keys.Verify(signed, callback.Body, callback.ReceivedAt) is { } fault) return new(Verdict.Forged, fault);
        try
        {
            if (JsonSerializer.Deserialize<WeChatPayWords.Notification>(callback.Body, WeChatPayWords.Json) is not
                { Id: { Length: > 0 and <= 64 } id, EventType: { } kind, Resource: { Algorithm: "AEAD_AES_256_GCM", Ciphertext: { } ciphertext, Nonce: { } nonce } resource })
                return new(Verdict.Unreadable, "not a notification");
            return kind switch
            {
                "TRANSACTION.SUCCESS" => Payment(id, keys.Open(ciphertext, nonce, resource.AssociatedData ?? "")),
                "REFUND.SUCCESS" or "REFUND.ABNORMAL" or "REFUND.CLOSED" => Refunded(id, kind, keys.Open(ciphertext, nonce, resource.AssociatedData ?? "")),
                _ => new(Verdict.Ignored, kind, id),
            };
        }
        catch (Exception e) when (e is JsonException or CryptographicException or FormatException)
        {
            return new(Verdict.Unreadable, e.GetType().Name);
        }
    }

    public IResult Answer(Verdict verdict) => verdict switch
    {
        Verdict.Accepted or Verdict.Repeated or Verdict.Ignored => Results.NoContent(),
        Verdict.Probe or Verdict.Forged => Fail(401, "the signature is not valid"),
        Verdict.Unreadable => Fail(400, "the notification cannot be read"),
        Verdict.WrongFacts => Fail(400, "the notification does not fit an order of ours"),
        _ => Fail(500, "not processed, send it again"),
    };

    private PayHandle? Handle(WeChatPayWords.Opened? opened, string app) => opened switch
    {
        { CodeUrl: { Length: > 0 } code } => PayHandle.Code(code),
        { H5Url: { } address } when IsWeb(address) => new("address", address),
        { PrepayId: { Length: > 0 } prepaid } => new("bridge", "", keys.Bridge(app, prepaid, clock.GetUtcNow())),
        _ => null,
    };

    private CallbackReading Payment(string id, byte[] opened)
    {
        if (JsonSerializer.Deserialize<WeChatPayWords.Transaction>(opened, WeChatPayWords.Json) is not { } told) return new(Verdict.Unreadable, "not a transaction", id);
        var answer = WeChatPayWords.Understand(told, options.Value, out var reason);
        return answer is BankAnswer.Paid ? new(null, "", id, told.OutTradeNo, answer) : new(Verdict.WrongFacts, reason.Length > 0 ? reason : "success without payment", id, told.OutTradeNo);
    }

    private CallbackReading Refunded(string id, string kind, byte[] opened)
    {
        if (JsonSerializer.Deserialize<WeChatPayWords.Refunding>(opened, WeChatPayWords.Json) is not { } told) return new(Verdict.Unreadable, "not a refund", id);
        if (told.MerchantId != options.Value.MerchantId) return new(Verdict.WrongFacts, "another merchant", id, told.OutTradeNo);
        if (told is not { OutTradeNo: { } number, OutRefundNo: { } refund }) return new(Verdict.WrongFacts, "no refund number", id);
        if (kind != $"REFUND.{told.RefundStatus}") return new(Verdict.WrongFacts, "an event of another kind", id, number);
        return WeChatPayWords.Understand(told, out var reason) is { } answer ? new(null, "", id, number, null, refund, answer) : new(Verdict.WrongFacts, reason, id, number);
    }

    private static RefundAnswer Understand(WeChatPayExchange.Answer answer, PaymentOrder order, RefundTerms refund)
    {
        if (answer.Read<WeChatPayWords.Refunding>() is not { } told) return new RefundAnswer.Silent("not a refund");
        if (told.OutRefundNo != refund.Number || told.OutTradeNo != order.Number) return new RefundAnswer.Silent("another refund");
        return WeChatPayWords.Understand(told, out var reason) ?? new RefundAnswer.Silent(reason);
    }

    private static DateTimeOffset MadeBy(DateOnly day) => new(day.AddDays(1), new(10, 0), TimeSpan.FromHours(8));

    private static bool IsWeb(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static bool IsMissing(string code) => code is "ORDER_NOT_EXIST" or "ORDERNOTEXIST" or "RESOURCE_NOT_EXISTS";

    private static IResult Fail(int status, string message) => Results.Json(new { code = "FAIL", message }, statusCode: status);
}
