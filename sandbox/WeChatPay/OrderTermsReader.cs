using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>Reads an order's body and names the first fault as API v3 does.</summary>
public sealed partial class OrderTermsReader(JsonElement body, TradeType type)
{
    public WeChatPayError? Fault { get; private set; }

    public OrderTerms? Read()
    {
        var appId = Text("appid", 1, 32);
        var merchantId = Text("mchid", 1, 32);
        var description = Text("description", 1, 127);
        var outTradeNo = Text("out_trade_no", 6, 32, OutTradeNo());
        var notifyUrl = Text("notify_url", 1, 255, NotifyUrl());
        var attach = Text("attach", 0, 128, required: false);
        var expires = Text("time_expire", 1, 64, Rfc3339(), required: false);
        var total = Positive("total");
        var openId = type == TradeType.Jsapi ? Text("openid", 1, 128, parent: "payer") : null;
        var address = Text("payer_client_ip", 1, 45, PayerAddress(), parent: "scene_info", required: type == TradeType.Mweb);
        if (type == TradeType.Mweb && Find("h5_info", "scene_info") is not { ValueKind: JsonValueKind.Object }) Fail("param.required", "h5_info", "scene_info", null);
        var currency = Text("currency", 3, 16, parent: "amount", required: false) ?? "CNY";
        if (Fault is not null) return null;
        var end = expires is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture);
        return new(type, appId!, merchantId!, outTradeNo!, description!, notifyUrl!, total, currency, attach, end, openId, address);
    }

    public RefundTerms? ReadRefund()
    {
        var outTradeNo = Text("out_trade_no", 6, 32, OutTradeNo());
        var outRefundNo = Text("out_refund_no", 1, 64, RefundNo());
        var reason = Text("reason", 1, 80, required: false);
        var notifyUrl = Text("notify_url", 1, 256, NotifyUrl(), required: false);
        var (refund, total) = (Positive("refund"), Positive("total"));
        var currency = Text("currency", 3, 16, parent: "amount");
        if (Fault is not null) return null;
        return new(outTradeNo!, outRefundNo!, reason, notifyUrl, refund, total, currency!);
    }

    private string? Text(string field, int min, int max, Regex? pattern = null, bool required = true, string? parent = null)
    {
        var value = Find(field, parent);
        if (value is not { ValueKind: not JsonValueKind.Null } present)
            return required ? Fail("param.required", field, parent, value) : null;
        if (present.ValueKind != JsonValueKind.String) return Fail("param.text", field, parent, value);
        var text = present.GetString()!;
        if (text.Length < min || text.Length > max) return Fail("param.length", field, parent, value, text.Length, min, max);
        return pattern is null || pattern.IsMatch(text) ? text : Fail("param.pattern", field, parent, value);
    }

    private long Positive(string field)
    {
        if (Find("amount", null) is not { ValueKind: JsonValueKind.Object }) Fail("param.required", "amount", null, null);
        else if (Find(field, "amount") is not { } value) Fail("param.required", field, "amount", null);
        else if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var fen)) Fail("param.number", field, "amount", value);
        else if (fen < 1) Fail("param.minimum", field, "amount", value, 1);
        else return fen;
        return 0;
    }

    private JsonElement? Find(string field, string? parent)
    {
        var holder = body;
        if (parent is not null && !body.TryGetProperty(parent, out holder)) return null;
        return holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(field, out var value) ? value : null;
    }

    private string? Fail(string key, string field, string? parent, JsonElement? value, params object[] more)
    {
        var path = parent is null ? field : $"{parent}/{field}";
        Fault ??= WeChatPayError.Param(Words.Say(key, ["body", path, Words.Say($"field.{path}"), .. more]), "body", $"/body/{path}", value);
        return null;
    }

    [GeneratedRegex(@"^[0-9A-Za-z_\-|*]+\z")]
    private static partial Regex OutTradeNo();

    [GeneratedRegex(@"^[0-9A-Za-z_\-|*@]+\z")]
    private static partial Regex RefundNo();

    [GeneratedRegex(@"^[0-9a-fA-F.:]+\z")]
    private static partial Regex PayerAddress();

    // No query string: WeChat Pay drops such addresses without a word.
    [GeneratedRegex(@"^https?://[^\s?#]+\z")]
    private static partial Regex NotifyUrl();

    [GeneratedRegex(@"^20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):[0-5]\d)\z")]
    private static partial Regex Rfc3339();
}
