using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform.AspireLocal;

/// <summary>Brings the model to life on DCP and keeps its picture true; everything ends with the host, however the host ends.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, LocalMachine machine, LaunchPlanner planner, DcpHost dcp, ResourceNotificationService notifications,
    ResourceLogs logs, HealthMonitor health, DashboardHost dashboard, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ResourceRunner> _runners = [];
    private Task _background = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("Distributed application starting; servers run as local processes, data in {Folder}", machine.DataFolder);
        notifications.DefaultWaitBehavior = machine.IsTest ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable;
        await PublishInitialAsync();
        await dcp.StartAsync(cancellationToken);
        await Task.WhenAll(model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>(), (r, e) => AllocateAsync(r, e, cancellationToken)));
        await dashboard.StartAsync(cancellationToken);
        var running = new List<Task> { WatchAsync(_stop.Token), health.RunAsync(_stop.Token) };
        running.AddRange(_runners.Where(r => !r.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .SelectMany(r => r.Instances, (r, i) => r.StartAsync(i, _stop.Token)));
        running.AddRange(model.Resources.OfType<PostgresDatabaseResource>().Select(d => CreateDatabaseAsync(d, _stop.Token)));
        _background = Task.WhenAll(running.Select(task => task.ContinueWith(Report, TaskScheduler.Default)));
        log.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <summary>Services first, so that none loses its database or broker before it has finished; then the servers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested) return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await StopAsync(r => r.Resource is not ContainerResource, limit.Token);
            await StopAsync(r => r.Resource is ContainerResource, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or TimeoutException or DistributedApplicationException)
        {
            log.LogDebug(e, "Not everything stopped by itself; DCP ends the rest");
        }

        await _stop.CancelAsync();
        await dashboard.StopAsync();
        await dcp.StopAsync();
        await _background.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task ExecuteAsync(string nameOrInstance, string command, CancellationToken ct)
    {
        var targets = _runners.SelectMany(r => r.Instances, (r, i) => (Runner: r, Instance: i)).Where(t =>
            t.Instance.Equals(nameOrInstance, StringComparison.OrdinalIgnoreCase)
            || t.Runner.Resource.Name.Equals(nameOrInstance, StringComparison.OrdinalIgnoreCase)).ToList();
        if (targets.Count == 0) throw new DistributedApplicationException($"Resource '{nameOrInstance}' is unknown or cannot be commanded.");
        if (command is not ("start" or "stop" or "restart")) throw new DistributedApplicationException($"There is no command '{command}'.");
        if (command is "stop" or "restart") await Task.WhenAll(targets.Select(t => t.Runner.StopAsync(t.Instance, ct)));

        // A start goes on when its caller has gone: it may wait long for what it depends on.
        if (command is "start" or "restart") await Task.WhenAll(targets.Select(t => t.Runner.StartAsync(t.Instance, _stop.Token))).WaitAsync(ct);
    }

    public void Dispose() => _stop.Dispose();

    private void Report(Task ended)
    {
        if (ended.Exception is { } e && !_stop.IsCancellationRequested) log.LogCritical(e, "A part of the orchestration failed");
    }

    /// <summary>The dashboard knows a process by its instance, and anything else by its name.</summary>
    private string IdOf(IResource resource) => _runners.FirstOrDefault(r => r.Resource == resource)?.Instances[0] ?? resource.Name;

    private Task StopAsync(Func<ResourceRunner, bool> which, CancellationToken ct) =>
        Task.WhenAll(_runners.Where(which).SelectMany(r => r.Instances, (r, i) => r.StopAsync(i, ct)));

    private async Task PublishInitialAsync()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var resource in model.Resources)
        {
            if (resource is ParameterResource parameter)
            {
                await notifications.PublishUpdateAsync(resource, s => s.WithProperties(new ResourcePropertySnapshot(
                    "Value", parameter)
                { IsSensitive = parameter.Secret }) with
                { State = KnownResourceStates.Running, CreationTimeStamp = now });
            }
            else if (resource is IComputeResource)
            {
                var runner = new ResourceRunner(resource, planner, dcp, notifications, logs, log);
                _runners.Add(runner);
                foreach (var i in runner.Instances) await notifications.PublishUpdateAsync(resource, i, s => LaunchSnapshot.Initial(resource, s, now, IdOf));
            }
            else
            {
                await notifications.PublishUpdateAsync(resource, s => LaunchSnapshot.Initial(resource, s, now, IdOf));
            }
        }
    }

    /// <summary>Behind a DCP proxy the address stays while processes come and go; servers bind their own port directly.</summary>
    private async Task AllocateAsync(IResource resource, EndpointAnnotation endpoint, CancellationToken ct)
    {
        if (endpoint.Protocol != ProtocolType.Tcp) throw new DistributedApplicationException("Only TCP endpoints are supported here.");
        var asked = machine.RandomizePorts ? null : endpoint.Port;
        if (!endpoint.IsProxied)
        {
            var port = asked ?? endpoint.TargetPort ?? machine.FreePort();
            var host = endpoint.UriScheme is "http" or "https" ? "localhost" : "127.0.0.1";
            endpoint.Allocation.SetResult(new(endpoint, host, port, $"{endpoint.TargetPort ?? port}"));
            return;
        }

        var name = LaunchPlan.ServiceName(resource, endpoint);
        var spec = new JsonObject { ["protocol"] = "TCP", ["port"] = asked, ["addressAllocationMode"] = "IPv4ZeroOne" };
        var service = await dcp.Client.CreateAsync("services", new() { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec }, ct);
        while ((int?)service["status"]?["effectivePort"] is not > 0)
        {
            await Task.Delay(50, ct);
            service = await dcp.Client.GetAsync("services", name, ct) ?? throw new DistributedApplicationException($"Service {name} is gone.");
        }

        var target = endpoint.TargetPort?.ToString() ?? $"{{{{- portForServing \"{name}\" -}}}}";
        endpoint.Allocation.SetResult(new(endpoint, "localhost", (int)service["status"]!["effectivePort"]!, target));
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        var owners = _runners.SelectMany(r => r.Instances, (r, i) => (Runner: r, Instance: i)).ToDictionary(o => o.Instance, o => o.Runner);
        try
        {
            await foreach (var (change, item) in dcp.Client.WatchAsync("executables", ct))
            {
                var name = (string)item["metadata"]!["name"]!;
                if (change == "DELETED" || !owners.TryGetValue(name, out var owner)) continue;
                await owner.ObserveAsync(name, item);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            log.LogDebug(e, "The watch on DCP broke");
        }

        if (ct.IsCancellationRequested) return;
        log.LogCritical("The orchestrator (DCP) has gone; stopping");
        lifetime.StopApplication();
    }

    private async Task CreateDatabaseAsync(PostgresDatabaseResource database, CancellationToken ct)
    {
        await notifications.WaitForResourceHealthyAsync(database.Parent.Name, WaitBehavior.WaitOnResourceUnavailable, ct);
        try
        {
            await using var connection = await PostgresHealthCheck.OpenAsync(database.Parent, ct);
            var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName);
            await using var command = new NpgsqlCommand($"CREATE DATABASE {quoted}", connection);
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            log.LogDebug("Database {Database} is there already", database.DatabaseName);
        }
        catch (NpgsqlException e)
        {
            log.LogError(e, "Database {Database} was not created", database.DatabaseName);
            await notifications.PublishUpdateAsync(database, s => s with { State = KnownResourceStates.FailedToStart });
            return;
        }

        await notifications.PublishUpdateAsync(database, s => s with
        {
            State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = clock.GetUtcNow().UtcDateTime,
        });
    }
}
