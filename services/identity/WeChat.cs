using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Who a person is at an outside platform.</summary>
/// <param name="Id">The same whichever of our applications asks: WeChat's union id, Baidu's open id.</param>
/// <param name="FollowerId">The open id at our official account; null where another application was asked.</param>
/// <param name="MiniProgramId">The open id at our WeChat mini-program; null where another application was asked.</param>
public sealed record OutsidePerson(string Id, string? FollowerId = null, string? MiniProgramId = null);

/// <param name="Person">Null where the code gave nobody; then <paramref name="Refusal"/> says why.</param>
public sealed record OutsideAnswer(OutsidePerson? Person, Refusal? Refusal)
{
    public static OutsideAnswer Of(OutsidePerson person) => new(person, null);

    public static readonly OutsideAnswer CodeOver = new(null, new("outside-code-over", "This code was used before or is too old; begin again."));
    public static readonly OutsideAnswer Blocked = new(null, new("outside-blocked", "WeChat holds this account for a risk and lets nobody sign in with it; sign in with the password."));
    public static readonly OutsideAnswer Unreachable = new(null, new("outside-unreachable", "The other platform gives no answer now; try again later, or sign in with the password."));
}

/// <param name="UnionId">Told of followers only.</param>
public sealed record FollowState(bool Follows, string? UnionId);

/// <summary>Our applications at WeChat, all of one open-platform account, so that a person has one union id over all of them.</summary>
public enum WeChatApp { Website, Account, MiniProgram }

/// <summary>WeChat.</summary>
public interface IWeChat
{
    /// <summary>Who let us have this code: of the website (scanned), of the official account (within WeChat), of the mini-program. A code is good once.</summary>
    Task<OutsideAnswer> WhoAsync(WeChatApp app, string code, CancellationToken cancellationToken);

