using Microsoft.Extensions.Configuration;

namespace ExamPlatform;

/// <summary>Where the other services live: the addresses that the AppHost (or a deployment) hands over as <c>services:{name}:{endpoint}:{n}</c>.</summary>
public static class Peers
{
    /// <summary>All addresses of one endpoint of a service, one per replica; empty when the service is not wired.</summary>
    public static IReadOnlyList<Uri> Addresses(this IConfiguration configuration, string service, string endpoint = "http") =>
        [.. configuration.GetSection($"services:{service}:{endpoint}").GetChildren().Select(child => child.Value).OfType<string>().Select(value => new Uri(value))];

    /// <summary>The first address of one endpoint of a service.</summary>
    /// <exception cref="InvalidOperationException">The service is not wired to this process.</exception>
    public static Uri Address(this IConfiguration configuration, string service, string endpoint = "http") =>
        configuration.Addresses(service, endpoint) is [var first, ..]
            ? first
            : throw new InvalidOperationException($"No address for '{service}': set services__{service}__{endpoint}__0 (the AppHost does it by WithReference).");
}
