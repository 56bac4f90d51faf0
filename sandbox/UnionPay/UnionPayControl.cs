namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>What payers and forgers do at this UnionPay, as tests and the demo ask.</summary>
public static class UnionPayControl
{
    public enum Forgery { WrongSignature, OwnCertificate, Tampered, ForeignMerchant, NoSignature }

    /// <param name="AmountInFen">A lie: the callback claims this amount; a query still tells the truth.</param>
    public sealed record Payment(string OutTradeNo, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0, bool DropCallback = false, long? AmountInFen = null, DateTimeOffset? SuccessTime = null);

    public sealed record Resending(string OutTradeNo, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0);

    public sealed record Forging(string OutTradeNo, Forgery Kind = Forgery.WrongSignature);

    public static void Map(RouteGroupBuilder open)
    {
        open.MapPost("/unionpay/gateway/api/frontTransReq.do", UnionPayGateway.Front);
        open.MapPost("/unionpay/gateway/api/backTransReq.do", UnionPayGateway.Back);
        open.MapPost("/unionpay/gateway/api/queryTrans.do", UnionPayGateway.Query);
        open.MapPost("/unionpay/files", UnionPayGateway.File);
        open.MapPost("/unionpay/pay/{orderId}", UnionPayGateway.Pay);
        open.MapPost("/control/unionpay/pay", Pay);
        open.MapPost("/control/unionpay/resend", Resend);
        open.MapPost("/control/unionpay/forge", Forge);
        open.MapGet("/control/unionpay/orders", (UnionPayBook book, string? outTradeNo) => book.All.Where(order => outTradeNo is null || order.Terms.OrderId == outTradeNo));
        open.MapGet("/control/unionpay/callbacks", (UnionPayCallbacks callbacks, string? outTradeNo) => callbacks.Attempts.Where(attempt => outTradeNo is null || attempt.OutTradeNo == outTradeNo));
    }

    private static IResult Pay(Payment payment, UnionPayBook book, UnionPayCallbacks callbacks)
    {
        if (payment is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 }) return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        if (book.Find(payment.OutTradeNo) is null) return Results.Problem("Nobody has come to pay an order of this number.", statusCode: 404);
        var (paid, refusal) = book.Pay(payment.OutTradeNo, payment.SuccessTime);
        if (paid is null) return Results.Problem(refusal, statusCode: 409);
        var notification = callbacks.Of(paid, payment.AmountInFen is { } lie ? fields => fields["txnAmt"] = lie.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        callbacks.Keep(notification);
        if (!payment.DropCallback) callbacks.Deliver(notification, payment.Repeat, payment.Parallel, TimeSpan.FromSeconds(payment.DelaySeconds));
        return Results.Ok(new { payment.OutTradeNo, TransactionId = paid.QueryId, SuccessTime = paid.At, notification.EventId });
    }

    private static IResult Resend(Resending asked, UnionPayCallbacks callbacks)
    {
        if (asked is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 }) return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        if (callbacks.LastOf(asked.OutTradeNo) is not { } notification) return Results.Problem("This order has no callback yet: pay it first.", statusCode: 404);
        callbacks.Deliver(notification, asked.Repeat, asked.Parallel, TimeSpan.FromSeconds(asked.DelaySeconds));
        return Results.Ok(new { notification.EventId });
    }

    private static async Task<IResult> Forge(Forging asked, UnionPayBook book, UnionPayCallbacks callbacks, UnionPaySignature signature, TimeProvider clock)
    {
        if (book.Find(asked.OutTradeNo) is not { } order) return Results.Problem("There is no such order.", statusCode: 404);
        var notification = callbacks.Of(order with { At = clock.GetUtcNow() },
            fields => { if (asked.Kind == Forgery.ForeignMerchant) fields["merId"] = "000000000000000"; },
            asked.Kind switch { Forgery.WrongSignature => fields => signature.Sign(fields, asStranger: true), Forgery.OwnCertificate => signature.SignByOwnCertificate, _ => null });
        var sent = notification.Fields.ToDictionary();
        if (asked.Kind == Forgery.Tampered) sent["txnAmt"] = "1";
        if (asked.Kind == Forgery.NoSignature) sent.Remove("signature");
        var answer = await callbacks.Attempt($"forged:{asked.Kind}", notification with { Fields = sent });
        return Results.Ok(new { notification.EventId, answer.Status, answer.Body, answer.Fault });
    }
}
