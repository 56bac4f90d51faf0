using ExamPlatform.Web.Pages.Candidate;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>How a person stays signed in, and what every page tells the browser it may do.</summary>
public static class SessionSetup
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        var keys = builder.Configuration["Web:KeysPath"] ?? throw new InvalidOperationException("Set Web:KeysPath: the folder, shared by all replicas, of the keys that cookies are encrypted with.");
        builder.Services.AddDataProtection().SetApplicationName("exam-web").PersistKeysToFileSystem(new DirectoryInfo(keys));
        builder.Services.AddMemoryCache().AddSingleton<Renewals>().AddSingleton<FormKeeper>().AddSingleton<WaitingDevices>().AddSingleton<WaitingFaces>().AddSingleton<WeChatStates>();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = NameOf("exam", !builder.Environment.IsDevelopment());
            Harden(cookie.Cookie);
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.Events.OnValidatePrincipal = SignedInPerson.Validate;
            cookie.Events.OnSigningOut = leaving => Task.FromResult(leaving.HttpContext.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\""); // whoever sits down next finds no page of before
            cookie.Events.OnRedirectToLogin = AskToSignIn;
            cookie.Events.OnRedirectToAccessDenied = denied => Task.FromResult(denied.Response.StatusCode = StatusCodes.Status403Forbidden);
        });
        builder.Services.AddAuthorizationBuilder().AddPolicy("candidate", person => person.RequireRole("candidate")).AddPolicy("officer", person => person.RequireRole("officer")).AddPolicy("operator", person => person.RequireRole("operator"));
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = NameOf("exam-form", !builder.Environment.IsDevelopment());
            Harden(antiforgery.Cookie);
        });
        builder.Services.AddCascadingAuthenticationState();
    }

    /// <summary>Pages load nothing from elsewhere and run no script of their own text; nobody frames them; personal pages are not kept by anything on the way.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        if (!app.Environment.IsDevelopment()) context.Request.Scheme = Uri.UriSchemeHttps; // TLS ends at the ingress; nobody comes in another way
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = $"default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action {PayWays.FormAction(context)}; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";
            headers.XContentTypeOptions = "nosniff";
            headers.StrictTransportSecurity = Extensions.StrictTransport;
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>By this name a browser takes a cookie from https only, for this very host and the whole of it. In development there is no https.</summary>
    public static string NameOf(string cookie, bool https) => https ? $"__Host-{cookie}" : cookie;

    private static void Harden(CookieBuilder cookie) => (cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy, cookie.IsEssential) = (true, SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest, true);

    /// <summary>Who must sign in first comes back to the page; who has just sent a form gets it back, filled as it was.</summary>
    private static async Task AskToSignIn(Microsoft.AspNetCore.Authentication.RedirectContext<CookieAuthenticationOptions> asked)
    {
        var (context, kept) = (asked.HttpContext, await KeptForm.Of(asked.HttpContext));
        if (kept is not null) await Rescue.Show(context, StatusCodes.Status401Unauthorized, Layout.KeptPage.Why.SignedOut, kept);
        else context.Response.Redirect($"/sign-in?return={Uri.EscapeDataString(KeptForm.Address(context))}");
    }
}
