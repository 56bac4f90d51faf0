using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform;

/// <summary>What every process of the platform has: telemetry, health, clock, problems, tokens, JSON rules.</summary>
public static class Extensions
{
    /// <summary>A JSON body may be this large, in bytes, unless an endpoint says otherwise.</summary>
    public const int JsonBodyLimit = 256 * 1024;

    /// <summary>Two years, subdomains too. Browsers heed it over https only, so that it does no harm in development.</summary>
    public const string StrictTransport = "max-age=63072000; includeSubDomains";

    /// <summary>What a front end has too: telemetry, health, the platform's clock.</summary>
    public static WebApplicationBuilder AddProcessDefaults(this WebApplicationBuilder builder)
    {
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (true, true));
        builder.AddTelemetry();
        builder.Services.AddSingleton<TimeProvider>(new PlatformClock(builder.Environment.IsDevelopment() ? builder.Configuration["EXAM_CLOCK_FILE"] : null));
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["alive"]);
        return builder;
    }

    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.AddProcessDefaults();
        builder.ListenForHttpAndGrpc();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ProblemHandling>();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.UsePlatformRules());
        builder.Services.AddPlatformAuth(builder.Configuration);
        builder.Services.AddOpenApi("v1", OpenApiRules.Apply);
        return builder;
    }

    /// <summary>camelCase, enums as camelCase words, unknown members refused.</summary>
    public static JsonSerializerOptions UsePlatformRules(this JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NullElements.Refuse);
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // Chinese stays readable; never written into HTML
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        return options;
    }

    /// <summary>The middleware every service runs, in its order, and the addresses every service has.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseSpanNames();
        app.Use(TellBrowsers);
        app.UseExceptionHandler();
        app.UseStatusCodePages(Bare);
        app.Use(LimitAndBufferJson);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapOpenApi().AllowAnonymous();
        return app;
    }

    /// <summary>Should a browser ever show an answer of the API by itself: nothing is guessed, run, framed or kept, and it comes over https only. What an endpoint says otherwise stays.</summary>
    private static Task TellBrowsers(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.StrictTransportSecurity = StrictTransport;
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>Whether it runs, and whether it can serve.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("alive") }).AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks("/health").AllowAnonymous().DisableHttpMetrics();
    }

    /// <summary>An answer without a body (no route, wrong method) becomes a problem too.</summary>
    private static Task Bare(Microsoft.AspNetCore.Diagnostics.StatusCodeContext context) => (context.HttpContext.Response.StatusCode switch
    {
        404 => Problems.NotFound(),
        405 => Problems.Of(405, "method-not-allowed", "This address does not take that method."),
        413 => Problems.Of(413, "too-large", "The body is larger than this address takes."),
        415 => Problems.Of(415, "unsupported-media-type", "This address does not take that content type."),
        var status => Problems.Of(status, $"http-{status}", "The request cannot be served."),
    }).ExecuteAsync(context.HttpContext);

    /// <summary>JSON bodies are bounded and can be read again, so that all their faults can be told.</summary>
    private static Task LimitAndBufferJson(HttpContext context, RequestDelegate next)
    {
        if (context.Request.HasJsonContentType())
        {
            var size = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>();
            if (size is { IsReadOnly: false }) size.MaxRequestBodySize = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? JsonBodyLimit;
            context.Request.EnableBuffering(JsonBodyLimit);
        }
        return next(context);
    }

    /// <summary>gRPC without TLS needs a port of its own that speaks HTTP/2 only; naming one port in Kestrel means naming all.</summary>
    private static void ListenForHttpAndGrpc(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection("GRPC_PORT").Value is not { } grpc) return;
        var urls = builder.Configuration["ASPNETCORE_URLS"] ?? builder.Configuration["URLS"] ?? "http://127.0.0.1:0";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var address in urls.Split(';').Select(BindingAddress.Parse)) kestrel.Listen(Ip(address.Host), address.Port, o => o.Protocols = HttpProtocols.Http1);
            kestrel.Listen(builder.Environment.IsDevelopment() ? IPAddress.Loopback : IPAddress.Any, int.Parse(grpc, System.Globalization.CultureInfo.InvariantCulture), o => o.Protocols = HttpProtocols.Http2);
        });
    }

    private static IPAddress Ip(string host) => host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Any;
}
