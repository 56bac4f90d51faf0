using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>The JSON of API v3. What we read may hold more than we know; what we need and do not find is null.</summary>
internal static class WeChatPayWords
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public sealed record NewOrder(
        [property: JsonPropertyName("appid")] string AppId,
        [property: JsonPropertyName("mchid")] string MerchantId,
        string Description, string OutTradeNo, string TimeExpire, string NotifyUrl, Amount Amount, Payer? Payer = null, SceneInfo? SceneInfo = null);

    public sealed record Payer([property: JsonPropertyName("openid")] string OpenId);

    public sealed record SceneInfo(string PayerClientIp, [property: JsonPropertyName("h5_info")] H5Info H5Info);

    public sealed record H5Info(string Type);

    public sealed record Merchant([property: JsonPropertyName("mchid")] string MerchantId);

    /// <summary>Total in fen.</summary>
    public sealed record Amount(long? Total, string? Currency);

    /// <summary>One of the three, by the kind of the order.</summary>
    public sealed record Opened(string? CodeUrl, string? PrepayId, [property: JsonPropertyName("h5_url")] string? H5Url);

    public sealed record Refusal(string? Code, string? Message);

    /// <summary>An order as a query and a callback tell it.</summary>
    public sealed record Transaction(
        [property: JsonPropertyName("appid")] string? AppId,
        [property: JsonPropertyName("mchid")] string? MerchantId,
        string? OutTradeNo, string? TransactionId, string? TradeState, DateTimeOffset? SuccessTime, Amount? Amount);

    /// <summary>The amounts in fen.</summary>
    public sealed record NewRefund(string OutTradeNo, string OutRefundNo, string Reason, string NotifyUrl, RefundAmount Amount);

    public sealed record RefundAmount(long? Refund, long? Total, string? Currency);

    /// <summary>A refund as an answer (<c>status</c>) and a callback (<c>refund_status</c>) tell it.</summary>
    public sealed record Refunding(
        [property: JsonPropertyName("mchid")] string? MerchantId,
        string? RefundId, string? OutRefundNo, string? OutTradeNo, string? Status, string? RefundStatus, DateTimeOffset? SuccessTime, RefundAmount? Amount);

    public sealed record Bill(string? HashType, string? HashValue, string? DownloadUrl);

    public sealed record Certificates(IReadOnlyList<Certificate>? Data);

    public sealed record Certificate(string? SerialNo, Resource? EncryptCertificate);

    public sealed record Notification(string? Id, string? EventType, Resource? Resource);

    public sealed record Resource(string? Algorithm, string? Ciphertext, string? AssociatedData, string? Nonce);

    /// <summary>What a transaction says, or null with a reason when it is not about an order of ours or not complete.</summary>
    public static BankAnswer? Understand(Transaction told, WeChatPayOptions options, out string reason)
    {
        reason = told switch
        {
            _ when told.MerchantId != options.MerchantId => "another merchant",
            _ when told.AppId is not { } app || (app != options.AppId && app != options.AccountAppId && app != options.MiniProgramAppId) => "another app",
            { OutTradeNo: null } => "no order number",
            { TradeState: "SUCCESS" or "REFUND", Amount: null or { Total: null } } => "no amount",
            { TradeState: "SUCCESS" or "REFUND", Amount.Currency: not "CNY" } => "another currency",
            { TradeState: "SUCCESS" or "REFUND", TransactionId: null } or { TradeState: "SUCCESS" or "REFUND", SuccessTime: null } => "no transaction or time",
            { TradeState: "SUCCESS" or "REFUND" or "NOTPAY" or "USERPAYING" or "PAYERROR" or "CLOSED" or "REVOKED" } => "",
            _ => $"an unexpected state {told.TradeState}",
        };
        if (reason.Length > 0) return null;
        return told.TradeState switch
        {
            "SUCCESS" or "REFUND" => new BankAnswer.Paid(told.TransactionId!, told.Amount!.Total!.Value, told.SuccessTime!.Value.ToUniversalTime()),
            "CLOSED" or "REVOKED" => new BankAnswer.Closed(),
            _ => new BankAnswer.Unpaid(),
        };
    }

    /// <summary>What a refund says, or null with a reason when it is not complete.</summary>
    public static RefundAnswer? Understand(Refunding told, out string reason)
    {
        var state = told.Status ?? told.RefundStatus;
        reason = state switch
        {
            "SUCCESS" when told is not { RefundId: not null, SuccessTime: not null, Amount.Refund: not null } => "no refund id, time or amount",
            "SUCCESS" when told.Amount.Currency is not (null or "CNY") => "another currency", // callbacks name none
            "SUCCESS" or "CLOSED" or "PROCESSING" or "ABNORMAL" => "",
            _ => $"an unexpected state {state}",
        };
        if (reason.Length > 0) return null;
        return state switch
        {
            "SUCCESS" => new RefundAnswer.Done(told.RefundId!, told.Amount!.Refund!.Value, told.SuccessTime!.Value.ToUniversalTime()),
            "CLOSED" => new RefundAnswer.Refused(state),
            "ABNORMAL" => new RefundAnswer.Abnormal(state),
            _ => new RefundAnswer.Pending(),
        };
    }
}
