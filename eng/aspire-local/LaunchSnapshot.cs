using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;

namespace ExamPlatform.AspireLocal;

/// <summary>What the dashboard and tests see of an instance: from the model, from its launch plan, from DCP's status.</summary>
internal static class LaunchSnapshot
{
    public const string Pid = "executable.pid";

    public static CustomResourceSnapshot Initial(
        IResource resource, CustomResourceSnapshot snapshot, DateTime now, Func<IResource, string> idOf) => snapshot with
        {
            Properties = [.. Facts(resource, idOf)],
            State = KnownResourceStates.NotStarted,
            CreationTimeStamp = now,
            HealthReports = HealthMonitor.Unknown(resource),
            Relationships =
        [
            .. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)),
            .. resource is IResourceWithParent child ? [new RelationshipSnapshot(child.Parent.Name, "Parent")] : Array.Empty<RelationshipSnapshot>(),
        ],
        };

    public static CustomResourceSnapshot Of(IResource resource, LaunchPlan plan, CustomResourceSnapshot snapshot)
    {
        var properties = new List<ResourcePropertySnapshot> { new("executable.workDir", plan.WorkingDirectory) };
        if (resource is ContainerResource)
        {
            properties.Add(new("resource.source", "local process, no container"));
        }
        else
        {
            properties.Add(new("executable.path", plan.Path));
            properties.Add(new("executable.args", plan.Args) { IsSensitive = true });
        }

        if (resource.Annotations.OfType<IProjectMetadata>().FirstOrDefault() is { } project)
        {
            properties.Add(new("project.path", project.ProjectPath));
        }

        return snapshot.WithProperties([.. properties]) with
        {
            EnvironmentVariables = [.. plan.Environment.Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, IsFromSpec: true))],
            HealthReports = HealthMonitor.Unknown(resource),
            ExitCode = null,
            StartTimeStamp = null,
            StopTimeStamp = null,
        };
    }

    public static CustomResourceSnapshot With(IResource resource, JsonObject item, CustomResourceSnapshot snapshot)
    {
        if (item["status"] is not JsonObject status || (string?)status["state"] is not { Length: > 0 } state) return snapshot;
        if (state == "Terminated") state = KnownResourceStates.Exited;
        var running = state == KnownResourceStates.Running;
        var effective = (status["effectiveEnv"] as JsonArray ?? []).Where(e => e?["name"] is not null)
            .ToLookup(e => (string)e!["name"]!, e => (string?)e!["value"]);
        return snapshot.WithProperties(new ResourcePropertySnapshot(Pid, running ? (int?)status["pid"] : null)) with
        {
            State = new(state, running ? KnownResourceStateStyles.Success : null),
            ExitCode = (int?)status["exitCode"],
            StartTimeStamp = Time(status["startupTimestamp"]),
            StopTimeStamp = Time(status["finishTimestamp"]),
            Urls = [.. Urls(resource, running)],
            HealthReports = running ? snapshot.HealthReports : HealthMonitor.Unknown(resource),
            EnvironmentVariables =
            [
                .. snapshot.EnvironmentVariables.Select(e => effective[e.Name].LastOrDefault() is { } value ? e with { Value = value } : e),
            ],
        };
    }

    private static IEnumerable<ResourcePropertySnapshot> Facts(IResource resource, Func<IResource, string> idOf)
    {
        var parent = (resource as IResourceWithParent)?.Parent
            ?? resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == "Parent")?.Resource;
        if (parent is not null) yield return new("resource.parentName", idOf(parent));
        if (resource is IResourceWithConnectionString connectable)
        {
            yield return new("resource.connectionString", new ConnectionStringReference(connectable, optional: true)) { IsSensitive = true };
        }
    }

    private static IEnumerable<UrlSnapshot> Urls(IResource resource, bool running)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.AllocatedEndpoint is not { } allocated) continue;
            var url = new ResourceUrlAnnotation { Url = allocated.UriString };
            foreach (var own in resource.Annotations.OfType<UrlForEndpoint>().Where(u => u.EndpointName == endpoint.Name)) own.Change(url);
            if (url.Url.StartsWith('/')) url.Url = allocated.UriString + url.Url;
            yield return new(endpoint.Name, url.Url, IsInternal: false)
            {
                IsInactive = !running,
                DisplayProperties = new(url.DisplayText ?? ""),
            };
        }
    }

    private static DateTime? Time(JsonNode? node) => (string?)node is { Length: > 0 } text
        ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null;
}
