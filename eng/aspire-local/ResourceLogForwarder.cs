using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.AspireLocal;

/// <summary>Tests have no dashboard: there the resources' consoles go to the host's own log, as <c>AppHost.Resources.name</c>.</summary>
internal sealed class ResourceLogForwarder(
    ResourceNotificationService notifications, ResourceLogs logs, ILoggerFactory loggers, IHostEnvironment environment) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var followed = new HashSet<string>();
        var following = new List<Task>();
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Snapshot.State?.Text != KnownResourceStates.Running || change.Resource is not IComputeResource) continue;
            if (followed.Add(change.ResourceId)) following.Add(FollowAsync(change.Resource, change.ResourceId, stoppingToken));
        }

        await Task.WhenAll(following);
    }

    private async Task FollowAsync(IResource resource, string instance, CancellationToken ct)
    {
        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        await foreach (var line in logs.ReadAsync(instance, follow: true, ct))
        {
            logger.Log(line.IsError ? LogLevel.Error : LogLevel.Information, "{Line}", line.Text);
        }
    }
}
