using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

public static class WeChatPaySetup
{
    /// <summary>The bank gets this long; the caller then looks later. Shorter than <see cref="PaymentOrder.InFlight"/>, or an order would be given up while on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static void AddWeChatPay(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<WeChatPayOptions>().BindConfiguration(WeChatPayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatPayOptions>, WeChatPayOptionsValidator>();
        services.AddSingleton<WeChatPayKeys>();
        services.AddHttpClient<WeChatPayExchange>(http => (http.Timeout, http.MaxResponseContentBufferSize) = (Patience, 256 * 1024))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        services.AddHostedService<WeChatPayCertificates>();
        services.AddTransient<IChannel, WeChatPayChannel>();
    }
}
