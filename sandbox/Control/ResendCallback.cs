using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Sends a paid order's callback again, whatever was answered before: same event id, same body, fresh signature.</summary>
public static class ResendCallback
{
    public sealed record Request(string OutTradeNo, int Repeat = 1, bool Parallel = false, double DelaySeconds = 0);

    public static IResult Handle(Request request, Callbacks callbacks)
    {
        if (request is { Repeat: < 1 or > 100 } or { DelaySeconds: < 0 or > 3600 })
            return Results.Problem("repeat must be 1 to 100, delaySeconds 0 to 3600.", statusCode: 400);
        if (callbacks.LastOf(request.OutTradeNo) is not { } notification) return Results.Problem("This order has no callback yet: pay it first.", statusCode: 404);
        callbacks.Deliver(notification, request.Repeat, request.Parallel, TimeSpan.FromSeconds(request.DelaySeconds));
        return Results.Ok(new { notification.EventId });
    }
}
