using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.AspireLocal;

/// <summary>Runs the real Aspire dashboard as a process of this session and serves it the resource service.</summary>
internal sealed class DashboardHost(
    DashboardAddresses addresses, LocalMachine machine, DcpHost dcp, IServiceProvider services, IHostEnvironment environment,
    ILogger<DistributedApplication> log)
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken ct)
    {
        if (!addresses.IsEnabled) return;
        _server = BuildServer();
        await _server.StartAsync(ct);
        var plan = new LaunchPlan(machine.DashboardPath, ["dashboard"], machine.SessionFolder, Settings());
        await dcp.Client.CreateAsync("executables", plan.ToExecutable("aspire-dashboard", new NoResource()), ct);
        log.LogInformation("Now listening on: {Url}", addresses.FrontendUrl);
        log.LogInformation("Login to the dashboard at {Url}", addresses.LoginUrl);
    }

    public async Task StopAsync()
    {
        if (_server is null) return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    private WebApplication BuildServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = environment.ApplicationName });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // The dashboard keeps a silent stream open for hours.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, addresses.ResourceServicePort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_ => services.GetRequiredService<ResourceService>());
        var server = builder.Build();
        server.UseRouting();
        server.MapGrpcService<ResourceService>();
        return server;
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["ASPNETCORE_URLS"] = addresses.FrontendUrl,
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = addresses.OtlpUrl!,
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{addresses.ResourceServicePort}",
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = addresses.ResourceServiceKey,
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = addresses.BrowserToken,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = addresses.OtlpKey,
        ["DASHBOARD__API__ENABLED"] = "true",
        ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__API__PRIMARYAPIKEY"] = addresses.ApiKey,
    };

    private sealed class NoResource() : Resource("aspire-dashboard");
}
