using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

public static class CloseOrder
{
    public static async Task<IResult> Handle(
        string outTradeNo,
        HttpRequest request,
        OrderBook book,
        IOptions<WeChatPayOptions> options,
        CancellationToken ct)
    {
        if (await JsonBody.Read(request, ct) is not { } body) return JsonBody.Malformed.ToResult();
        if (!body.TryGetProperty("mchid", out var mchid) || mchid.ValueKind != JsonValueKind.String)
            return WeChatPayError.Param(Words.Say("param.required", "body", "mchid", Words.Say("field.mchid")), "body", "/body/mchid").ToResult();
        if (mchid.GetString() != options.Value.MerchantId) return WeChatPayError.OtherMerchant.ToResult();
        return book.Close(outTradeNo) is { } refused ? refused.ToResult() : Results.NoContent();
    }
}
