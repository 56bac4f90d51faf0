using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Wire;
using Google.Protobuf.WellKnownTypes;

namespace ExamPlatform.AspireLocal;

internal static class ResourceMessage
{
    private static readonly string[] Started = [KnownResourceStates.Running, KnownResourceStates.Starting, KnownResourceStates.Waiting];

    public static async Task<Wire.Resource> OfAsync(ResourceEvent change, CancellationToken ct)
    {
        var snapshot = change.Snapshot;
        var resource = new Wire.Resource
        {
            Name = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            Uid = change.ResourceId,
            IsHidden = snapshot.IsHidden,
            Environment = { snapshot.EnvironmentVariables.Select(Variable) },
            Urls = { snapshot.Urls.Select(Link) },
            HealthReports = { snapshot.HealthReports.Select(Report) },
            Relationships = { snapshot.Relationships.Select(r => new ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }) },
        };
        if (snapshot.State is { } state) resource.State = state.Text;
        if (snapshot.State?.Style is { } style) resource.StateStyle = style;
        if (snapshot.CreationTimeStamp is { } created) resource.CreatedAt = Timestamp.FromDateTime(created);
        if (snapshot.StartTimeStamp is { } started) resource.StartedAt = Timestamp.FromDateTime(started);
        if (snapshot.StopTimeStamp is { } stopped) resource.StoppedAt = Timestamp.FromDateTime(stopped);
        if (snapshot.ExitCode is { } exitCode) resource.Properties.Add(Property(new("resource.exitCode", exitCode)));
        foreach (var property in snapshot.Properties)
        {
            var value = property.Value is IValueProvider provider ? await TextAsync(provider, ct) : property.Value;
            if (value is not null) resource.Properties.Add(Property(property with { Value = value }));
        }

        if (change.Resource is IComputeResource) AddCommands(resource, snapshot.State?.Text ?? "");
        return resource;
    }

    private static void AddCommands(Wire.Resource resource, string state)
    {
        var started = Started.Contains(state);
        resource.Commands.Add(Command(KnownResourceCommands.StartCommand, "Start", "Play", !started));
        resource.Commands.Add(Command(KnownResourceCommands.StopCommand, "Stop", "Stop", started));
        resource.Commands.Add(Command(KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", started));
    }

    private static ResourceCommand Command(string name, string displayName, string icon, bool shown) => new()
    {
        Name = name,
        DisplayName = displayName,
        IconName = icon,
        IconVariant = IconVariant.Filled,
        IsHighlighted = name != KnownResourceCommands.RestartCommand,
        State = shown ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
    };

    private static EnvironmentVariable Variable(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    private static Url Link(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new() { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
    };

    private static HealthReport Report(HealthReportSnapshot report)
    {
        var message = new HealthReport { Key = report.Name, Description = report.Description ?? "", Exception = report.ExceptionText ?? "" };
        if (report.LastRunAt is { } at) message.LastRunAt = Timestamp.FromDateTime(at);
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy => HealthStatus.Healthy,
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static ResourceProperty Property(ResourcePropertySnapshot property) => new()
    {
        Name = property.Name,
        IsSensitive = property.IsSensitive,
        Value = property.Value switch
        {
            string text => Value.ForString(text),
            IEnumerable many => Value.ForList([.. many.Cast<object>().Select(o => Value.ForString(o.ToString()))]),
            _ => Value.ForString(Convert.ToString(property.Value, CultureInfo.InvariantCulture)),
        },
    };

    private static async Task<string> TextAsync(IValueProvider provider, CancellationToken ct)
    {
        try
        {
            return await provider.GetValueAsync(ct) ?? "";
        }
        catch (Aspire.Hosting.DistributedApplicationException e)
        {
            return e.Message;
        }
    }
}
