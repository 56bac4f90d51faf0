using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>This browser's way to WeChat and back: what comes back with another state was not begun here. In an encrypted cookie, for ten minutes, once.</summary>
public sealed class WeChatStates(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("wechat-state").ToTimeLimitedDataProtector();

    /// <param name="returnTo">Where the person goes on afterwards.</param>
    public string Begin(HttpContext context, string returnTo)
    {
        ArgumentNullException.ThrowIfNull(context);
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        context.Response.Cookies.Append(NameOf(context), protector.Protect($"{state} {returnTo}", Life), Options(context));
        return state;
    }

    /// <summary>Where the person goes on; null where this browser did not begin with that state, or has come back before.</summary>
    public string? Take(HttpContext context, string state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        if (context.Request.Cookies[NameOf(context)] is not { } kept) return null;
        context.Response.Cookies.Delete(NameOf(context), Options(context));
        try
        {
            var (begun, returnTo) = protector.Unprotect(kept).Split(' ', 2) is [var first, var second] ? (first, second) : ("", "");
            return begun.Length > 0 && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(begun), System.Text.Encoding.UTF8.GetBytes(state)) ? returnTo : null;
        }
        catch (CryptographicException)
        {
            return null; // not ours, or too old
        }
    }

    private static string NameOf(HttpContext context) => SessionSetup.NameOf("exam-wechat", context.Request.IsHttps);

    private static CookieOptions Options(HttpContext context) => new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true };
}
