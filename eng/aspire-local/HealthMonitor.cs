using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExamPlatform.AspireLocal;

/// <summary>Asks every running resource's health checks: often until all answer well, seldom afterwards.</summary>
internal sealed class HealthMonitor(
    DistributedApplicationModel model, ResourceNotificationService notifications, HealthCheckService checks, TimeProvider clock)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(5);

    public static ImmutableArray<HealthReportSnapshot> Unknown(IResource resource) =>
        [.. Keys(resource).Select(key => new HealthReportSnapshot(key, null, null, null))];

    public Task RunAsync(CancellationToken ct) =>
        Task.WhenAll(model.Resources.Where(r => Keys(r).Count > 0).Select(r => WatchAsync(r, ct)));

    private static HashSet<string> Keys(IResource resource) => [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key)];

    private async Task WatchAsync(IResource resource, CancellationToken ct)
    {
        var keys = Keys(resource);
        var nextCheck = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Often, clock);
        while (await NextAsync(timer, ct))
        {
            var running = notifications.InstancesOf(resource).Where(e => e.Snapshot.State?.Text == KnownResourceStates.Running).ToList();
            var settled = running.All(e => e.Snapshot.HealthStatus == HealthStatus.Healthy);
            if (running.Count == 0 || (settled && clock.GetUtcNow() < nextCheck)) continue;

            var report = await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), ct);
            nextCheck = clock.GetUtcNow() + Seldom;
            var reports = report.Entries.Select(e => new HealthReportSnapshot(
                e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.ToString())
            { LastRunAt = clock.GetUtcNow().UtcDateTime });
            foreach (var instance in running)
            {
                await notifications.PublishUpdateAsync(resource, instance.ResourceId, s =>
                    s.StartTimeStamp == instance.Snapshot.StartTimeStamp ? s with { HealthReports = [.. reports] } : s);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
