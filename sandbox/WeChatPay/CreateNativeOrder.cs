using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

public static class CreateNativeOrder
{
    public static async Task<IResult> Handle(HttpRequest request, OrderBook book, IOptions<WeChatPayOptions> options, CancellationToken ct)
    {
        if (await JsonBody.Read(request, ct) is not { } body) return JsonBody.Malformed.ToResult();
        var reader = new NativeOrderTermsReader(body);
        if (reader.Read() is not { } terms) return reader.Fault!.ToResult();
        if (terms.MerchantId != options.Value.MerchantId) return WeChatPayError.OtherMerchant.ToResult();
        if (terms.AppId != options.Value.AppId) return WeChatPayError.OtherApp.ToResult();
        if (book.Place(terms, out var codeUrl) is { } refused) return refused.ToResult();
        return Results.Json(new { CodeUrl = codeUrl }, WeChatPayJson.Options);
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
