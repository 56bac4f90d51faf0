using System.Text.Json;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>The error body of API v3: <c>code</c>, <c>message</c> and, where the real one gives it, <c>detail</c>.</summary>
public sealed record WeChatPayError(int Status, string Code, string Message, object? Detail = null)
{
    public static readonly WeChatPayError Paid = new(400, "ORDERPAID", Words.Say("order.paid"));
    public static readonly WeChatPayError Closed = new(400, "ORDER_CLOSED", Words.Say("order.closed"));
    public static readonly WeChatPayError Unknown = new(404, "ORDER_NOT_EXIST", Words.Say("order.unknown"));
    public static readonly WeChatPayError Differs = new(400, "INVALID_REQUEST", Words.Say("order.differs"));
    public static readonly WeChatPayError OtherApp = new(400, "APPID_MCHID_NOT_MATCH", Words.Say("order.appid"));
    public static readonly WeChatPayError OtherMerchant = new(400, "MCH_NOT_EXISTS", Words.Say("order.mchid"));

    public static readonly WeChatPayError OtherPerson = new(400, "INVALID_REQUEST", Words.Say("order.openid"));
    public static readonly WeChatPayError RefundUnknown = new(404, "RESOURCE_NOT_EXISTS", Words.Say("refund.unknown"));
    public static readonly WeChatPayError RefundUnpaid = new(400, "INVALID_REQUEST", Words.Say("refund.unpaid"));
    public static readonly WeChatPayError RefundTotal = new(400, "INVALID_REQUEST", Words.Say("refund.total"));
    public static readonly WeChatPayError RefundTooMuch = new(400, "INVALID_REQUEST", Words.Say("refund.too-much"));
    public static readonly WeChatPayError RefundDiffers = new(400, "INVALID_REQUEST", Words.Say("refund.differs"));
    public static readonly WeChatPayError BillTooEarly = new(400, "INVALID_REQUEST", Words.Say("bill.early"));
    public static readonly WeChatPayError BillNotMade = new(400, "STATEMENT_CREATING", Words.Say("bill.creating"));
    public static readonly WeChatPayError NoBill = new(400, "NO_STATEMENT_EXIST", Words.Say("bill.none"));

    public static readonly WeChatPayError NoCertificate = new(404, "RESOURCE_NOT_EXISTS", Words.Say("certificate.none"));

    public static WeChatPayError Sign(string key, object? detail = null) => new(401, "SIGN_ERROR", Words.Say(key), detail);

    public static WeChatPayError Param(string message, string location, string? field = null, JsonElement? value = null) =>
        new(400, "PARAM_ERROR", message, new { Location = location, Field = field, Value = value });

    public IResult ToResult() => Results.Json(new { Code, Message, Detail }, WeChatPayJson.Options, statusCode: Status);
}
