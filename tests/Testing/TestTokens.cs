using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Testing;

/// <summary>Access tokens as identity would issue them, under a key of the test process.</summary>
public static class TestTokens
{
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public static string Create(DateTimeOffset now, Guid id, string role, string level = "", string areaPath = "", string audience = TokenNames.Audience, string type = TokenNames.Type) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = TokenNames.Issuer,
            Audience = audience,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime.AddMinutes(10),
            SigningCredentials = new(Key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object> { ["sub"] = id.ToString(), [TokenNames.Role] = role, [TokenNames.Level] = level, [TokenNames.AreaPath] = areaPath },
        });

    /// <summary>Lets a service under test trust the key above.</summary>
    public static void Trust(IServiceCollection services) => services.PostConfigureAll<JwtBearerOptions>(options =>
    {
        options.Configuration = new OpenIdConnectConfiguration();
        options.TokenValidationParameters.IssuerSigningKey = Key;
    });
}
