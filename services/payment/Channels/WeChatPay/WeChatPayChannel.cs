using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>WeChat Pay API v3: Native orders, their query and closing, and the callbacks.</summary>
internal sealed class WeChatPayChannel(WeChatPayExchange exchange, WeChatPayKeys keys, IOptions<WeChatPayOptions> options) : IChannel
{
    private const string Orders = "/v3/pay/transactions";

    public string Name => "wechat-pay";

    public IReadOnlyList<string> Kinds => ["wechat-native"];

    public async Task<BankAnswer> Open(PaymentOrder order, Payer payer, CancellationToken cancellationToken)
    {
        var o = options.Value;
        var expires = order.ExpiresAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var answer = await exchange.Send(HttpMethod.Post, $"{Orders}/native",
            new WeChatPayWords.NewOrder(o.AppId, o.MerchantId, order.Description, order.Number, expires, o.NotifyUrl, new(order.AmountInFen, "CNY")), cancellationToken);
        if (answer.Silence is { } silence) return new BankAnswer.Silent(silence);
        if (answer.Succeeded) return answer.Read<WeChatPayWords.Code>() is { CodeUrl: { Length: > 0 } code } ? new BankAnswer.Accepted(PayHandle.Code(code)) : new BankAnswer.Silent("no code_url");
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

    public Task<RefundAnswer> Refund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RefundAnswer> QueryRefund(PaymentOrder order, RefundTerms refund, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<BillAnswer> Bill(DateOnly day, CancellationToken cancellationToken) => throw new NotSupportedException();

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
            if (kind != "TRANSACTION.SUCCESS") return new(Verdict.Ignored, kind, id);
            if (JsonSerializer.Deserialize<WeChatPayWords.Transaction>(keys.Open(ciphertext, nonce, resource.AssociatedData ?? ""), WeChatPayWords.Json) is not { } told)
                return new(Verdict.Unreadable, "not a transaction", id);
            var answer = WeChatPayWords.Understand(told, options.Value, out var reason);
            return answer is BankAnswer.Paid ? new(null, "", id, told.OutTradeNo, answer) : new(Verdict.WrongFacts, reason.Length > 0 ? reason : "success without payment", id, told.OutTradeNo);
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

    private static bool IsMissing(string code) => code is "ORDER_NOT_EXIST" or "ORDERNOTEXIST" or "RESOURCE_NOT_EXISTS";

    private static IResult Fail(int status, string message) => Results.Json(new { code = "FAIL", message }, statusCode: status);
}
