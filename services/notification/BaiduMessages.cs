using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>Section <c>Notification:Baidu</c>.</summary>
public sealed class BaiduOptions
{
    public const string Section = "Notification:Baidu";

    /// <summary>https://openapi.baidu.com.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>The smart mini-program's; empty: the channel is off.</summary>
    public string ClientId { get; init; } = "";
    public string Secret { get; init; } = "";

    /// <summary>Event → template id; for a programme's own fields <c>{programme}.{event}</c>.</summary>
    public Dictionary<string, string> Templates { get; init; } = [];
}

internal sealed class BaiduOptionsValidator(NoticeTemplates templates) : IValidateOptions<BaiduOptions>
{
    public ValidateOptionsResult Validate(string? name, BaiduOptions options)
    {
        if (options.ClientId.Length == 0) return ValidateOptionsResult.Success;
        var faults = new List<string>();
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) faults.Add(Missing(nameof(options.BaseAddress), "https://openapi.baidu.com for the real one"));
        if (options.Secret.Length == 0) faults.Add(Missing(nameof(options.Secret), "the mini-program's secret"));
        faults.AddRange(TemplateKeys.MissingIn(options.Templates, templates, DeliveryChannel.Baidu).Select(key => Missing($"Templates:{key}", "the template's id")));
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static string Missing(string key, string what) => $"Set {BaiduOptions.Section}:{key}: {what}.";
}

/// <summary>
/// Subscribe messages of the Baidu mini-program. Each accept there is under an id of ours and good for one message: the mini-program takes <c>{application}.{event}</c>, so that one accept is one message
/// about one thing. Baidu drops no repeats. Neither addresses nor answers are logged.
/// </summary>
internal sealed class BaiduMessages(HttpClient http, AccessTokens tokens, IOptions<BaiduOptions> options) : IMessageChannel
{
    private const int NotAccepted = 4007;
    private static readonly HashSet<int> VoidToken = [110, 111], NeverPasses = [2002, 4001, 4010];

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<BaiduOptions>>().Value.BaseAddress, TimeSpan.FromSeconds(5));

    public DeliveryChannel Channel => DeliveryChannel.Baidu;
    public bool IsOn => options.Value.ClientId.Length > 0;
    public TimeSpan DropsRepeats => TimeSpan.Zero;

    public string? TemplateId(NoticeEvent of, string? programme) => options.Value.Templates.GetValueOrDefault(TemplateKeys.Of(of, programme));

    public async Task<SendAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        if (message.ApplicationId is not { } application) return new(SendOutcome.Skipped, "no-application");
        var form = new Dictionary<string, string>
        {
            ["template_id"] = message.TemplateId,
            ["touser_openId"] = message.Address,
            ["subscribe_id"] = $"{application:N}.{Words.Of(message.Event)}",
            ["data"] = JsonSerializer.Serialize(message.Fields.ToDictionary(field => field.Key, field => new { value = field.Value })),
            ["page"] = $"pages/application/application?id={application}",
        };
        string? refused = null;
        for (var n = 0; ; n++)
        {
            if (await tokens.Get(options.Value.ClientId, () => Fetch(cancellationToken), refused, cancellationToken) is not { } token) return new(SendOutcome.Refused, "no-token");
            var (answer, errno) = await Post(token, form, cancellationToken);
            if (n > 0 || !VoidToken.Contains(errno)) return answer;
            refused = token;
        }
    }

    private async Task<(string, int)?> Fetch(CancellationToken ct)
    {
        try
        {
            var address = QueryHelpers.AddQueryString("/oauth/2.0/token", new Dictionary<string, string?> { ["grant_type"] = "client_credentials", ["client_id"] = options.Value.ClientId, ["client_secret"] = options.Value.Secret, ["scope"] = "smartapp_snsapi_base" });
            using var response = await http.GetAsync(new Uri(address, UriKind.Relative), ct);
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(ct));
            return body.TryGetProperty("access_token", out var token) && token.GetString() is { Length: > 0 } text ? (text, body.GetProperty("expires_in").GetInt32()) : null;
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            return null; // without a token nothing is sent: it is tried again
        }
    }

    private async Task<(SendAnswer Answer, int Errno)> Post(string token, Dictionary<string, string> form, CancellationToken ct)
    {
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var response = await http.PostAsync(new Uri($"/rest/2.0/smartapp/template/message/subscribe/send?access_token={Uri.EscapeDataString(token)}", UriKind.Relative), content, ct);
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(ct));
            if (!body.TryGetProperty("errno", out var said) || !said.TryGetInt32(out var errno)) return (new(SendOutcome.Unknown, "no-code"), 0);
            var code = errno.ToString(CultureInfo.InvariantCulture);
            return (errno switch
            {
                0 => new(SendOutcome.Accepted, code, body.TryGetProperty("data", out var data) && data.TryGetProperty("msg_key", out var key) ? key.ToString() : null),
                NotAccepted => new(SendOutcome.Skipped, code),
                _ => new(NeverPasses.Contains(errno) ? SendOutcome.Impossible : SendOutcome.Refused, code),
            }, errno);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (new(SendOutcome.Refused, "unreachable"), 0);
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            return (new(SendOutcome.Unknown, "no-answer"), 0);
        }
    }

    private static bool IsNoAnswer(Exception e, CancellationToken ct) =>
        e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException || (e is OperationCanceledException && !ct.IsCancellationRequested);
}
