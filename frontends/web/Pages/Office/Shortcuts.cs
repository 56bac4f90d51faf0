namespace ExamPlatform.Web.Pages.Office;

/// <summary>Keys that do what links and buttons do. A person can switch them off (WCAG 2.1.4): kept for a year in a cookie that says nothing else.</summary>
public static class Shortcuts
{
    private const string Cookie = "exam-shortcuts", Off = "off";

    /// <summary>What the pages can be told by a key, in the order in which it is explained.</summary>
    public static IReadOnlyList<string> Keys => ["j", "k", "n", "p", "c", "d", "z", "x", "r", "l", "?"];

    public static bool AreOn(HttpContext context) => context?.Request.Cookies[Cookie] != Off;

    public static string? Switch(HttpContext context) => AreOn(context) ? "on" : null;

    /// <summary>The key as the element says it; null while keys are switched off.</summary>
    public static string? Of(HttpContext context, string? key) => AreOn(context) ? key : null;

    /// <summary>The same for a component that hands on what it is given: nothing at all while keys are switched off.</summary>
    public static IReadOnlyDictionary<string, object> On(HttpContext context, string key) => AreOn(context) ? new Dictionary<string, object> { ["aria-keyshortcuts"] = key } : new Dictionary<string, object>();

    public static void Keep(HttpResponse response, bool on)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Cookies.Append(Cookie, on ? "on" : Off, new() { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), Path = "/" });
    }
}
