using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Alipay;

/// <summary>4 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h, until the answer is <c>success</c>.</summary>
public sealed class AlipayCallbacks(Platform platform, [FromKeyedServices("alipay")] SandboxKeys keys, IOptions<AlipayOptions> options, TimeProvider clock)
    : FormCallbacks(platform, clock, Schedule, options.Value.ResendScale, answer => answer.Status == 200 && answer.Body == "success")
{
    private const string Spoken = "yyyy-MM-dd HH:mm:ss";
    private static readonly IReadOnlyList<TimeSpan> Schedule = [.. new[] { 4, 10, 10, 60, 120, 360, 900 }.Select(minutes => TimeSpan.FromMinutes(minutes))];
    private readonly TimeProvider clock = clock;

    /// <summary>The notification of a trade's payment, or of a refund of it.</summary>
    /// <param name="change">Lies, before they are signed.</param>
    public FormNotification Of(AlipayTrade trade, AlipayRefund? refund = null, Action<Dictionary<string, string>>? change = null, Func<string, string>? sign = null)
    {
        var state = trade.State switch { AlipayState.TradeSuccess => "TRADE_SUCCESS", AlipayState.TradeClosed => "TRADE_CLOSED", _ => "WAIT_BUYER_PAY" };
        var fields = new Dictionary<string, string>
        {
            ["notify_time"] = SignedFields.Time(clock.GetUtcNow(), Spoken),
            ["notify_type"] = "trade_status_sync",
            ["notify_id"] = Guid.NewGuid().ToString("N"),
            ["charset"] = "utf-8",
            ["version"] = "1.0",
            ["sign_type"] = "RSA2",
            ["app_id"] = options.Value.AppId,
            ["seller_id"] = options.Value.SellerId,
            ["trade_no"] = trade.TradeNo,
            ["out_trade_no"] = trade.Terms.OutTradeNo,
            ["trade_status"] = state,
            ["total_amount"] = SignedFields.Yuan(trade.Terms.TotalInFen),
            ["subject"] = trade.Terms.Subject,
        };
        if (trade.PaidAt is { } paidAt) fields["gmt_payment"] = SignedFields.Time(paidAt, Spoken);
        if (refund is not null)
        {
            fields["out_biz_no"] = refund.OutRequestNo;
            fields["refund_fee"] = SignedFields.Yuan(trade.RefundedInFen);
            fields["gmt_refund"] = SignedFields.Time(refund.At, Spoken + ".fff");
        }
        change?.Invoke(fields);
        fields["sign"] = (sign ?? keys.Sign)(SignedFields.Text(fields, "sign", "sign_type"));
        return new(fields["notify_id"], trade.Terms.OutTradeNo, trade.Terms.NotifyUrl, fields);
    }
}
