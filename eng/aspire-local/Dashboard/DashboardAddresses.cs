using System.Security.Cryptography;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace ExamPlatform.AspireLocal;

/// <summary>Where the dashboard listens and with which keys. Told by stock Aspire's configuration keys, or made up for this session.</summary>
internal sealed class DashboardAddresses
{
    public DashboardAddresses(IConfiguration configuration, LocalMachine machine, DistributedApplicationOptions options)
    {
        IsEnabled = !options.DisableDashboard && machine.DashboardPath.Length > 0;
        if (!IsEnabled) return;

        FrontendUrl = Told("ASPNETCORE_URLS") ?? $"http://localhost:{machine.FreePort()}";
        configuration["ASPNETCORE_URLS"] = FrontendUrl;
        OtlpUrl = Told("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL") ?? $"http://localhost:{machine.FreePort()}";
        ResourceServicePort = machine.FreePort();
        BrowserToken = Secret("AppHost:BrowserToken");
        OtlpKey = Secret("AppHost:OtlpApiKey");
        ApiKey = Secret("AppHost:DashboardApiKey");
        ResourceServiceKey = Secret("AppHost:ResourceService:ApiKey");

        string? Told(string key) => machine.RandomizePorts ? null : configuration[key]?.Split(';')[0] is { Length: > 0 } url ? url : null;

        // Written back, as stock Aspire does, for whoever wants to tell the operator.
        string Secret(string key) => configuration[key] ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    public bool IsEnabled { get; }

    public string FrontendUrl { get; } = "";

    public string? OtlpUrl { get; }

    public int ResourceServicePort { get; }

    public string BrowserToken { get; } = "";

    public string OtlpKey { get; } = "";

    public string ApiKey { get; } = "";

    public string ResourceServiceKey { get; } = "";

    public string LoginUrl => $"{FrontendUrl}/login?t={BrowserToken}";
}
