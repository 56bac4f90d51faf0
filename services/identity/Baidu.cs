using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Baidu, for its mini-program.</summary>
public interface IBaidu
{
    /// <summary>Who let us have this code; it is good once.</summary>
    Task<OutsideAnswer> WhoAsync(string code, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:Baidu</c>.</summary>
public sealed class BaiduSettings
{
    public const string Section = "Identity:Baidu";

    /// <summary>https://spapi.baidu.com.</summary>
    [Required(ErrorMessage = "Set Identity__Baidu__Address, https://spapi.baidu.com for the real one.")]
    public Uri? Address { get; set; }

    /// <summary>The mini-program's App Key.</summary>
    [Required(ErrorMessage = "Set Identity__Baidu__ClientId to the mini-program's App Key.")]
    public string ClientId { get; set; } = "";

    [Required(ErrorMessage = "Set Identity__Baidu__Secret to the mini-program's App Secret.")]
    public string Secret { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class BaiduSettingsValidator : IValidateOptions<BaiduSettings>;

internal sealed class BaiduClient(HttpClient http, IOptions<BaiduSettings> settings, ILogger<BaiduClient> log) : IBaidu
{
    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<BaiduSettings>>().Value.Address, TimeSpan.FromSeconds(4));

    public async Task<OutsideAnswer> WhoAsync(string code, CancellationToken cancellationToken)
    {
        try
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["code"] = code, ["client_id"] = settings.Value.ClientId, ["sk"] = settings.Value.Secret });
            using var response = await http.PostAsync(new Uri("/oauth/jscode2sessionkey", UriKind.Relative), form, cancellationToken);
            response.EnsureSuccessStatusCode();
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (body.TryGetProperty("openid", out var openId) && openId.GetString() is { Length: > 0 } id) return OutsideAnswer.Of(new(id));
            var error = body.TryGetProperty("error", out var told) ? told.ToString() : "";
            if (error is "invalid_grant" or "expired_token") return OutsideAnswer.CodeOver;
            log.LogWarning("Baidu refused a code: {Error}", error);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning("Baidu gave no answer: {Kind} {Status}", e.GetType().Name, (e as HttpRequestException)?.StatusCode);
        }
        return OutsideAnswer.Unreachable;
    }
}

public static class OutsideAccounts
{
    public static IServiceCollection AddOutsideAccounts(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<WeChatSettings>, WeChatSettingsValidator>().AddSingleton<IValidateOptions<BaiduSettings>, BaiduSettingsValidator>();
        services.AddOptions<WeChatSettings>().BindConfiguration(WeChatSettings.Section).ValidateOnStart();
        services.AddOptions<BaiduSettings>().BindConfiguration(BaiduSettings.Section).ValidateOnStart();
        services.AddHttpClient<IWeChat, WeChatClient>(WeChatClient.Configure);
        services.AddHttpClient<IBaidu, BaiduClient>(BaiduClient.Configure);
        return services.AddSingleton<WeChatToken>().AddSingleton<WeChatMessages>().AddScoped<Bindings>();
    }
}
