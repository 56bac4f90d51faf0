using System.Globalization;
using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>All orders of this WeChat Pay and their three transitions. In memory: a restart forgets them, as a new sandbox merchant would.</summary>
public sealed class OrderBook(TimeProvider clock)
{
    private static readonly TimeSpan CodeUrlLife = TimeSpan.FromHours(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, NativeOrder> orders = [];

    public IReadOnlyList<NativeOrder> All
    {
        get { lock (gate) return [.. orders.Values]; }
    }

    public NativeOrder? Find(string outTradeNo)
    {
        lock (gate) return orders.GetValueOrDefault(outTradeNo);
    }

    public NativeOrder? FindByCodeUrl(string codeUrl)
    {
        lock (gate) return orders.Values.FirstOrDefault(order => order.CodeUrl == codeUrl);
    }

    public WeChatPayError? Place(NativeOrderTerms terms, out string codeUrl)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            var known = orders.GetValueOrDefault(terms.OutTradeNo);
            codeUrl = known?.CodeUrl ?? "";
            if (known is { State: TradeState.Success }) return WeChatPayError.Paid;
            if (known is { State: TradeState.Closed }) return WeChatPayError.Closed;
            if (known is not null && known.Terms != terms) return WeChatPayError.Differs;
            if (known is not null && now < known.CodeUrlExpiresAt) return null;
            codeUrl = $"weixin://wxpay/bizpayurl?pr={RandomNumberGenerator.GetHexString(9)}";
            orders[terms.OutTradeNo] = new(terms, codeUrl, now + CodeUrlLife);
            return null;
        }
    }

    /// <summary>Closing again is harmless; a paid order can no longer be closed.</summary>
    public WeChatPayError? Close(string outTradeNo)
    {
        lock (gate)
        {
            if (!orders.TryGetValue(outTradeNo, out var order)) return WeChatPayError.Unknown;
            if (order.State == TradeState.Success) return WeChatPayError.Paid;
            orders[outTradeNo] = order with { State = TradeState.Closed };
            return null;
        }
    }

    /// <summary>What the payer's phone does. Null with a reason when WeChat would not let him pay.</summary>
    public (NativeOrder? Paid, string? Reason) Pay(string outTradeNo, DateTimeOffset? successTime)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (!orders.TryGetValue(outTradeNo, out var order)) return (null, "There is no such order.");
            if (order.State != TradeState.NotPay) return (null, $"The order is {order.State}.");
            if (!order.IsPayable(now)) return (null, "The code or the order has expired.");
            var paid = order with
            {
                State = TradeState.Success,
                SuccessTime = successTime ?? now,
                TransactionId = "4200" + now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetString("0123456789", 10),
                PayerOpenId = "o" + RandomNumberGenerator.GetHexString(27),
            };
            orders[outTradeNo] = paid;
            return (paid, null);
        }
    }
}
