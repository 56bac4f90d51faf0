using System.Text.Json;
using ExamPlatform.Sandbox.WeChat;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

public static class CreateOrder
{
    public static Task<IResult> Native(HttpRequest request, OrderBook book, IOptions<WeChatPayOptions> options, WeChatWorld world, CancellationToken ct) => Handle(TradeType.Native, request, book, options, world, ct);

    public static Task<IResult> Jsapi(HttpRequest request, OrderBook book, IOptions<WeChatPayOptions> options, WeChatWorld world, CancellationToken ct) => Handle(TradeType.Jsapi, request, book, options, world, ct);

    public static Task<IResult> H5(HttpRequest request, OrderBook book, IOptions<WeChatPayOptions> options, WeChatWorld world, CancellationToken ct) => Handle(TradeType.Mweb, request, book, options, world, ct);

    private static async Task<IResult> Handle(TradeType type, HttpRequest request, OrderBook book, IOptions<WeChatPayOptions> options, WeChatWorld world, CancellationToken ct)
    {
        if (await JsonBody.Read(request, ct) is not { } body) return JsonBody.Malformed.ToResult();
        var reader = new OrderTermsReader(body, type);
        if (reader.Read() is not { } terms) return reader.Fault!.ToResult();
        if (terms.MerchantId != options.Value.MerchantId) return WeChatPayError.OtherMerchant.ToResult();
        if (terms.AppId != options.Value.AppId && !world.IsOurs(terms.AppId)) return WeChatPayError.OtherApp.ToResult();
        if (terms.OpenId is { } openId && !world.Knows(terms.AppId, openId)) return WeChatPayError.OtherPerson.ToResult();
        if (book.Place(terms, $"{request.Scheme}://{request.Host}", out var handle) is { } refused) return refused.ToResult();
        return Results.Json(type switch
        {
            TradeType.Native => new { CodeUrl = handle },
            TradeType.Jsapi => (object)new { PrepayId = handle },
            _ => new { H5Url = handle },
        }, WeChatPayJson.Options);
    }
}

internal static class JsonBody
{
    public static readonly WeChatPayError Malformed = WeChatPayError.Param(Words.Say("body.malformed"), "body");

    /// <summary>Null unless the body is one JSON object.</summary>
    public static async Task<JsonElement?> Read(HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: ct);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
