using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.AspireLocal;

/// <summary>Turns a resource of the model into the process that stands for it on this machine.</summary>
internal sealed class LaunchPlanner(
    LocalMachine machine, DistributedApplicationExecutionContext execution, IHostEnvironment environment, DashboardAddresses dashboard)
{
    public async Task<LaunchPlan> PlanAsync(IResource resource, string instance, Action<string> log, CancellationToken ct)
    {
        var plan = resource switch
        {
            ProjectResource project => ProjectPlan(project),
            ExecutableResource executable => new LaunchPlan(
                Resolve(executable), [], executable.WorkingDirectory, new Dictionary<string, string>()),
            PostgresServerResource postgres => await PostgresLaunch.PrepareAsync(postgres, machine, log, ct),
            RabbitMQServerResource rabbit => await RabbitLaunch.PrepareAsync(rabbit, machine, ct),
            _ => throw new DistributedApplicationException($"'{resource.Name}' ({resource.GetType().Name}) is not a process."),
        };
        var variables = plan.Environment.ToDictionary(e => e.Key, e => (object)e.Value);
        if (resource is not ContainerResource) AddTelemetry(resource, instance, variables);
        return plan with
        {
            Args = [.. plan.Args, .. await ProcessEnvironment.ArgumentsAsync(resource, ct)],
            Environment = await ProcessEnvironment.ResolveAsync(resource, execution, variables, ct),
        };
    }

    private static LaunchPlan ProjectPlan(ProjectResource project)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Single();
        if (metadata.AssemblyPath is not { } assembly || !File.Exists(assembly))
        {
            throw new DistributedApplicationException($"'{metadata.AssemblyPath}' is not built; build the AppHost, which builds it too.");
        }

        return new LaunchPlan(
            LocalMachine.DotnetPath, ["exec", assembly], Path.GetDirectoryName(metadata.ProjectPath)!, new Dictionary<string, string>());
    }

    private static string Resolve(ExecutableResource executable)
    {
        if (executable.Command == "dotnet") return LocalMachine.DotnetPath;
        var local = Path.GetFullPath(executable.Command, executable.WorkingDirectory);
        return executable.Command.Contains('/') || File.Exists(local) ? local : executable.Command;
    }

    /// <summary>As stock Aspire sets them in development. Without a dashboard there is nobody to tell, so nothing is exported.</summary>
    private void AddTelemetry(IResource resource, string instance, Dictionary<string, object> variables)
    {
        if (dashboard.OtlpUrl is null) return;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpUrl;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={dashboard.OtlpKey}";
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance[(resource.Name.Length + 1)..]}";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (!environment.IsDevelopment()) return;
        foreach (var delay in new[] { "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL" })
        {
            variables[delay] = "1000";
        }

        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
