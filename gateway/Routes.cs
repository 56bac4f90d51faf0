using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ExamPlatform.Gateways;

/// <summary>
/// Which path belongs to which service, who may pass without a token, and how large a body may be. The services check again: this is the first door, not the only one.
/// </summary>
internal static class Routes
{
    private const long Json = Extensions.JsonBodyLimit;
    private const long Programme = 1024 * 1024;
    private const long Upload = 21 * 1024 * 1024;
    private const long Callback = 64 * 1024;
    private const long Objection = 16 * 1024;

    private sealed record Door(string Path, string Service, bool Anonymous = false, long BodyLimit = Json, string RateLimit = RequestLimits.Person);

    private static readonly Door[] Doors =
    [
        new("/api/identity/candidates", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/candidates/check", "identity", Anonymous: true),
        new("/api/identity/sessions/{**rest}", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/sessions/device", "identity", Anonymous: true), // asked every few seconds by each device that waits
        new("/api/identity/sign-in/challenge", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/passkeys/ceremonies", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/sms-codes", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/recoveries", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/face-verifications", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/wechat-bindings", "identity", Anonymous: true, RateLimit: RequestLimits.SignIn),
        new("/api/identity/notice", "identity", Anonymous: true),
        new("/api/identity/disability-register", "identity", BodyLimit: Upload),
        new("/api/identity/{**rest}", "identity"),
        new("/api/characters/{**rest}", "identity", Anonymous: true),
        new("/api/programmes/{code}/public-notices/{id}/objections", "application", Anonymous: true, BodyLimit: Objection, RateLimit: RequestLimits.Objection),
        new("/api/programmes/{**rest}", "application", Anonymous: true, BodyLimit: Programme),
        new("/api/profile/{**rest}", "application"),
        new("/api/registers/{**rest}", "application", BodyLimit: Upload),
        new("/api/applications/{**rest}", "application"),
        new("/api/documents/links/{link}", "document", Anonymous: true), // the link takes the token's place
        new("/api/documents/attachments/{link}", "document", Anonymous: true), // as above
        new("/api/documents/{**rest}", "document", BodyLimit: Upload),
        new("/api/reviews/{**rest}", "review"),
        new("/api/payments/{**rest}", "payment"),
        new("/api/notices/{**rest}", "notification"),
        new("/api/content/articles/{**rest}", "notification", Anonymous: true),
        new("/api/content/help", "notification", Anonymous: true),
        new("/api/content/{**rest}", "notification"),
        new("/callbacks/{channel}", "payment", Anonymous: true, BodyLimit: Callback, RateLimit: RequestLimits.Bank),
        new("/callbacks/wechat", "identity", Anonymous: true, BodyLimit: Callback, RateLimit: RequestLimits.Bank),
        new("/callbacks/aliyun-sms-replies/{token}", "notification", Anonymous: true, BodyLimit: Callback, RateLimit: RequestLimits.Bank),
        new("/callbacks/aliyun-sms-receipts/{token}", "notification", Anonymous: true, BodyLimit: Callback, RateLimit: RequestLimits.Bank),
        new("/callbacks/tencent-sms-receipts/{token}", "notification", Anonymous: true, BodyLimit: Callback, RateLimit: RequestLimits.Bank),
        .. Services.Select(service => new Door($"/api/operations/{service}/{{**rest}}", service)),
    ];

    public static IReadOnlyList<string> Services => ["identity", "application", "document", "review", "payment", "notification"];

    public static void AddRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy().LoadFromMemory([.. Doors.Select(Route)], [.. Services.Select(service => Cluster(service, builder.Configuration))]);
        builder.Services.AddSingleton<StartedCheck>().AddHealthChecks().AddCheck<StartedCheck>("started");
    }

    public static void MapRoutes(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        proxy.Use(SayWhenAway);
        proxy.UseSessionAffinity();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    private static RouteConfig Route(Door door) => new()
    {
        RouteId = door.Path,
        ClusterId = door.Service,
        Match = new() { Path = door.Path },
        AuthorizationPolicy = door.Anonymous ? "anonymous" : "default",
        RateLimiterPolicy = door.RateLimit,
        MaxRequestBodySize = door.BodyLimit,
    };

    private static ClusterConfig Cluster(string service, IConfiguration configuration) => new()
    {
        ClusterId = service,
        Destinations = configuration.Addresses(service).Select((address, n) => (Name: $"{service}-{n}", address))
            .ToDictionary(replica => replica.Name, replica => new DestinationConfig { Address = replica.address.ToString() }),
        HealthCheck = new()
        {
            // the default policy forwards to the unhealthy when all are: we would rather say so
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyAndUnknown,
            Active = new() { Enabled = true, Interval = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromSeconds(2), Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures, Path = "/health" },
            Passive = new() { Enabled = true, Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate, ReactivationPeriod = TimeSpan.FromSeconds(5) },
        },
        HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(15) },
    };

    /// <summary>No replica, or one that broke off before answering: 503 with Retry-After, never an empty 502.</summary>
    private static async Task SayWhenAway(HttpContext context, Func<Task> next)
    {
        await next();
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        if (context.Response.StatusCode is not (StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)) return;
        var service = context.Features.Get<IReverseProxyFeature>()?.Route.Config.ClusterId;
        context.Response.Headers.RetryAfter = "5";
        await Problems.Of(StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable", $"The {service} service is away for a moment; repeat the request.").ExecuteAsync(context);
    }
}
