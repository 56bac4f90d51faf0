using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>Something secret that a browser waits for, in an encrypted cookie that lives no longer than it.</summary>
/// <param name="name">The cookie's.</param>
/// <param name="purpose">What is encrypted for one purpose opens for no other.</param>
public abstract class WaitingCookie<T>(IDataProtectionProvider protection, TimeProvider clock, string name, string purpose, Func<T, DateTimeOffset> end) where T : class
{
    private readonly IDataProtector protector = protection.CreateProtector(purpose);

    public void Keep(HttpContext context, T waiting)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(waiting);
        context.Response.Cookies.Append(NameOf(context.Request), protector.Protect(JsonSerializer.Serialize(waiting)), Options(context, end(waiting)));
    }

    /// <summary>Null where this browser does not wait, or not any more.</summary>
    public T? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return request.Cookies[NameOf(request)] is { } kept && JsonSerializer.Deserialize<T>(protector.Unprotect(kept)) is { } waiting && clock.GetUtcNow() < end(waiting) ? waiting : null;
        }
        catch (CryptographicException)
        {
            return null; // not ours
        }
    }

    public void Forget(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Delete(NameOf(context.Request), Options(context, null));
    }

    private string NameOf(HttpRequest request) => SessionSetup.NameOf(name, request.IsHttps);

    private static CookieOptions Options(HttpContext context, DateTimeOffset? until) =>
        new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true, Expires = until };
}
