using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.UnionPay;

public static class UnionPaySetup
{
    /// <summary>Shorter than <see cref="PaymentOrder.InFlight"/>, or an order would be given up while on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>An answer may hold a whole bill.</summary>
    private const int LargestAnswer = 64 * 1024 * 1024;

    /// <summary>Nothing where it is not configured.</summary>
    public static void AddUnionPay(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetSection(UnionPayOptions.Section).Exists()) return;
        var services = builder.Services;
        services.AddOptions<UnionPayOptions>().BindConfiguration(UnionPayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UnionPayOptions>, UnionPayOptionsValidator>();
        services.AddSingleton<UnionPayKeys>();
        services.AddHttpClient<UnionPayExchange>(http => (http.Timeout, http.MaxResponseContentBufferSize) = (Patience, LargestAnswer))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        services.AddTransient<IChannel, UnionPayChannel>();
    }
}
