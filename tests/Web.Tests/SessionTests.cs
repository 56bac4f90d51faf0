using System.Net;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Layout;
using ExamPlatform.Web.Pages;
using ExamPlatform.Web.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Web.Tests;

/// <summary>What a browser is told and given, as the web front end sets it up where it is deployed and where it is developed.</summary>
public sealed class SessionTests
{
    /// <summary>A token as far as the web front end reads one.</summary>
    private static Sessions.Tokens Token(string sid) => new($"x.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($$"""{"sub":"a","role":"candidate","sid":"{{sid}}"}"""))}.x", "r", 600);

    [Fact]
    public async Task Deployed_every_cookie_is_the_hosts_own_over_https_and_no_scripts()
    {
        await using var web = await Start(Environments.Production, new Asked());

        var cookies = await Cookies(web);

        Assert.Equal(["__Host-exam", "__Host-exam-device", "__Host-exam-display", "__Host-exam-face", "__Host-exam-form"], cookies.Select(cookie => cookie.Split('=')[0]).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie =>
        {
            foreach (var part in (string[])["; path=/", "; secure", "; samesite=lax", "; httponly"]) Assert.Contains(part, $"{cookie};", StringComparison.Ordinal);
            Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task In_development_where_there_is_no_https_they_have_plain_names()
    {
        await using var web = await Start(Environments.Development, new Asked());

        Assert.Equal(["exam", "exam-device", "exam-display", "exam-face", "exam-form"], (await Cookies(web)).Select(cookie => cookie.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_answer_says_what_a_browser_may_do_with_it()
    {
        await using var web = await Start(Environments.Production, new Asked());

        var headers = (await Get(web, "/nowhere")).Headers;

        foreach (var directive in (string[])["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'", "form-action 'self'"])
            Assert.Contains(directive, headers.GetValues("Content-Security-Policy").Single().Split("; "));
        Assert.Equal("max-age=63072000; includeSubDomains", headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal(("nosniff", "same-origin", "no-store"), (headers.GetValues("X-Content-Type-Options").Single(), headers.GetValues("Referrer-Policy").Single(), $"{headers.CacheControl}"));
        Assert.Equal("same-origin", headers.GetValues("Cross-Origin-Opener-Policy").Single());
    }

    [Fact]
    public async Task Who_signs_in_anew_ends_the_session_before()
    {
        var platform = new Asked();
        await using var web = await Start(Environments.Development, platform);
        var first = (await Cookies(web, "/sign-in/one")).Single(cookie => cookie.StartsWith("exam=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Empty(platform.Requests);

        await Get(web, "/sign-in/two", first);

        Assert.Equal([$"DELETE /api/identity/sessions/current {Token("one").AccessToken}"], platform.Requests);
    }

    [Fact]
    public async Task Who_leaves_takes_cookie_and_kept_pages_along()
    {
        await using var web = await Start(Environments.Development, new Asked());

        var headers = (await Get(web, "/sign-out")).Headers;

        Assert.Equal("\"cache\", \"storage\"", headers.GetValues("Clear-Site-Data").Single());
        Assert.StartsWith("exam=;", headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    /// <summary>Pages and the addresses that are none.</summary>
    [Fact]
    public async Task Whatever_is_posted_needs_the_token_of_our_own_form()
    {
        await using var web = await Start(Environments.Development, new Asked());

        var taken = ((IEndpointRouteBuilder)web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD")) ?? true).ToList();

        Assert.True(taken.Count > 40);
        // a bank's page posts the payer's way back, which is only sent on
        Assert.Equal(["/payments/returned/{fee:guid}"], taken.Where(endpoint => endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true }).Select(endpoint => endpoint.RoutePattern.RawText));
    }

    private static async Task<IReadOnlyList<string>> Cookies(WebApplication web, string path = "/sign-in/one") => [.. (await Get(web, path)).Headers.GetValues("Set-Cookie")];

    internal static async Task<HttpResponseMessage> Get(WebApplication web, string path, string? cookie = null)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(web.Urls.First()), path));
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request);
    }

    /// <param name="platform">Stands for the gateway.</param>
    internal static async Task<WebApplication> Start(string environment, HttpMessageHandler platform)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Web:KeysPath"] = Directory.CreateTempSubdirectory("exam-web-keys-").FullName;
        builder.Services.AddSingleton(TimeProvider.System).AddHttpContextAccessor();
        builder.Services.AddHttpClient<Gateway>(client => client.BaseAddress = new("http://gateway")).ConfigurePrimaryHttpMessageHandler(() => platform);
        builder.Services.AddScoped<ExamTitles>().AddScoped<Contents>().AddRazorComponents();
        builder.AddSessions();
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapGet("/sign-in/{sid}", async (string sid, HttpContext context, IAntiforgery forms, WaitingDevices devices, WaitingFaces faces, TimeProvider clock) =>
        {
            await SignedInPerson.SignIn(context, Token(sid), clock);
            forms.GetAndStoreTokens(context);
            devices.Keep(context, new("secret", "12345678", clock.GetUtcNow().AddMinutes(5), 3));
            faces.Keep(context, new(Guid.NewGuid(), "secret", new("https://faces.example"), clock.GetUtcNow().AddMinutes(10)));
            Display.Standard.Keep(context.Response);
        });
        app.MapGet("/sign-out", (HttpContext context) => context.SignOutAsync());
        app.MapContent();
        app.MapRazorComponents<App>();
        await app.StartAsync();
        return app;
    }

    /// <summary>Stands for the gateway: everything is done.</summary>
    private sealed class Asked : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath} {request.Headers.Authorization?.Parameter}");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        }
    }
}
