using System.Text.Json;
using Microsoft.Extensions.Options;
using QRCoder;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>What a server of the official account asks (cgi-bin). Refusals are 200 with an errcode, as the real ones.</summary>
public static class CgiBin
{
    private const int LongestScene = 64, DefaultSeconds = 60, MostSeconds = 2_592_000;

    public static IResult Fault(int code, string message) => Results.Json(new { errcode = code, errmsg = $"{message} rid: {Guid.NewGuid():D}" });

    /// <summary>Misbehaves as told, towards requests whose address contains the text.</summary>
    public static Task Misbehave(HttpContext context, RequestDelegate next) =>
        Misbehave(context, next, context.Request.Path + context.Request.QueryString);

    /// <summary>Likewise, towards messages whose body contains the text: they name the receiver there.</summary>
    public static async Task MisbehaveWithMessages(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        context.Request.Body.Position = 0;
        await Misbehave(context, next, $"{context.Request.Path}{context.Request.QueryString}\n{body}");
    }

    private static Task Misbehave(HttpContext context, RequestDelegate next, string request) =>
        Misbehaviour.Play(context.RequestServices.GetRequiredService<Behaviours>().Take(Channel.WeChat, request), context, next, asked => asked.Status is { } status
            ? Results.StatusCode(status).ExecuteAsync(context)
            : Fault(int.Parse(asked.Code ?? "-1", System.Globalization.CultureInfo.InvariantCulture), asked.Message ?? "system error").ExecuteAsync(context));

    public static IResult Token(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options) =>
        Refused(request.Query["grant_type"], request.Query["appid"], request.Query["secret"], options.Value) ?? Results.Json(new { access_token = world.NewToken(request.Query["appid"].ToString()), expires_in = 7200 });

    public static async Task<IResult> StableToken(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (await Body(request) is not { } body) return Fault(47001, "data format error");
        if (Refused(Text(body, "grant_type"), Text(body, "appid"), Text(body, "secret"), options.Value) is { } refused) return refused;
        var (token, seconds) = world.StableToken(Text(body, "appid")!, body.TryGetProperty("force_refresh", out var force) && force.ValueKind is JsonValueKind.True);
        return Results.Json(new { access_token = token, expires_in = seconds });
    }

    public static async Task<IResult> CreateQrCode(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (Voided(request, world, options.Value.AccountAppId) is { } refused) return refused;
        if (await Body(request) is not { } body) return Fault(47001, "data format error");
        var scene = body.TryGetProperty("action_info", out var info) && info.TryGetProperty("scene", out var inner) ? Text(inner, "scene_str") : null;
        if (Text(body, "action_name") != "QR_STR_SCENE") return Fault(40152, "invalid action_name");
        if (scene is not { Length: > 0 and <= LongestScene }) return Fault(40153, "invalid scene_str");
        var seconds = body.TryGetProperty("expire_seconds", out var asked) && asked.TryGetInt32(out var told) ? told : DefaultSeconds;
        if (seconds is < 1 or > MostSeconds) return Fault(40154, "invalid expire_seconds");
        var made = world.NewScene(scene, seconds);
        return Results.Json(new { ticket = made.Ticket, expire_seconds = seconds, url = $"{request.Scheme}://{request.Host}/q/{WeChatWorld.Key(made.Ticket)}" });
    }

    /// <summary>The picture of a code; the real one is a JPEG.</summary>
    public static IResult ShowQrCode(string ticket, HttpRequest request, WeChatWorld world)
    {
        if (world.FindScene(ticket) is null) return Results.NotFound();
        using var drawn = QRCodeGenerator.GenerateQrCode($"{request.Scheme}://{request.Host}/q/{WeChatWorld.Key(ticket)}", QRCodeGenerator.ECCLevel.M);
        return Results.File(new PngByteQRCode(drawn).GetGraphic(8), "image/png");
    }

    /// <summary>Whoever does not follow is not told of.</summary>
    public static IResult UserInfo(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (Voided(request, world, options.Value.AccountAppId) is { } refused) return refused;
        var openId = request.Query["openid"].ToString();
        if (world.PersonOf(openId) is not { } person) return Fault(40003, "invalid openid");
        return world.Follows(person) ? Results.Json(new { subscribe = 1, openid = openId, language = "zh_CN", subscribe_time = 1700000000, unionid = WeChatWorld.UnionIdOf(person), remark = "", groupid = 0, tagid_list = Array.Empty<int>(), subscribe_scene = "ADD_SCENE_QR_CODE" })
            : Results.Json(new { subscribe = 0, openid = openId });
    }

    private static IResult? Refused(string? grant, string? appId, string? secret, WeChatOptions options) =>
        grant != "client_credential" ? Fault(40002, "invalid grant_type") : appId != options.AccountAppId && appId != options.MiniProgramAppId ? Fault(40013, "invalid appid") : secret != options.SecretOf(appId) ? Fault(40125, "invalid appsecret") : null;

    public static IResult? Voided(HttpRequest request, WeChatWorld world, string appId) => world.Fault(request.Query["access_token"], appId) switch
    {
        40001 => Fault(40001, "invalid credential, access_token is invalid or not latest"),
        42001 => Fault(42001, "access_token expired"),
        _ => null,
    };

    public static async Task<JsonElement?> Body(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(request.Body) is { ValueKind: JsonValueKind.Object } body ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(JsonElement from, string name) => from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
