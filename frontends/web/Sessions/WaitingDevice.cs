using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>This browser's asking to be signed in by a phone, as identity answered it.</summary>
/// <param name="DeviceCode">The secret; it leaves this process only encrypted.</param>
/// <param name="UserCode">Eight digits, for the person.</param>
public sealed record WaitingDevice(string DeviceCode, string UserCode, DateTimeOffset EndsAt, int PollSeconds)
{
    /// <summary>In groups of four, as they are read out.</summary>
    public string Digits => $"{UserCode[..4]} {UserCode[4..]}";
}

/// <summary>Keeps it in an encrypted cookie of the one page that needs it, no longer than the code lives.</summary>
public sealed class WaitingDevices(IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Page = "/sign-in/scan";
    private const string Cookie = "exam-device";
    private readonly IDataProtector protector = protection.CreateProtector("waiting-device");

    public void Keep(HttpContext context, WaitingDevice device)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(device);
        context.Response.Cookies.Append(Cookie, protector.Protect(JsonSerializer.Serialize(device)), Options(context, device.EndsAt));
    }

    /// <summary>Null where this browser does not wait, or not any more.</summary>
    public WaitingDevice? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return request.Cookies[Cookie] is { } kept && JsonSerializer.Deserialize<WaitingDevice>(protector.Unprotect(kept)) is { } device && clock.GetUtcNow() < device.EndsAt ? device : null;
        }
        catch (CryptographicException)
        {
            return null; // not ours
        }
    }

    public static void Forget(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Delete(Cookie, Options(context, null));
    }

    private static CookieOptions Options(HttpContext context, DateTimeOffset? until) =>
        new() { Path = Page, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true, Expires = until };
}
