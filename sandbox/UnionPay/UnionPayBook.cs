using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>What a merchant asked for, of a payment (01) or of a refund (04).</summary>
public sealed record UnionPayTerms(string Kind, string OrderId, string TxnTime, long AmountInFen, string BackUrl, string FrontUrl, DateTimeOffset? PayTimeout, string OriginalQueryId, string Reserved);

/// <summary>An order of a payer who came, or a refund. Paid, or given back, from <paramref name="At"/> on.</summary>
public sealed record UnionPayOrder(UnionPayTerms Terms, string QueryId, DateTimeOffset? At);

/// <summary>All orders of this UnionPay, by number and time. In memory: a restart forgets them.</summary>
public sealed class UnionPayBook(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, UnionPayOrder> orders = [];

    public IReadOnlyList<UnionPayOrder> All
    {
        get { lock (gate) return [.. orders.Values]; }
    }

    /// <param name="txnTime">Another time is another order.</param>
    public UnionPayOrder? Find(string orderId, string? txnTime = null)
    {
        lock (gate) return orders.TryGetValue(orderId, out var order) && (txnTime ?? order.Terms.TxnTime) == order.Terms.TxnTime ? order : null;
    }

    /// <returns>Null with UnionPay's code where it may not be paid.</returns>
    public (UnionPayOrder? Order, string? Refusal) Come(UnionPayTerms terms)
    {
        lock (gate)
        {
            if (terms.PayTimeout <= clock.GetUtcNow()) return (null, "21");
            if (!orders.TryGetValue(terms.OrderId, out var order)) return (orders[terms.OrderId] = new(terms, NewQueryId(), null), null);
            return order.At is null && order.Terms == terms ? (order, null) : (null, "12");
        }
    }

    public (UnionPayOrder? Paid, string? Refusal) Pay(string orderId, DateTimeOffset? at)
    {
        lock (gate)
        {
            if (!orders.TryGetValue(orderId, out var order) || order.Terms.Kind != "01") return (null, "34");
            if (order.At is not null) return (null, "12");
            if (order.Terms.PayTimeout <= clock.GetUtcNow()) return (null, "21");
            return (orders[orderId] = order with { At = at ?? clock.GetUtcNow() }, null);
        }
    }

    public (UnionPayOrder? Refund, string? Refusal) Refund(UnionPayTerms terms)
    {
        lock (gate)
        {
            if (orders.ContainsKey(terms.OrderId)) return (null, "12");
            if (orders.Values.FirstOrDefault(order => order.QueryId == terms.OriginalQueryId && order is { At: not null, Terms.Kind: "01" }) is not { } paid) return (null, "34");
            var back = orders.Values.Where(order => order.Terms.Kind == "04" && order.Terms.OriginalQueryId == paid.QueryId).Sum(order => order.Terms.AmountInFen);
            if (back + terms.AmountInFen > paid.Terms.AmountInFen) return (null, "36");
            return (orders[terms.OrderId] = new(terms, NewQueryId(), clock.GetUtcNow()), null);
        }
    }

    private string NewQueryId() => SignedFields.Time(clock.GetUtcNow(), "yyyyMMdd") + RandomNumberGenerator.GetString("0123456789", 13);
}
