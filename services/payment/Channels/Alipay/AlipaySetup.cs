using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.Alipay;

public static class AlipaySetup
{
    /// <summary>Shorter than <see cref="PaymentOrder.InFlight"/>, or an order would be given up while on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Nothing where it is not configured.</summary>
    public static void AddAlipay(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetSection(AlipayOptions.Section).Exists()) return;
        var services = builder.Services;
        services.AddOptions<AlipayOptions>().BindConfiguration(AlipayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlipayOptions>, AlipayOptionsValidator>();
        services.AddSingleton<AlipayKeys>();
        services.AddHttpClient<AlipayExchange>(http => (http.Timeout, http.MaxResponseContentBufferSize) = (Patience, 256 * 1024))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        services.AddTransient<IChannel, AlipayChannel>();
    }
}