    /// <summary>The address that a code of the official account holds, for a QR code; null where WeChat cannot be reached.</summary>
    Task<string?> CreateSceneAsync(string scene, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Whether a person follows the official account; null where WeChat cannot be reached.</summary>
    Task<FollowState?> FollowStateAsync(string followerId, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:WeChat</c>.</summary>
public sealed class WeChatSettings
{
    public const string Section = "Identity:WeChat";
    private const string How = "Set Identity__WeChat__{0} (docs/operations.md).";

    /// <summary>https://api.weixin.qq.com.</summary>
    [Required(ErrorMessage = "Set Identity__WeChat__ApiAddress, https://api.weixin.qq.com for the real one.")]
    public Uri? ApiAddress { get; set; }

    /// <summary>https://open.weixin.qq.com: where a person's browser goes.</summary>
    [Required(ErrorMessage = "Set Identity__WeChat__OpenAddress, https://open.weixin.qq.com for the real one.")]
    public Uri? OpenAddress { get; set; }

    /// <summary>The web front end as people reach it; its domain is registered with WeChat.</summary>
    [Required(ErrorMessage = "Set Identity__WeChat__WebAddress to the address of the web front end.")]
    public Uri? WebAddress { get; set; }

    /// <summary>The official account's name, as a person searches for it (公众号).</summary>
    [Required(ErrorMessage = How)]
    public string AccountName { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string AccountAppId { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string AccountSecret { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string WebsiteAppId { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string WebsiteSecret { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string MiniProgramAppId { get; set; } = "";

    [Required(ErrorMessage = How)]
    public string MiniProgramSecret { get; set; } = "";

    /// <summary>Signs what WeChat sends to us.</summary>
    [Required(ErrorMessage = How)]
    public string Token { get; set; } = "";

    /// <summary>Encrypts it (安全模式).</summary>
    [RegularExpression(@"^[A-Za-z0-9+/]{43}\z", ErrorMessage = "Set Identity__WeChat__EncodingAesKey to the 43 characters that the official account shows.")]
    [Required(ErrorMessage = How)]
    public string EncodingAesKey { get; set; } = "";

    public (string Id, string Secret) App(WeChatApp app) => app switch
    {
        WeChatApp.Website => (WebsiteAppId, WebsiteSecret),
        WeChatApp.Account => (AccountAppId, AccountSecret),
        _ => (MiniProgramAppId, MiniProgramSecret),
    };

    /// <summary>Where a browser goes to ask a person: by scanning, or within WeChat's own browser.</summary>
    /// <param name="path">Of the web front end, to which it comes back.</param>
    public string Ask(bool withinWeChat, string path, string state) => QueryHelpers.AddQueryString(new Uri(OpenAddress!, withinWeChat ? "/connect/oauth2/authorize" : "/connect/qrconnect").ToString(), new Dictionary<string, string?>
    {
        ["appid"] = withinWeChat ? AccountAppId : WebsiteAppId,
        ["redirect_uri"] = new Uri(WebAddress!, path).ToString(),
        ["response_type"] = "code",
        ["scope"] = withinWeChat ? "snsapi_userinfo" : "snsapi_login", // without asking the person there is no union id
        ["state"] = state,
    }) + "#wechat_redirect";
}

[OptionsValidator]
internal sealed partial class WeChatSettingsValidator : IValidateOptions<WeChatSettings>;

/// <summary>The access token of the official account. <c>stable_token</c> gives all replicas the same one, so that none makes another's void.</summary>
internal sealed class WeChatToken(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(3);
    private readonly SemaphoreSlim one = new(1);
    private (string Token, DateTimeOffset GoodUntil) kept;

    /// <param name="refused">A token that WeChat has refused, though its time was not over.</param>
    public async Task<string?> Get(Func<Task<(string Token, int Seconds)?>> fetch, string? refused, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (kept.Token is null || kept.Token == refused || kept.GoodUntil <= clock.GetUtcNow()) kept = await fetch() is var (token, seconds) ? (token, clock.GetUtcNow().AddSeconds(seconds) - Ahead) : default;
            return kept.Token;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}

internal sealed class WeChatClient(HttpClient http, WeChatToken token, IOptions<WeChatSettings> settings, ILogger<WeChatClient> log) : IWeChat
{
    private readonly WeChatSettings settings = settings.Value;

    /// <summary>WeChat waits five seconds for our answer to an event, and may be asked for who it is in between.</summary>
    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<WeChatSettings>>().Value.ApiAddress, TimeSpan.FromSeconds(2));

    public async Task<OutsideAnswer> WhoAsync(WeChatApp app, string code, CancellationToken cancellationToken)
    {
        var (id, secret) = settings.App(app);
        var (path, name) = app is WeChatApp.MiniProgram ? ("/sns/jscode2session", "js_code") : ("/sns/oauth2/access_token", "code");
        var address = QueryHelpers.AddQueryString(path, new Dictionary<string, string?> { ["appid"] = id, ["secret"] = secret, [name] = code, ["grant_type"] = "authorization_code" });
        return await Ask(() => http.GetAsync(new Uri(address, UriKind.Relative), cancellationToken), path, cancellationToken) switch
        {
            null => OutsideAnswer.Unreachable,
            { Code: 40029 or 40163 or 42003 or 41008 } => OutsideAnswer.CodeOver,
            { Code: 40226 } => OutsideAnswer.Blocked,
            { Code: 0, Body: var body } when Text(body, "unionid") is { } union && Text(body, "openid") is { } openId => OutsideAnswer.Of(new(union, app is WeChatApp.Account ? openId : null, app is WeChatApp.MiniProgram ? openId : null)),
            { Code: 0 } => WithoutUnion(app),
            _ => OutsideAnswer.Unreachable,
        };
    }

    public async Task<string?> CreateSceneAsync(string scene, TimeSpan life, CancellationToken cancellationToken)
    {
        var asked = new { expire_seconds = (int)life.TotalSeconds, action_name = "QR_STR_SCENE", action_info = new { scene = new { scene_str = scene } } };
        return await AsAccount("/cgi-bin/qrcode/create", [], address => http.PostAsJsonAsync(address, asked, cancellationToken), cancellationToken) is { Code: 0, Body: var body } ? Text(body, "url") : null;
    }

    public async Task<FollowState?> FollowStateAsync(string followerId, CancellationToken cancellationToken) =>
        await AsAccount("/cgi-bin/user/info", new() { ["openid"] = followerId, ["lang"] = "zh_CN" }, address => http.GetAsync(address, cancellationToken), cancellationToken) is { Code: 0, Body: var body }
        && body.TryGetProperty("subscribe", out var subscribe) && subscribe.TryGetInt32(out var follows) ? new(follows == 1, Text(body, "unionid")) : null;

    /// <summary>With the account's access token; once more with a new one where that was refused (40001, 40014, 42001).</summary>
    private async Task<Answered?> AsAccount(string path, Dictionary<string, string?> query, Func<Uri, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        string? refused = null;
        Answered? answered = null;
        for (var n = 0; n < 2; n++)
        {
            if (await token.Get(() => Fetch(cancellationToken), refused, cancellationToken) is not { } access) return null;
            query["access_token"] = access;
            answered = await Ask(() => send(new(QueryHelpers.AddQueryString(path, query), UriKind.Relative)), path, cancellationToken);
            if (answered is not { Code: 40001 or 40014 or 42001 }) break;
            refused = access;
        }
        return answered;
    }

    private async Task<(string, int)?> Fetch(CancellationToken cancellationToken)
    {
        const string path = "/cgi-bin/stable_token";
        var asked = new { grant_type = "client_credential", appid = settings.AccountAppId, secret = settings.AccountSecret };
        return await Ask(() => http.PostAsJsonAsync(path, asked, cancellationToken), path, cancellationToken) is { Code: 0, Body: var body } && Text(body, "access_token") is { } access
            ? (access, body.TryGetProperty("expires_in", out var ends) && ends.TryGetInt32(out var seconds) ? seconds : 0) : null;
    }

    private sealed record Answered(int Code, JsonElement Body);

    /// <summary>Null where there was no answer to be understood. Neither addresses nor answers are logged: they hold secrets and open ids.</summary>
    private async Task<Answered?> Ask(Func<Task<HttpResponseMessage>> send, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await send();
            response.EnsureSuccessStatusCode();
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken)); // some of it calls itself text/plain
            var code = body.TryGetProperty("errcode", out var errcode) ? errcode.GetInt32() : 0;
            if (code is not 0) log.LogInformation("WeChat refused {Path}: {Code}", path, code.ToString(CultureInfo.InvariantCulture));
            return new(code, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or FormatException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning("WeChat gave no answer to {Path}: {Kind} {Status}", path, e.GetType().Name, (e as HttpRequestException)?.StatusCode);
            return null;
        }
    }

    private OutsideAnswer WithoutUnion(WeChatApp app)
    {
        log.LogError("WeChat told no union id for the {App}: all applications must belong to one open-platform account (docs/operations.md)", app);
        return OutsideAnswer.Unreachable;
    }

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
