using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal;

namespace Aspire.Hosting;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>What the build tells of a referenced project; AspireLocal.targets generates one class per ProjectReference.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;

    /// <summary>Not in stock Aspire, which asks <c>dotnet run</c>: the dll that the AppHost's own build has made.</summary>
    string? AssemblyPath => null;
}

public static class ProjectResourceBuilderExtensions
{
    private static readonly JsonSerializerOptions LaunchSettingsJson = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => AddProject(builder, name, new TProject(), profile => profile.Value.CommandName == "Project");

    /// <summary>With null no launch profile is used, as in stock Aspire.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => AddProject(builder, name, new TProject(), profile => profile.Key == launchProfileName);

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> AddProject(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Func<KeyValuePair<string, LaunchProfile>, bool> isWanted)
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment(context => SetListeningUrls(project.Resource, context));
        var profile = Profiles(metadata.ProjectPath).FirstOrDefault(isWanted).Value;
        if (profile is null) return project;

        foreach (var url in (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var uri = new Uri(url);
            var port = ((ILocalBuilder)builder).Machine.RandomizePorts || uri.Port == 0 ? (int?)null : uri.Port;
            if (!project.GetEndpoint(uri.Scheme).Exists) project.WithEndpoint(port, scheme: uri.Scheme, name: uri.Scheme);
        }

        return project.WithEnvironment(context =>
        {
            foreach (var (key, value) in profile.EnvironmentVariables) context.EnvironmentVariables.TryAdd(key, value);
        });
    }

    /// <summary>An endpoint with its own variable is bound by the service itself; all others are Kestrel's, on loopback only.</summary>
    private static void SetListeningUrls(ProjectResource project, EnvironmentCallbackContext context)
    {
        var urls = project.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.UriScheme is "http" or "https" && e.TargetPortEnvironmentVariable is null)
            .Select(e => ReferenceExpression.Create(
                $"{e.UriScheme}://127.0.0.1:{new EndpointReference(project, e.Name).Property(EndpointProperty.TargetPort)}"))
            .ToList();
        if (urls.Count > 0) context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", new JoinedValues(urls, ";"));
    }

    private static Dictionary<string, LaunchProfile> Profiles(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return [];
        return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), LaunchSettingsJson)?.Profiles ?? [];
    }

    private sealed record LaunchSettings([property: JsonPropertyName("profiles")] Dictionary<string, LaunchProfile> Profiles);

    private sealed record LaunchProfile(string? CommandName, string? ApplicationUrl)
    {
        public Dictionary<string, string> EnvironmentVariables { get; init; } = [];
    }
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args)
    {
        var directory = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, directory)).WithArgs(args ?? []);
    }
}
