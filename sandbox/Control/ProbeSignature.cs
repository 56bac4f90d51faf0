using System.Security.Cryptography;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Control;

/// <summary>
/// WeChat Pay's own probe: now and then it sends a real callback whose signature starts <c>WECHATPAY/SIGNTEST/</c> and cannot verify,
/// to see whether the merchant checks. It must be refused, without alarm.
/// </summary>
public static class ProbeSignature
{
    public sealed record Request(string OutTradeNo);

    public static async Task<IResult> Handle(
        Request request,
        OrderBook book,
        Callbacks callbacks,
        AnswerSignature signature,
        IOptions<WeChatPayOptions> options,
        TimeProvider clock)
    {
        if (book.Find(request.OutTradeNo) is not { } order) return Results.Problem("There is no such order.", statusCode: 404);
        var notification = callbacks.LastOf(request.OutTradeNo)
            ?? Notification.Of(order, Transaction.Of(order), options.Value.ApiV3Key, clock.GetUtcNow());
        var headers = signature.For(notification.Body, _ => "WECHATPAY/SIGNTEST/" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(243)));
        var answer = await callbacks.Attempt("probe", notification, notification.Body, headers);
        return Results.Ok(new { notification.EventId, answer.Status, answer.Body, answer.Fault });
    }
}
