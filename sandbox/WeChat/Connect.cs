using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>Signing in to a website and to a mini-program: a person agrees, a code goes back, a server changes it for who that is.</summary>
public static class Connect
{
    private static readonly TimeSpan WebsiteCode = TimeSpan.FromMinutes(10), OtherCode = TimeSpan.FromMinutes(5);

    /// <summary>What an address asks for: of a website by scanning (qrconnect), or of a page within WeChat (oauth2/authorize).</summary>
    public sealed record Asked(string AppId, string Redirect, string State, bool WithUnion, TimeSpan Life)
    {
        public static Asked? Of(Uri address, WeChatOptions options)
        {
            var (query, scan) = (QueryHelpers.ParseQuery(address.Query), address.AbsolutePath == "/connect/qrconnect");
            var (appId, redirect, scope) = (query["appid"].ToString(), query["redirect_uri"].ToString(), query["scope"].ToString());
            if (!scan && address.AbsolutePath != "/connect/oauth2/authorize") return null;
            if (appId != (scan ? options.WebsiteAppId : options.AccountAppId) || query["response_type"] != "code" || !redirect.StartsWith(options.RedirectAddress.TrimEnd('/') + "/", StringComparison.Ordinal)) return null;
            if (scan ? scope != "snsapi_login" : scope is not ("snsapi_base" or "snsapi_userinfo")) return null;
            return new(appId, redirect, query["state"].ToString(), scope != "snsapi_base", scan ? WebsiteCode : OtherCode);
        }

        /// <summary>Where the person's browser goes; without a code where they refuse.</summary>
        public string Answer(string person, bool refuse, WeChatWorld world) => refuse ? QueryHelpers.AddQueryString(Redirect, "state", State)
            : QueryHelpers.AddQueryString(Redirect, new Dictionary<string, string?> { ["code"] = world.NewGrant(AppId, person, WithUnion, Life), ["state"] = State });
    }

    /// <summary>What the person sees, scanned or within WeChat: a person at this page plays with a name of their choice.</summary>
    public static IResult Ask(HttpRequest request, IOptions<WeChatOptions> options)
    {
        var address = new Uri($"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}");
        return Asked.Of(address, options.Value) is null ? Page("<p>redirect_uri 参数错误</p>", 400) : Page($"""
            <form method="post" action="/connect/confirm"><input type="hidden" name="address" value="{WebUtility.HtmlEncode(address.ToString())}">
            <label for="person">以谁的微信</label> <input id="person" name="person" value="沙箱微信用户" required>
            <button name="refuse" value="false">同意</button> <button name="refuse" value="true">拒绝</button></form>
            """);
    }

    public static async Task<IResult> Confirm(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        var form = await request.ReadFormAsync();
        return Uri.TryCreate(form["address"], UriKind.Absolute, out var address) && Asked.Of(address, options.Value) is { } asked ? Results.Redirect(asked.Answer(form["person"].ToString(), form["refuse"] == "true", world)) : Results.BadRequest();
    }

    /// <summary>The page behind a code of the official account: a person at it plays scanning.</summary>
    public static IResult AskScan(string key, WeChatWorld world) => world.FindScene(key) is null ? Page("<p>二维码已过期</p>", 404) : Page($"""
        <form method="post" action="/q/{WebUtility.HtmlEncode(key)}"><label for="person">以谁的微信扫描并关注</label> <input id="person" name="person" value="沙箱微信用户" required> <button>扫描</button></form>
        """);

    public static async Task<IResult> Scan(string key, HttpRequest request, WeChatWorld world, Events events)
    {
        var person = (await request.ReadFormAsync())["person"].ToString();
        if (world.FindScene(key) is not { } scene) return Results.NotFound();
        var sent = await events.Scan(person, scene);
        return Page($"<p>微信回复：{WebUtility.HtmlEncode(sent.Reply ?? "（无）")}</p>");
    }

