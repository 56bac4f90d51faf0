using System.Globalization;
using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>All orders of this WeChat Pay and their transitions. In memory: a restart forgets them, as a new sandbox merchant would.</summary>
public sealed class OrderBook(TimeProvider clock)
{
    private static readonly TimeSpan HandleLife = TimeSpan.FromHours(2), H5UrlLife = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, BankOrder> orders = [];

    public IReadOnlyList<BankOrder> All
    {
        get { lock (gate) return [.. orders.Values]; }
    }

    public BankOrder? Find(string outTradeNo)
    {
        lock (gate) return orders.GetValueOrDefault(outTradeNo);
    }

    public BankOrder? FindByHandle(string handle)
    {
        lock (gate) return orders.Values.FirstOrDefault(order => order.Handle == handle);
    }

    /// <param name="address">Of this sandbox, for pages of its own.</param>
    /// <param name="handle">code_url, prepay_id or h5_url: the same while it lives, then a new one.</param>
    public WeChatPayError? Place(OrderTerms terms, string address, out string handle)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            var known = orders.GetValueOrDefault(terms.OutTradeNo);
            handle = known?.Handle ?? "";
            if (known is { IsPaid: true }) return WeChatPayError.Paid;
            if (known is { State: TradeState.Closed }) return WeChatPayError.Closed;
            if (known is not null && known.Terms != terms) return WeChatPayError.Differs;
            if (known is not null && now < known.HandleExpiresAt) return null;
            handle = terms.TradeType switch
            {
                TradeType.Native => $"weixin://wxpay/bizpayurl?pr={RandomNumberGenerator.GetHexString(9)}",
                TradeType.Jsapi => $"wx{RandomNumberGenerator.GetHexString(34, lowercase: true)}",
                _ => $"{address}/mweb/{RandomNumberGenerator.GetHexString(34, lowercase: true)}",
            };
            orders[terms.OutTradeNo] = new(terms, handle, now + (terms.TradeType == TradeType.Mweb ? H5UrlLife : HandleLife));
            return null;
        }
    }

    /// <summary>Closing again is harmless; a paid order can no longer be closed.</summary>
    public WeChatPayError? Close(string outTradeNo)
    {
        lock (gate)
        {
            if (!orders.TryGetValue(outTradeNo, out var order)) return WeChatPayError.Unknown;
            if (order.IsPaid) return WeChatPayError.Paid;
            orders[outTradeNo] = order with { State = TradeState.Closed };
            return null;
        }
    }

    public void TurnToRefund(string outTradeNo)
    {
        lock (gate) orders[outTradeNo] = orders[outTradeNo] with { State = TradeState.Refund };
    }

    /// <summary>What the payer's phone does. Null with a reason when WeChat would not let him pay.</summary>
    public (BankOrder? Paid, string? Reason) Pay(string outTradeNo, DateTimeOffset? successTime)
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
                PayerOpenId = order.Terms.OpenId ?? "o" + RandomNumberGenerator.GetHexString(27),
            };
            orders[outTradeNo] = paid;
            return (paid, null);
        }
    }
}
