using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>An application at WeChat that messages go by: the official account or the mini-program.</summary>
public sealed class WeChatAppOptions
{
    /// <summary>Empty: the channel is off.</summary>
    public string AppId { get; init; } = "";
    public string Secret { get; init; } = "";

    /// <summary>Event → template id, as chosen in the application's console; for a programme's own fields <c>{programme}.{event}</c>.</summary>
    public Dictionary<string, string> Templates { get; init; } = [];
}

/// <summary>Section <c>Notification:WeChat</c>.</summary>
public sealed class WeChatOptions
{
    public const string Section = "Notification:WeChat";

    /// <summary>https://api.weixin.qq.com.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>The web front end as people reach it: where a message leads.</summary>
    public Uri? WebAddress { get; init; }

    /// <summary>The official account, by template messages (模板消息).</summary>
    public WeChatAppOptions Account { get; init; } = new();

    /// <summary>The mini-program, by subscribe messages (订阅消息).</summary>
    public WeChatAppOptions MiniProgram { get; init; } = new();
}

internal sealed class WeChatOptionsValidator(NoticeTemplates templates) : IValidateOptions<WeChatOptions>
{
    public ValidateOptionsResult Validate(string? name, WeChatOptions options)
    {
        var faults = new List<string>();
        foreach (var (section, app, channel) in (ReadOnlySpan<(string, WeChatAppOptions, DeliveryChannel)>)[(nameof(options.Account), options.Account, DeliveryChannel.WeChat), (nameof(options.MiniProgram), options.MiniProgram, DeliveryChannel.MiniProgram)])
        {
            if (app.AppId.Length == 0) continue;
            if (app.Secret.Length == 0) faults.Add(Missing($"{section}:{nameof(app.Secret)}", "the application's secret"));
            faults.AddRange(TemplateKeys.MissingIn(app.Templates, templates, channel).Select(key => Missing($"{section}:Templates:{key}", "the template's id")));
        }
        if (options.Account.AppId.Length + options.MiniProgram.AppId.Length > 0)
        {
            if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) faults.Add(Missing(nameof(options.BaseAddress), "https://api.weixin.qq.com for the real one"));
            if (options.WebAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) faults.Add(Missing(nameof(options.WebAddress), "the address of the web front end"));
        }
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static string Missing(string key, string what) => $"Set {WeChatOptions.Section}:{key}: {what}.";
}

/// <summary>What WeChat says to a message, the same for both kinds. Neither addresses nor answers are logged: they hold secrets and open ids.</summary>
internal sealed class WeChatSender(HttpClient http, AccessTokens tokens)
{
    // 43004 and 43101: does not follow, has not accepted; 40003: nobody has this open id; 40037: no such template; 47003: a field is not what its kind takes; 43019: blocked by the person
    private static readonly HashSet<int> NeverPasses = [40003, 40037, 43004, 43101, 43019, 47003];

    private static readonly HashSet<int> Voided = [40001, 40014, 42001];
    private const int SentBefore = 45065;

