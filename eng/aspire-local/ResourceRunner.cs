using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.AspireLocal;

/// <summary>Starts, stops and starts again the process or processes (replicas) of one resource.</summary>
internal sealed class ResourceRunner
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private readonly LaunchPlanner _planner;
    private readonly DcpHost _dcp;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLogs _logs;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _starting = new();
    private readonly ConcurrentDictionary<string, bool> _replaced = new();
    private readonly Dictionary<string, SemaphoreSlim> _gates;

    public ResourceRunner(
        IResource resource, LaunchPlanner planner, DcpHost dcp, ResourceNotificationService notifications, ResourceLogs logs, ILogger log)
    {
        (Resource, _planner, _dcp, _notifications, _logs, _log) = (resource, planner, dcp, notifications, logs, log);
        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        Instances = [.. Enumerable.Range(0, replicas).Select(_ => $"{resource.Name}-{Random.Shared.GetString("abcdefghjkmnpqrstuvwxyz", 8)}")];
        _gates = Instances.ToDictionary(i => i, _ => new SemaphoreSlim(1));
    }

    public IResource Resource { get; }

    public IReadOnlyList<string> Instances { get; }

    public async Task StartAsync(string instance, CancellationToken ct)
    {
        await _gates[instance].WaitAsync(ct);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _starting[instance] = cancel;
        try
        {
            if (StateOf(instance) is "Running" or "Starting") return;
            await WaitForDependenciesAsync(instance, cancel.Token);
            await PublishAsync(instance, KnownResourceStates.Starting);
            var plan = await _planner.PlanAsync(Resource, instance, text => _logs.Write(instance, text), cancel.Token);
            await RemovePredecessorAsync(instance, cancel.Token);
            await _notifications.PublishUpdateAsync(Resource, instance, s => LaunchSnapshot.Of(Resource, plan, s));
            await _dcp.Client.CreateAsync("executables", plan.ToExecutable(instance, Resource), cancel.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await PublishAsync(instance, KnownResourceStates.Exited);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.LogError(e, "Resource {Resource} did not start", instance);
            _logs.Write(instance, e.Message, isError: true);
            await PublishAsync(instance, KnownResourceStates.FailedToStart);
        }
        finally
        {
            _starting.TryRemove(instance, out _);
            _gates[instance].Release();
        }
    }

    public async Task StopAsync(string instance, CancellationToken ct)
    {
        if (_starting.TryGetValue(instance, out var starting)) await starting.CancelAsync();
        await _gates[instance].WaitAsync(ct);
        try
        {
            if (StateOf(instance) is not ("Running" or "Starting")) return;
            await PublishAsync(instance, KnownResourceStates.Stopping);

            // SIGTERM, which DCP sends, would let PostgreSQL wait for its clients to leave.
            if (Resource is PostgresServerResource && PidOf(instance) is { } pid) Shell.Signal(pid, Shell.Interrupt);
            await _dcp.Client.StopExecutableAsync(instance, ct);
            await _notifications.WaitForResourceAsync(instance, ResourceNotificationService.IsTerminal, ct).WaitAsync(StopLimit, ct);
        }
        finally
        {
            _gates[instance].Release();
        }
    }

    /// <summary>DCP's news of an instance. What still arrives about a process that has been replaced is no news.</summary>
    public async Task ObserveAsync(string instance, JsonObject item)
    {
        if (_replaced.ContainsKey((string)item["metadata"]!["uid"]!)) return;
        await _notifications.PublishUpdateAsync(Resource, instance, s => LaunchSnapshot.With(Resource, item, s));
    }

    private async Task RemovePredecessorAsync(string instance, CancellationToken ct)
    {
        if (await _dcp.Client.GetAsync("executables", instance, ct) is not { } old) return;
        _replaced[(string)old["metadata"]!["uid"]!] = true;
        await _dcp.Client.DeleteAsync("executables", instance, ct);
    }

    private string? StateOf(string instance) =>
        _notifications.TryGetCurrentState(instance, out var state) ? state!.Snapshot.State?.Text : null;

    private int? PidOf(string instance) => _notifications.TryGetCurrentState(instance, out var state)
        ? state!.Snapshot.Properties.FirstOrDefault(p => p.Name == LaunchSnapshot.Pid)?.Value as int? : null;

    private Task PublishAsync(string instance, string state) => _notifications.PublishUpdateAsync(Resource, instance, s => s with { State = state });

    private async Task WaitForDependenciesAsync(string instance, CancellationToken ct)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count == 0) return;
        await PublishAsync(instance, KnownResourceStates.Waiting);
        await Task.WhenAll(waits.Select(wait => WaitForAsync(instance, wait, ct)));
    }

    private async Task WaitForAsync(string instance, WaitAnnotation wait, CancellationToken ct)
    {
        var name = wait.Resource.Name;
        _logs.Write(instance, $"Waiting for '{name}' ({wait.WaitType}).");
        switch (wait.WaitType)
        {
            case WaitType.WaitForCompletion:
                var ended = await _notifications.WaitForResourceAsync(name, ResourceNotificationService.IsTerminal, ct);
                if (ended.Snapshot.ExitCode == wait.ExitCode) break;
                throw new DistributedApplicationException(
                    $"'{name}' was to end with exit code {wait.ExitCode}: {ended.Snapshot.State?.Text}, exit code {ended.Snapshot.ExitCode}.");
            case WaitType.WaitUntilStarted:
                await _notifications.WaitForResourceAsync(name, KnownResourceStates.Running, ct);
                break;
            default:
                await _notifications.WaitForResourceHealthyAsync(name, wait.WaitBehavior ?? _notifications.DefaultWaitBehavior, ct);
                break;
        }

        _logs.Write(instance, $"Finished waiting for '{name}'.");
    }
}
