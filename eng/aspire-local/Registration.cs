using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.AspireLocal;

internal static class Registration
{
    public static void AddAspireLocal(this IServiceCollection services, DistributedApplicationOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks();
        services.AddHttpClient();
        services.AddSingleton<DcpHost>();
        services.AddSingleton<ResourceLogs>();
        services.AddSingleton<LaunchPlanner>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<DashboardAddresses>();
        services.AddSingleton<DashboardHost>();
        services.AddSingleton<ResourceService>();
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton<Orchestrator>();
        services.AddSingleton(sp => new ResourceCommandService(sp.GetRequiredService<Orchestrator>()));
        services.AddHostedService(sp => sp.GetRequiredService<Orchestrator>());
        if (options.EnableResourceLogging) services.AddHostedService<ResourceLogForwarder>();

        // Health checks fail by design while things start, and the dashboard shows them: not the host's console's business.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
    }
}
