using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform;

/// <summary>Names inside the access token. ES256, issued by identity, 10 minutes.</summary>
public static class TokenNames
{
    public const string Issuer = "urn:exam:identity";
    public const string Audience = "urn:exam:platform";

    /// <summary>What kind of token it is (RFC 9068): nothing else that is signed with these keys is taken for one.</summary>
    public const string Type = "at+jwt";
    public const string Role = "role";
    public const string Level = "level";
    public const string AreaPath = "area";
    public const string Candidate = "candidate";
    public const string Officer = "officer";
    public const string Operator = "operator";
}

/// <summary>The person behind a request. Binds itself in endpoints: take a parameter of this type and require the policy.</summary>
/// <param name="Id">The candidate's or officer's id in identity.</param>
/// <param name="Role"><see cref="TokenNames.Candidate"/>, <see cref="TokenNames.Officer"/> or <see cref="TokenNames.Operator"/>.</param>
/// <param name="Level">An officer's level: national, area (province), site (city), point; empty for others.</param>
/// <param name="AreaPath">An officer's jurisdiction as a path of area codes, each ended by a slash: <c>110000/110100/</c>; empty means the whole country.</param>
public sealed record Me(Guid Id, string Role, string Level, string AreaPath)
{
    /// <summary>Whether something that happens at <paramref name="areaPath"/> lies in this officer's jurisdiction.</summary>
    public bool Covers(string areaPath) => Role == TokenNames.Officer && areaPath.StartsWith(AreaPath, StringComparison.Ordinal);

    public static ValueTask<Me> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));

    public static Me From(ClaimsPrincipal person) => new(
        Guid.Parse(person.FindFirstValue("sub") ?? throw new InvalidOperationException("The endpoint takes Me but does not require a signed-in person.")),
        person.FindFirstValue(TokenNames.Role) ?? "", person.FindFirstValue(TokenNames.Level) ?? "", person.FindFirstValue(TokenNames.AreaPath) ?? "");
}

public static class Auth
{
    /// <summary>Validates access tokens against identity's published keys. Every endpoint is closed unless it says <c>AllowAnonymous</c>.</summary>
    public static IServiceCollection AddPlatformAuth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((options, clock) =>
        {
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = false; // identity is reached inside the platform's own network
            if (configuration.Addresses("identity") is [var identity, ..]) options.MetadataAddress = new Uri(identity, "/.well-known/openid-configuration").ToString();
            options.TokenValidationParameters = new()
            {
                ValidIssuer = TokenNames.Issuer,
                ValidAudience = TokenNames.Audience,
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ValidTypes = [TokenNames.Type],
                RoleClaimType = TokenNames.Role,
                RequireExpirationTime = true,
                // the platform's clock, not the machine's: development shifts it
                LifetimeValidator = (from, until, _, _) => from <= clock.GetUtcNow().UtcDateTime.AddSeconds(30) && until > clock.GetUtcNow().UtcDateTime,
            };
            options.Events = new() { OnChallenge = Challenge, OnForbidden = context => Forbidden(context.HttpContext) };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(TokenNames.Candidate, p => p.RequireAuthenticatedUser().RequireRole(TokenNames.Candidate))
            .AddPolicy(TokenNames.Officer, p => p.RequireAuthenticatedUser().RequireRole(TokenNames.Officer))
            .AddPolicy(TokenNames.Operator, p => p.RequireAuthenticatedUser().RequireRole(TokenNames.Operator))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }

    private static async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        var (code, detail) = context.AuthenticateFailure switch
        {
            null => ("sign-in-required", "Sign in and send the access token."),
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => ("token-expired", "The access token has expired; refresh it."),
            _ => ("token-invalid", "The access token is not one of this platform's."),
        };
        await Problems.Of(StatusCodes.Status401Unauthorized, code, detail).ExecuteAsync(context.HttpContext);
    }

    private static Task Forbidden(HttpContext context) =>
        Problems.Of(StatusCodes.Status403Forbidden, "not-allowed", "Your role may not do this.").ExecuteAsync(context);
}
