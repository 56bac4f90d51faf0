using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

public static class QueryOrder
{
    public static IResult Handle(string outTradeNo, string? mchid, OrderBook book, IOptions<WeChatPayOptions> options)
    {
        if (mchid is null) return WeChatPayError.Param(Words.Say("param.required", "query", "mchid", Words.Say("field.mchid")), "query", "/query/mchid").ToResult();
        if (mchid != options.Value.MerchantId) return WeChatPayError.OtherMerchant.ToResult();
        return book.Find(outTradeNo) is { } order ? Results.Json(Transaction.Of(order), WeChatPayJson.Options) : WeChatPayError.Unknown.ToResult();
    }
}
