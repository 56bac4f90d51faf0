using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ExamPlatform;

public static partial class Telemetry
{
    /// <summary>The platform's own spans: outbox dispatch, deadline jobs, deliveries.</summary>
    internal static readonly ActivitySource Source = new("ExamPlatform");

    internal static readonly Meter Meter = new("ExamPlatform");

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // requests, queries and probes are spans; as log lines they would bury what happens
        foreach (var chatty in (string[])["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore.Database.Command", "Npgsql.Command", "System.Net.Http.HttpClient", "Yarp"])
            builder.Logging.AddFilter(chatty, LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error); // degraded is a state at /health, not a line every probe
        builder.Logging.AddOpenTelemetry(logging => (logging.IncludeFormattedMessage, logging.IncludeScopes) = (true, true));
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "Npgsql", "MassTransit", "ExamPlatform"))
            .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Grpc.Net.Client", "Yarp.ReverseProxy", "ExamPlatform")
                .AddProcessor(new DropNoise()).AddProcessor(new HideSecrets()));
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }

    /// <summary>ASP.NET Core names its span before routing: give it the route, so that traces group by feature and hold no ids in the name.</summary>
    public static void UseSpanNames(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span) return;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        if (route is not null)
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    });

    /// <summary>Health probes and the dispatcher's own polling would bury what people do.</summary>
    private sealed class DropNoise : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            var path = data.GetTagItem("url.path") as string ?? data.GetTagItem("url.full") as string ?? "";
            var idlePoll = data.Source.Name == "Npgsql" && data.Parent is null && data.ParentSpanId == default;
            if (path.EndsWith("/health", StringComparison.Ordinal) || path.EndsWith("/alive", StringComparison.Ordinal) || idlePoll)
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>Who calls back without a signature proves itself by the end of the address: that is no matter for a trace.</summary>
    private sealed partial class HideSecrets : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var tag in (ReadOnlySpan<string>)["url.path", "url.full"])
                if (data.GetTagItem(tag) is string address && Secret().IsMatch(address)) data.SetTag(tag, Secret().Replace(address, "$1…"));
        }

        [GeneratedRegex("(/callbacks/[^/?]+/|/documents/links/)[^?]+")]
        private static partial Regex Secret();
    }
}
