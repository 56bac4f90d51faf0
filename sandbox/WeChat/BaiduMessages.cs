using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>Subscribe messages of the Baidu mini-program: one accept, under an id of the mini-program's, is good for one message.</summary>
public static class BaiduMessages
{
    private const string Token = "24.baidu";
    private static readonly ConcurrentDictionary<(string Person, string SubscribeId), bool> Accepts = new();

    public sealed record Accepting(string Person, string SubscribeId);

    /// <summary>GET /oauth/2.0/token.</summary>
    public static IResult GiveToken(HttpRequest request, IOptions<WeChatOptions> options) =>
        request.Query["grant_type"] == "client_credentials" && request.Query["client_id"] == options.Value.BaiduClientId && request.Query["client_secret"] == options.Value.BaiduSecret
            ? Results.Json(new { access_token = Token, expires_in = 2_592_000 }) : Results.Json(new { error = "invalid_client", error_description = "unknown client id" }, statusCode: 401);

    public static async Task<IResult> Send(HttpRequest request, WeChatWorld world, SentNews news, IOptions<WeChatOptions> options, TimeProvider clock)
    {
        if (request.Query["access_token"] != Token) return Said(110, "Access token invalid or no longer valid");
        if (!request.HasFormContentType) return Said(2002, "params error");
        var form = await request.ReadFormAsync();
        if (form["template_id"].ToString() is not { Length: > 0 } template) return Said(4001, "template_id");
        if (world.PersonOf(form["touser_openId"].ToString(), options.Value.BaiduClientId) is not { } person) return Said(4010, "touser_openId");
        if (!Accepts.TryRemove((person, form["subscribe_id"].ToString()), out _)) return Said(4007, "not subscribed");
        var data = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(form["data"].ToString())!.ToDictionary(field => field.Key, field => field.Value["value"]);
        return Results.Json(new { errno = 0, msg = "success", data = new { msg_key = news.Add(new("baidu", person, template, data, form["page"].ToString(), null, 0, clock.GetUtcNow())) } });
    }

    public static IResult Accept(Accepting accepting)
    {
        Accepts[(accepting.Person, accepting.SubscribeId)] = true;
        return Results.NoContent();
    }

    private static IResult Said(int errno, string message) => Results.Json(new { errno, msg = message });
}
