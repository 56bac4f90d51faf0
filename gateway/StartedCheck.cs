using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ExamPlatform.Gateways;

/// <summary>
/// Unhealthy until every service was reached once: until then the platform is still starting. Later absences are told request by request (503), and do not take
/// the door itself out of rotation.
/// </summary>
internal sealed class StartedCheck(IProxyStateLookup proxy) : IHealthCheck
{
    private bool started;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var waiting = started ? [] : proxy.GetClusters().Where(c => !c.DestinationsState.AllDestinations.Any(d => d.Health.Active == DestinationHealth.Healthy)).Select(c => c.ClusterId).ToList();
        started = waiting.Count == 0;
        return Task.FromResult(started ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Not reached yet: {string.Join(", ", waiting)}."));
    }
}
