using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Identities.Features;

/// <summary>Tells everybody which keys access tokens are signed with (OpenID Connect Discovery, RFC 7517).</summary>
public static class PublishKeys
{
    public sealed record Discovery(
        [property: JsonPropertyName("issuer")] string Issuer,
        [property: JsonPropertyName("jwks_uri")] string JwksUri,
        [property: JsonPropertyName("id_token_signing_alg_values_supported")] string[] Algorithms);

    public sealed record PublishedKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

    public sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys);

    public static void MapPublishKeys(this IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/openid-configuration", Describe).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/.well-known/jwks.json", Publish).AllowAnonymous().ExcludeFromDescription();
    }

    private static Ok<Discovery> Describe(HttpRequest request) =>
        TypedResults.Ok(new Discovery(TokenNames.Issuer, $"{request.Scheme}://{request.Host}/.well-known/jwks.json", [SecurityAlgorithms.EcdsaSha256]));

    private static async Task<Ok<PublishedKeys>> Publish(SigningKeys keys, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new PublishedKeys([.. (await keys.All(ct)).Select(Public)]));
    }

    private static PublishedKey Public(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new("EC", "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y), key.KeyId, "sig", SecurityAlgorithms.EcdsaSha256);
    }
}
