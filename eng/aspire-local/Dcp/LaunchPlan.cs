using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace ExamPlatform.AspireLocal.Dcp;

/// <summary>One process as DCP is told to run it.</summary>
internal sealed record LaunchPlan(
    string Path, IReadOnlyList<string> Args, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    public static string ServiceName(IResource resource, EndpointAnnotation endpoint) => $"{resource.Name}-{endpoint.Name}".ToLowerInvariant();

    public JsonObject ToExecutable(string name, IResource resource)
    {
        // The address a process binds is announced to the proxy of its endpoint; DCP then chooses the port, or takes the one asked for.
        var produced = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsProxied).Select(e =>
        {
            var producer = new JsonObject { ["serviceName"] = ServiceName(resource, e), ["address"] = "127.0.0.1" };
            if (e.TargetPort is { } port) producer["port"] = port;
            return (JsonNode)producer;
        }).ToArray();
        var metadata = new JsonObject { ["name"] = name };
        if (produced.Length > 0) metadata["annotations"] = new JsonObject { ["service-producer"] = new JsonArray(produced).ToJsonString() };
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["executablePath"] = Path,
                ["workingDirectory"] = WorkingDirectory,
                ["args"] = new JsonArray([.. Args.Select(a => (JsonNode)a)]),
                ["env"] = new JsonArray([.. Environment.Select(e => (JsonNode)new JsonObject { ["name"] = e.Key, ["value"] = e.Value })]),
                ["executionType"] = "Process",
                ["ambientEnvironment"] = new JsonObject { ["behavior"] = "Inherit" },
            },
        };
    }
}
