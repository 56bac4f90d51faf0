namespace ExamPlatform.Sandbox.Alipay;

/// <summary>What payers and forgers do at this Alipay, as tests and the demo ask.</summary>
public static class AlipayControl
{
    public enum Forgery { WrongSignature, Tampered, ForeignMerchant, ForeignApp, NoSignature }

    /// <param name="AmountInFen">A lie: the callback claims this amount; a query still tells the truth.</param>
    public sealed record Payment(string OutTradeNo, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0, bool DropCallback = false, long? AmountInFen = null, DateTimeOffset? SuccessTime = null);

    public sealed record Resending(string OutTradeNo, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0);

    public sealed record Forging(string OutTradeNo, Forgery Kind = Forgery.WrongSignature);

    public static void Map(RouteGroupBuilder open)
    {
        open.MapMethods("/alipay/gateway.do", ["GET", "POST"], AlipayGateway.Handle);
        open.MapGet("/alipay/qr/{code}", AlipayGateway.Scan);
        open.MapPost("/alipay/pay/{outTradeNo}", AlipayGateway.Pay);
        open.MapGet("/alipay/bills/{token}", (string token, AlipayBills bills) => bills.Download(token));
        open.MapPost("/control/alipay/pay", Pay);
        open.MapPost("/control/alipay/resend", Resend);
        open.MapPost("/control/alipay/forge", Forge);
        open.MapGet("/control/alipay/orders", (AlipayBook book, string? outTradeNo) => book.All.Where(trade => outTradeNo is null || trade.Terms.OutTradeNo == outTradeNo));
        open.MapGet("/control/alipay/callbacks", (AlipayCallbacks callbacks, string? outTradeNo) => callbacks.Attempts.Where(attempt => outTradeNo is null || attempt.OutTradeNo == outTradeNo));
    }

    private static IResult Pay(Payment payment, AlipayBook book, AlipayCallbacks callbacks)
    {
        if (payment is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 }) return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        if (book.Find(payment.OutTradeNo) is null && book.Prepared(payment.OutTradeNo) is { } prepared) book.Come(prepared); // scans the code
        if (book.Find(payment.OutTradeNo) is null) return Results.Problem("Nobody has come to pay an order of this number.", statusCode: 404);
        var (paid, refusal) = book.Pay(payment.OutTradeNo, payment.SuccessTime);
        if (paid is null) return Results.Problem(refusal, statusCode: 409);
        var notification = callbacks.Of(paid, change: payment.AmountInFen is { } lie ? fields => fields["total_amount"] = SignedFields.Yuan(lie) : null);
        callbacks.Keep(notification);
        if (!payment.DropCallback) callbacks.Deliver(notification, payment.Repeat, payment.Parallel, TimeSpan.FromSeconds(payment.DelaySeconds));
        return Results.Ok(new { payment.OutTradeNo, TransactionId = paid.TradeNo, SuccessTime = paid.PaidAt, notification.EventId });
    }

    private static IResult Resend(Resending asked, AlipayCallbacks callbacks)
    {
        if (asked is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 }) return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        if (callbacks.LastOf(asked.OutTradeNo) is not { } notification) return Results.Problem("This order has no callback yet: pay it first.", statusCode: 404);
        callbacks.Deliver(notification, asked.Repeat, asked.Parallel, TimeSpan.FromSeconds(asked.DelaySeconds));
        return Results.Ok(new { notification.EventId });
    }

    private static async Task<IResult> Forge(Forging asked, AlipayBook book, AlipayCallbacks callbacks, [FromKeyedServices("alipay")] SandboxKeys keys, TimeProvider clock)
    {
        if (book.Find(asked.OutTradeNo) is not { } trade) return Results.Problem("There is no such order.", statusCode: 404);
        var claimed = trade with { State = AlipayState.TradeSuccess, PaidAt = clock.GetUtcNow() };
        var notification = callbacks.Of(claimed, sign: asked.Kind == Forgery.WrongSignature ? keys.SignAsStranger : null, change: fields =>
        {
            if (asked.Kind == Forgery.ForeignMerchant) fields["seller_id"] = "2088000000000000";
            if (asked.Kind == Forgery.ForeignApp) fields["app_id"] = "2021000000000000";
        });
        var sent = notification.Fields.ToDictionary();
        if (asked.Kind == Forgery.Tampered) sent["total_amount"] = "0.01";
        if (asked.Kind == Forgery.NoSignature) sent.Remove("sign");
        var answer = await callbacks.Attempt($"forged:{asked.Kind}", notification with { Fields = sent });
        return Results.Ok(new { notification.EventId, answer.Status, answer.Body, answer.Fault });
    }
}
