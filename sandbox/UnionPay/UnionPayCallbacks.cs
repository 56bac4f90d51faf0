using System.Globalization;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>Five tries in all, until HTTP 200.</summary>
public sealed class UnionPayCallbacks(Platform platform, UnionPaySignature signature, IOptions<UnionPayOptions> options, TimeProvider clock)
    : FormCallbacks(platform, clock, Schedule, options.Value.ResendScale, answer => answer.Status == 200)
{
    private static readonly IReadOnlyList<TimeSpan> Schedule = [.. new[] { 1, 2, 4, 16 }.Select(minutes => TimeSpan.FromMinutes(minutes))];

    /// <param name="change">Lies, before they are signed.</param>
    /// <param name="sign">Another way to sign.</param>
    public FormNotification Of(UnionPayOrder order, Action<Dictionary<string, string>>? change = null, Action<Dictionary<string, string>>? sign = null)
    {
        var fields = Describe(order);
        (fields["respCode"], fields["respMsg"]) = ("00", "成功[0000000]");
        change?.Invoke(fields);
        if (sign is null) signature.Sign(fields);
        else sign(fields);
        return new(order.QueryId, order.Terms.OrderId, order.Terms.BackUrl, fields);
    }

    /// <summary>The fields that a callback and a query tell of what happened.</summary>
    public Dictionary<string, string> Describe(UnionPayOrder order)
    {
        var at = order.At ?? throw new InvalidOperationException("Nothing has happened yet.");
        var fields = new Dictionary<string, string>
        {
            ["version"] = "5.1.0",
            ["encoding"] = "UTF-8",
            ["signMethod"] = "01",
            ["accessType"] = "0",
            ["bizType"] = "000201",
            ["txnType"] = order.Terms.Kind,
            ["txnSubType"] = order.Terms.Kind == "01" ? "01" : "00",
            ["merId"] = options.Value.MerchantId,
            ["orderId"] = order.Terms.OrderId,
            ["txnTime"] = order.Terms.TxnTime,
            ["txnAmt"] = order.Terms.AmountInFen.ToString(CultureInfo.InvariantCulture),
            ["currencyCode"] = "156",
            ["queryId"] = order.QueryId,
            ["traceNo"] = order.QueryId[^6..],
            ["traceTime"] = SignedFields.Time(at, "MMddHHmmss"),
            ["settleDate"] = UnionPayBills.SettledOn(at).ToString("MMdd", CultureInfo.InvariantCulture),
            ["settleAmt"] = order.Terms.AmountInFen.ToString(CultureInfo.InvariantCulture),
            ["settleCurrencyCode"] = "156",
        };
        if (order.Terms.Kind == "04") fields["origQryId"] = order.Terms.OriginalQueryId;
        if (order.Terms.Reserved.Length > 0) fields["reqReserved"] = order.Terms.Reserved;
        return fields;
    }
}
