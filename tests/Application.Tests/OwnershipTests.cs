using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Applications.Tests;

public sealed class OwnershipTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly Dictionary<string, object> Bodies = new()
    {
        ["save-application-step"] = new { answers = new { category = "medicine" } },
        ["autosave-application-step"] = new { answers = new { category = "medicine" } },
        ["choose-application-area"] = new { area = "110000", site = "110100" },
        ["choose-application-preferences"] = new { preferences = Array.Empty<object>() },
        ["attach-application-documents"] = new { photo = (Guid?)null, documents = new { } },
    };

    [Fact]
    public async Task Somebody_elses_application_is_not_found_on_any_route()
    {
        var owner = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        var stranger = await service.APerson();
        var routes = Routes().Where(r => r.Pattern.Contains("{id", StringComparison.Ordinal)).ToList();

        foreach (var (method, pattern, name) in routes)
        {
            using var request = new HttpRequestMessage(method, pattern.Replace("{id:guid}", owner.Application.ToString(), StringComparison.Ordinal).Replace("{step}", "report", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal));
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            if (Bodies.TryGetValue(name, out var body)) request.Content = JsonContent.Create(body);
            var reply = await stranger.Http.SendAsync(request);
            Assert.True(reply.StatusCode == HttpStatusCode.NotFound, $"{name}: {reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
        }
        Assert.Equal(15, routes.Count);
    }

    [Fact]
    public async Task Every_route_but_the_programmes_needs_a_candidate()
    {
        foreach (var (method, pattern, name) in Routes())
        {
            var address = pattern.Replace("{id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{step}", "report", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.Unauthorized, name), (await Send(service.Anonymous()), name));
            Assert.Equal((HttpStatusCode.Forbidden, name), (await Send(service.Officer("national", "")), name));

            async Task<HttpStatusCode> Send(HttpClient client) => (await client.SendAsync(new(method, address) { Content = JsonContent.Create(new { }) })).StatusCode;
        }
    }

    [Fact]
    public async Task The_api_document_can_be_made() => Assert.Contains("/api/applications/{id}/submissions", await service.Anonymous().GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);

    private List<(HttpMethod Method, string Pattern, string Name)> Routes() =>
    [
        .. service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (new HttpMethod(e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods[0] ?? "GET"), "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? ""))
            .Where(e => e.Item2.StartsWith("/api/applications", StringComparison.Ordinal) || e.Item2.StartsWith("/api/profile", StringComparison.Ordinal)),
    ];
}
