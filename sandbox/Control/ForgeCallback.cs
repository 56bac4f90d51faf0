using System.Security.Cryptography;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Sends a callback that claims success for an unpaid (or paid) order and must not be believed; answers with what the platform said.</summary>
public static class ForgeCallback
{
    public enum Forgery
    {
        /// <summary>Well formed, signed by a key that is not WeChat Pay's.</summary>
        WrongSignature,

        /// <summary>Rightly signed, but naming a key the merchant never heard of.</summary>
        UnknownSerial,

        /// <summary>Rightly signed ten minutes ago.</summary>
        Stale,

        /// <summary>Rightly signed, then one byte of the body changed.</summary>
        Tampered,

        /// <summary>Rightly signed, resource encrypted under another APIv3 key.</summary>
        WrongKey,

        /// <summary>Rightly signed and encrypted, but for another merchant.</summary>
        ForeignMerchant,

        /// <summary>No signature headers at all.</summary>
        NoSignature,
    }

    public sealed record Request(string OutTradeNo, Forgery Kind = Forgery.WrongSignature);

    public static async Task<IResult> Handle(
        Request request,
        OrderBook book,
        Callbacks callbacks,
        AnswerSignature signature,
        WeChatPayKeys keys,
        IOptions<WeChatPayOptions> options,
        TimeProvider clock)
    {
        if (book.Find(request.OutTradeNo) is not { } order) return Results.Problem("There is no such order.", statusCode: 404);
        var now = clock.GetUtcNow();
        var claimed = order with { State = TradeState.Success, SuccessTime = now, TransactionId = "4200" + RandomNumberGenerator.GetString("0123456789", 24), PayerOpenId = "oForged" };
        var merchant = request.Kind == Forgery.ForeignMerchant ? "1900000000" : null;
        var key = request.Kind == Forgery.WrongKey ? RandomNumberGenerator.GetHexString(32) : options.Value.ApiV3Key;
        var notification = Notification.Of(claimed, Transaction.Of(claimed, claimedMerchant: merchant), key, now);

        var headers = request.Kind switch
        {
            Forgery.WrongSignature => signature.For(notification.Body, keys.SignAsStranger),
            Forgery.Stale => signature.For(notification.Body, age: TimeSpan.FromMinutes(10)),
            Forgery.NoSignature => [],
            _ => signature.For(notification.Body),
        };
        if (request.Kind == Forgery.UnknownSerial) headers["Wechatpay-Serial"] = "PUB_KEY_ID_0000000000000000000000000000000000";
        var body = request.Kind == Forgery.Tampered ? notification.Body.Replace("\"id\":\"", "\"id\":\"x", StringComparison.Ordinal) : notification.Body;
        var answer = await callbacks.Attempt($"forged:{request.Kind}", notification, body, headers);
        return Results.Ok(new { notification.EventId, answer.Status, answer.Body, answer.Fault });
    }
}
