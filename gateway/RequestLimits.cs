using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace ExamPlatform.Gateways;

/// <summary>How much one person or one address may ask. A bucket refills evenly; a burst may empty it.</summary>
public sealed record RequestLimitOptions
{
    public sealed record Bucket(int PerMinute, int Burst);

    /// <summary>Per signed-in person, or per address for somebody not signed in.</summary>
    public Bucket Person { get; init; } = new(600, 200);

    /// <summary>Per address, for registering and signing in. A training school's whole class may share one address.</summary>
    public Bucket SignIn { get; init; } = new(120, 60);

    /// <summary>Per address, for callbacks of banks, of the SMS gateway and of WeChat.</summary>
    public Bucket Bank { get; init; } = new(6000, 1000);

    /// <summary>Per address, for objections to public notices, which anybody may send.</summary>
    public Bucket Objection { get; init; } = new(6, 20);
}

internal static class RequestLimits
{
    public const string Person = "person";
    public const string SignIn = "sign-in";
    public const string Bank = "bank";
    public const string Objection = "objection";

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var limits = builder.Configuration.GetSection("Gateway:Limits").Get<RequestLimitOptions>() ?? new();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Extensions.JsonBodyLimit; // what a route allows beyond this it says itself
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.AddServerHeader = false;
        });
        builder.Services.Configure<ForwardedHeadersOptions>(builder.Configuration.GetSection("Gateway:ForwardedHeaders"));
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.OnRejected = Refuse;
            limiter.AddPolicy(Person, context => Partition(Who(context), limits.Person));
            limiter.AddPolicy(SignIn, context => Partition(Address(context), limits.SignIn));
            limiter.AddPolicy(Bank, context => Partition(Address(context), limits.Bank));
            limiter.AddPolicy(Objection, context => Partition(Address(context), limits.Objection));
        });
    }

    /// <summary>Believes X-Forwarded-For only from the proxies named in configuration.</summary>
    public static void UseRequestLimits(this WebApplication app) => app.UseForwardedHeaders();

    private static RateLimitPartition<string> Partition(string key, RequestLimitOptions.Bucket bucket) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = bucket.Burst,
        TokensPerPeriod = Math.Max(1, bucket.PerMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / bucket.PerMinute)),
        AutoReplenishment = true,
    });

    private static string Who(HttpContext context) => context.User.FindFirst("sub")?.Value ?? Address(context);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static async ValueTask Refuse(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        context.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", $"Too many requests; try again in {wait} s.").ExecuteAsync(context.HttpContext);
    }
}
