using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>The JSON of the gateway. What we read may hold more than we know; what we need and do not find is null.</summary>
internal static class AlipayWords
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public sealed record NewTrade(string OutTradeNo, string TotalAmount, string Subject, string ProductCode, string TimeExpire, string? QuitUrl = null);

    public sealed record Trade(string OutTradeNo);

    public sealed record NewRefund(string OutTradeNo, string OutRequestNo, string RefundAmount, string RefundReason);

    public sealed record Refund(string OutTradeNo, string OutRequestNo, IReadOnlyList<string> QueryOptions);

    public sealed record Bill(string BillType, string BillDate);

    /// <summary>Every reply of the methods we use; amounts in yuan, times of Beijing.</summary>
    public sealed record Reply(string? Code, string? SubCode, string? OutTradeNo, string? TradeNo, string? TradeStatus, string? TotalAmount, string? SendPayDate, string? QrCode,
        string? OutRequestNo, string? RefundAmount, string? RefundStatus, string? GmtRefundPay, string? BillDownloadUrl);

    /// <summary>What a trade's state says, or null with a reason when it is not complete. Query and callback name the time differently; it is null while nothing is paid.</summary>
    public static BankAnswer? Understand(string? state, string? tradeNo, string? totalAmount, string? paidAt, out string reason)
    {
        reason = "";
        switch (state)
        {
            case "WAIT_BUYER_PAY":
                return new BankAnswer.Unpaid();
            // a trade that was paid and went back as a whole is closed too, but its money did come
            case "TRADE_CLOSED" when string.IsNullOrEmpty(paidAt):
                return new BankAnswer.Closed();
            case "TRADE_SUCCESS" or "TRADE_FINISHED" or "TRADE_CLOSED":
                if (!string.IsNullOrEmpty(tradeNo) && Yuan.ToFen(totalAmount) is { } fen && BeijingTime.Read(paidAt, BeijingTime.Spoken) is { } at) return new BankAnswer.Paid(tradeNo, fen, at);
                reason = "no trade number, amount or time";
                return null;
            default:
                reason = $"an unexpected state {state}";
                return null;
        }
    }

    /// <summary>A subject may hold none of <c>/ = &amp;</c>, and no comma, which would part the columns of the bill.</summary>
    public static string Subject(string description)
    {
        var plain = string.Concat(description.Select(c => c is '/' or '=' or '&' or ',' or '"' || char.IsControl(c) ? ' ' : c));
        return plain.Length > 128 ? plain[..128] : plain;
    }
}
