using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace ExamPlatform.Web.Sessions;

/// <summary>The tokens that the platform gave for a person.</summary>
public sealed record Tokens(string AccessToken, string RefreshToken, int ExpiresIn);

/// <summary>A person's session, kept in an encrypted cookie: who it is, and the tokens the gateway is asked with. Nothing of it is kept here.</summary>
public static class SignedInPerson
{
    public const string AccessToken = "access_token";
    private const string RefreshToken = "refresh_token", RenewAt = "renew_at";
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public static bool IsOfficer(this ClaimsPrincipal person) => person.FindFirst("role")?.Value == "officer";

    /// <summary>An officer who has to set up an authenticator app before anything else.</summary>
    public static bool IsEnrolling(this ClaimsPrincipal person) => person.FindFirst("role")?.Value == "enrolling";
    public static bool IsOperator(this ClaimsPrincipal person) => person.FindFirst("role")?.Value == "operator";

    /// <summary>Where a person's work begins.</summary>
    public static string Start(this ClaimsPrincipal person) => person.IsOfficer() ? "/office" : person.IsOperator() ? "/operations" : person.IsEnrolling() ? "/settings/second-factor" : "/applications";

    /// <summary>An officer's jurisdiction: area codes, each ended by a slash; empty for the whole country.</summary>
    public static string AreaPath(this ClaimsPrincipal person) => person.FindFirst("area")?.Value ?? "";
    public static string Level(this ClaimsPrincipal person) => person.FindFirst("level")?.Value ?? "";

    /// <summary>Who was signed in here before is signed out on the other side too.</summary>
    public static async Task<ClaimsPrincipal> SignIn(HttpContext context, Tokens tokens, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.User.Identity?.IsAuthenticated == true) await End(context.RequestServices.GetRequiredService<Gateway>());
        var person = new ClaimsPrincipal(new ClaimsIdentity(ClaimsOf(tokens.AccessToken), CookieAuthenticationDefaults.AuthenticationScheme, "sub", "role"));
        var properties = new AuthenticationProperties { IsPersistent = false };
        Keep(properties, tokens, clock.GetUtcNow());
        await context.SignInAsync(person, properties);
        context.Items[AccessToken] = tokens.AccessToken; // what is asked in the rest of this request is asked as this person
        return person;
    }

    /// <summary>Ends the session on the other side. Where that cannot be asked, its tokens end by themselves.</summary>
    public static async Task End(Gateway gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        try
        {
            await gateway.Delete<Nothing>("/api/identity/sessions/current");
        }
        catch (Exception e) when (e is GatewayAwayException or SignedOutException)
        {
            // the cookie goes all the same
        }
    }

    /// <summary>Renews the access token a minute before it ends. Only a refusal ends the session: a gateway that is away leaves it as it is.</summary>
    public static async Task Validate(CookieValidatePrincipalContext context)
    {
        var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        if (context.Properties.GetString(RenewAt) is { } at && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) > clock.GetUtcNow()) return;
        try
        {
            var renewed = await context.HttpContext.RequestServices.GetRequiredService<Renewals>().Renew(context.Properties.GetTokenValue(RefreshToken) ?? "");
            if (renewed is null)
            {
                context.RejectPrincipal();
                return;
            }
            Keep(context.Properties, renewed, clock.GetUtcNow());
            context.ShouldRenew = true;
        }
        catch (GatewayAwayException)
        {
            // the page will say so
        }
    }

    private static void Keep(AuthenticationProperties properties, Tokens tokens, DateTimeOffset now)
    {
        properties.StoreTokens([new() { Name = AccessToken, Value = tokens.AccessToken }, new() { Name = RefreshToken, Value = tokens.RefreshToken }]);
        properties.SetString(RenewAt, (now.AddSeconds(tokens.ExpiresIn) - Ahead).ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>What the token says of the person. It came from the gateway over our own connection; each request it is sent with is judged there.</summary>
    private static IEnumerable<Claim> ClaimsOf(string token)
    {
        using var payload = JsonDocument.Parse(Base64Url(token.Split('.')[1]));
        return [.. new[] { "sub", "sid", "role", "level", "area" }.Where(name => payload.RootElement.TryGetProperty(name, out _)).Select(name => new Claim(name, payload.RootElement.GetProperty(name).GetString() ?? ""))];
    }

    private static byte[] Base64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
