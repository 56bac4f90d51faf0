using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>Fetches WeChat Pay's platform certificates at the start and twice a day, where a root to measure them by is configured: a new one is known long before the old one ends.</summary>
internal sealed class WeChatPayCertificates(IServiceScopeFactory scopes, IOptions<WeChatPayOptions> options, ILogger<WeChatPayCertificates> log) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(12), Soon = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.PlatformRootPath is null) return;
        while (!stoppingToken.IsCancellationRequested)
            await Task.WhenAny(Task.Delay(await Fetch(stoppingToken) ? Again : Soon, stoppingToken));
    }

    private async Task<bool> Fetch(CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<WeChatPayExchange>().FetchCertificates(stoppingToken) is not { } fault) return true;
            log.LogError("WeChat Pay's certificates are not believed: {Fault}. Those that are known go on; tried again in a minute", fault);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            log.LogWarning("WeChat Pay's certificates cannot be fetched now ({Kind}); tried again in a minute", e.GetType().Name);
        }
        return false;
    }
}