    /// <summary>/sns/oauth2/access_token; the union id comes with snsapi_login and snsapi_userinfo only.</summary>
    public static IResult AccessToken(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        var appId = request.Query["appid"].ToString();
        if (options.Value.SecretOf(appId) is not { } secret || appId == options.Value.MiniProgramAppId) return CgiBin.Fault(40013, "invalid appid");
        if (request.Query["secret"] != secret) return CgiBin.Fault(40125, "invalid appsecret");
        if (request.Query["grant_type"] != "authorization_code") return CgiBin.Fault(40002, "invalid grant_type");
        var (grant, fault) = world.Use(request.Query["code"].ToString(), appId);
        if (grant is null) return CgiBin.Fault(fault, fault == 40163 ? "code been used" : "invalid code");
        var (openId, scope) = (world.OpenIdOf(appId, grant.Person), appId == options.Value.WebsiteAppId ? "snsapi_login" : grant.WithUnion ? "snsapi_userinfo" : "snsapi_base");
        return Plain(grant.WithUnion ? new { access_token = Guid.NewGuid().ToString("N"), expires_in = 7200, refresh_token = Guid.NewGuid().ToString("N"), openid = openId, scope, unionid = WeChatWorld.UnionIdOf(grant.Person) }
            : new { access_token = Guid.NewGuid().ToString("N"), expires_in = 7200, refresh_token = Guid.NewGuid().ToString("N"), openid = openId, scope });
    }

    /// <summary>/sns/jscode2session.</summary>
    public static IResult CodeToSession(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (request.Query["appid"] != options.Value.MiniProgramAppId) return CgiBin.Fault(40013, "invalid appid");
        if (request.Query["secret"] != options.Value.MiniProgramSecret) return CgiBin.Fault(40125, "invalid appsecret");
        if (request.Query["grant_type"] != "authorization_code") return CgiBin.Fault(40002, "invalid grant_type");
        var (grant, fault) = world.Use(request.Query["js_code"].ToString(), options.Value.MiniProgramAppId);
        if (grant is null) return CgiBin.Fault(fault, fault == 40163 ? "code been used" : "invalid code");
        return Plain(new { openid = world.OpenIdOf(grant.AppId, grant.Person), session_key = Convert.ToBase64String(Guid.NewGuid().ToByteArray()), unionid = WeChatWorld.UnionIdOf(grant.Person) });
    }

    /// <summary>POST /oauth/jscode2sessionkey of Baidu's mini-programs, as a form.</summary>
    public static async Task<IResult> BaiduSessionKey(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (!request.HasFormContentType) return Results.Json(new { error = "invalid_request", error_description = "parameter missing" });
        var form = await request.ReadFormAsync();
        if (form["client_id"] != options.Value.BaiduClientId || form["sk"] != options.Value.BaiduSecret) return Results.Json(new { error = "invalid_client", error_description = "unknown client id" });
        var (grant, fault) = world.Use(form["code"].ToString(), options.Value.BaiduClientId);
        if (grant is null) return Results.Json(new { error = fault == 40163 ? "invalid_grant" : "expired_token", error_description = "Invalid authorization code" });
        return Results.Json(new { openid = world.OpenIdOf(grant.AppId, grant.Person), session_key = Guid.NewGuid().ToString("N") });
    }

    public static Task MisbehaveAsBaidu(HttpContext context, RequestDelegate next) =>
        Misbehaviour.Play(context.RequestServices.GetRequiredService<Behaviours>().Take(Channel.Baidu, context.Request.Path), context, next,
            asked => Results.Json(new { error = asked.Code ?? "temporarily_unavailable", error_description = asked.Message ?? "" }, statusCode: asked.Status ?? 200).ExecuteAsync(context));

    /// <summary>JSON that calls itself text, as this host does.</summary>
    private static IResult Plain(object answer) => Results.Text(System.Text.Json.JsonSerializer.Serialize(answer), "text/plain", Encoding.UTF8);

    private static IResult Page(string body, int status = 200) => Results.Content($"<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>沙箱微信</title><main><h1>沙箱微信</h1>{body}</main></html>", "text/html", Encoding.UTF8, status);
}