    /// <summary>WeChat shows \u escapes of some texts as they are written.</summary>
    private static readonly JsonSerializerOptions Unescaped = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<WeChatOptions>>().Value.BaseAddress, TimeSpan.FromSeconds(5));

    /// <summary>Once more with a new token where the one at hand was refused: then nothing was sent.</summary>
    public async Task<SendAnswer> Send(WeChatAppOptions app, string path, object message, CancellationToken ct)
    {
        string? refused = null;
        for (var n = 0; ; n++)
        {
            var (token, code) = await Token(app, refused, ct);
            if (token is null) return new(SendOutcome.Refused, code);
            var answer = await Post($"{path}?access_token={Uri.EscapeDataString(token)}", message, ct);
            if (n > 0 || !int.TryParse(answer.Code, CultureInfo.InvariantCulture, out var said) || !Voided.Contains(said)) return answer;
            refused = token;
        }
    }

    /// <summary>What WeChat answers to a question; null where it does not, or refuses.</summary>
    /// <param name="body">Null: a GET.</param>
    public async Task<JsonElement?> Ask(WeChatAppOptions app, string path, object? body, CancellationToken ct)
    {
        try
        {
            string? refused = null;
            while ((await Token(app, refused, ct)).Token is { } token)
            {
                var address = new Uri($"{path}?access_token={Uri.EscapeDataString(token)}", UriKind.Relative);
                using var response = body is null ? await http.GetAsync(address, ct) : await http.PostAsJsonAsync(address, body, ct);
                var said = await Body(response, ct);
                if (!said.TryGetProperty("errcode", out var code) || code.GetInt32() == 0) return said;
                if (refused is not null || !Voided.Contains(code.GetInt32())) return null;
                refused = token;
            }
            return null;
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            return null;
        }
    }

    private async Task<(string? Token, string Code)> Token(WeChatAppOptions app, string? refused, CancellationToken ct)
    {
        var code = "no-token";
        return (await tokens.Get(app.AppId, Fetch, refused, ct), code);

        async Task<(string, int)?> Fetch()
        {
            try
            {
                using var response = await http.PostAsJsonAsync("/cgi-bin/stable_token", new { grant_type = "client_credential", appid = app.AppId, secret = app.Secret }, ct);
                var body = await Body(response, ct);
                if (body.TryGetProperty("access_token", out var token) && token.GetString() is { Length: > 0 } text) return (text, body.GetProperty("expires_in").GetInt32());
                code = $"token-{(body.TryGetProperty("errcode", out var said) ? said.GetInt32() : 0).ToString(CultureInfo.InvariantCulture)}";
            }
            catch (Exception e) when (IsNoAnswer(e, ct)) { } // without a token nothing is sent: it is tried again
            return null;
        }
    }

    private async Task<SendAnswer> Post(string address, object message, CancellationToken ct)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(new Uri(address, UriKind.Relative), message, Unescaped, ct);
            var body = await Body(response, ct);
            if (!body.TryGetProperty("errcode", out var said) || !said.TryGetInt32(out var code)) return new(SendOutcome.Unknown, "no-code");
            if (code is 0 or SentBefore) return new(SendOutcome.Accepted, "0", body.TryGetProperty("msgid", out var id) || body.TryGetProperty("msg_id", out id) ? id.ToString() : null);
            return new(NeverPasses.Contains(code) ? SendOutcome.Impossible : SendOutcome.Refused, code.ToString(CultureInfo.InvariantCulture)); // 45009 (today's quota) and the rest pass
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return new(SendOutcome.Refused, "unreachable");
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            return new(SendOutcome.Unknown, "no-answer");
        }
    }

    /// <summary>Some of it calls itself text/plain.</summary>
    private static async Task<JsonElement> Body(HttpResponseMessage response, CancellationToken ct)
    {
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(ct)) is { ValueKind: JsonValueKind.Object } body ? body : throw new JsonException("no object");
    }

    private static bool IsNoAnswer(Exception e, CancellationToken ct) =>
        e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException || (e is OperationCanceledException && !ct.IsCancellationRequested);
}

/// <summary>Template messages of the official account. <c>client_msg_id</c> = the delivery's id: WeChat drops a repeat of it within ten minutes.</summary>
internal sealed class WeChatTemplateMessages(WeChatSender sender, IOptions<WeChatOptions> options) : IMessageChannel
{
    public DeliveryChannel Channel => DeliveryChannel.WeChat;
    public bool IsOn => options.Value.Account.AppId.Length > 0;
    public TimeSpan DropsRepeats => TimeSpan.FromMinutes(10);

    public string? TemplateId(NoticeEvent of, string? programme) => options.Value.Account.Templates.GetValueOrDefault(TemplateKeys.Of(of, programme));

    public Task<SendAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken) => sender.Send(options.Value.Account, "/cgi-bin/message/template/send", new
    {
        touser = message.Address,
        template_id = message.TemplateId,
        url = new Uri(options.Value.WebAddress!, message.ApplicationId is { } application ? $"/applications/{application}" : "/inbox").ToString(),
        client_msg_id = message.DeliveryId.ToString("N"),
        data = message.Fields.ToDictionary(field => field.Key, field => new { value = field.Value }),
    }, cancellationToken);
}

/// <summary>Subscribe messages of the mini-program. WeChat drops no repeats of them: what is in doubt is not sent again.</summary>
internal sealed class WeChatSubscribeMessages(WeChatSender sender, IOptions<WeChatOptions> options) : IMessageChannel
{
    public DeliveryChannel Channel => DeliveryChannel.MiniProgram;
    public bool IsOn => options.Value.MiniProgram.AppId.Length > 0;
    public TimeSpan DropsRepeats => TimeSpan.Zero;
    public bool UsesAccepts => true;

    public string? TemplateId(NoticeEvent of, string? programme) => options.Value.MiniProgram.Templates.GetValueOrDefault(TemplateKeys.Of(of, programme));

    public Task<SendAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken) => sender.Send(options.Value.MiniProgram, "/cgi-bin/message/subscribe/send", new
    {
        touser = message.Address,
        template_id = message.TemplateId,
        page = message.ApplicationId is { } application ? $"pages/application/application?id={application}" : "pages/notices/notices",
        lang = "zh_CN",
        data = message.Fields.ToDictionary(field => field.Key, field => new { value = field.Value }),
    }, cancellationToken);
}
