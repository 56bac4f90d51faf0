using System.Net;
using ExamPlatform.Sandbox.Control;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>Where an h5_url leads: in the place of the WeChat app a page with one button, and back to where it was told to.</summary>
public static class PhonePage
{
    public static IResult Show(HttpRequest request, OrderBook book, TimeProvider clock)
    {
        var order = Find(request, book);
        var text = order is { State: TradeState.NotPay } && order.IsPayable(clock.GetUtcNow())
            ? $"<form method=\"post\"><button>{Words.Say("pay.now", order.Terms.TotalInFen / 100m)}</button></form>"
            : $"<p>{Words.Say("pay.over")}</p>";
        return Results.Content($"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(Words.Say("pay.title"))}</title></head><body><main><h1>{Words.Say("pay.title")}</h1>{text}</main></body></html>
            """, "text/html; charset=utf-8");
    }

    public static IResult Pay(HttpRequest request, OrderBook book, Callbacks callbacks, IOptions<WeChatPayOptions> options, TimeProvider clock, string? redirect_url)
    {
        if (Find(request, book) is not { } order) return Results.NotFound();
        var paid = PayOrder.Handle(new(OutTradeNo: order.Terms.OutTradeNo), book, callbacks, options, clock);
        return redirect_url is null ? paid : Results.Redirect(redirect_url);
    }

    private static BankOrder? Find(HttpRequest request, OrderBook book) => book.FindByHandle($"{request.Scheme}://{request.Host}{request.Path}");
}
