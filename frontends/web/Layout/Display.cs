using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Sessions;

namespace ExamPlatform.Web.Layout;

/// <summary>How a person wants pages to look. A cookie carries it, so that no page has to ask; who is signed in finds it in every browser they sign in with.</summary>
/// <param name="Theme">auto, light, dark or contrast.</param>
/// <param name="Text">100, 125, 150 or 200: percent.</param>
/// <param name="Shortcuts">Whether single keys are short cuts on officers' pages.</param>
public sealed record Display(string Theme, string Text, bool Shortcuts = false)
{
    private const string On = "keys", Address = "/api/identity/me/display";

    private sealed record Kept(string Theme, int Text, bool Shortcuts);

    public static readonly Display Standard = new("auto", "100");
    public static IReadOnlyList<string> Themes => ["auto", "light", "dark", "contrast"];
    public static IReadOnlyList<string> Texts => ["100", "125", "150", "200"];

    public static Display Of(HttpRequest request) => request.Cookies[NameOf(request)]?.Split('.') is [var theme, var text, .. var more] ? Checked(theme, text, more is [On]) : Standard;

    public static Display Checked(string? theme, string? text, bool shortcuts) => new(Themes.FirstOrDefault(t => t == theme) ?? Standard.Theme, Texts.FirstOrDefault(t => t == text) ?? Standard.Text, shortcuts);

    private static string NameOf(HttpRequest request) => SessionSetup.NameOf("exam-display", request.IsHttps);

    public void Keep(HttpResponse response) =>
        response.Cookies.Append(NameOf(response.HttpContext.Request), $"{Theme}.{Text}.{(Shortcuts ? On : "")}", new() { HttpOnly = true, IsEssential = true, Secure = response.HttpContext.Request.IsHttps, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), Path = "/" });

    /// <summary>Keeps it with the person, for their other browsers.</summary>
    public Task KeepWithPerson(Gateway gateway) => gateway.Put<Nothing>(Address, new Kept(Theme, int.Parse(Text, System.Globalization.CultureInfo.InvariantCulture), Shortcuts));

    /// <summary>Brings the display of who has just signed in to this browser. Without an answer it stays as it is here: nobody is kept from signing in by it.</summary>
    public static async Task Follow(Gateway gateway, HttpResponse response)
    {
        try
        {
            if ((await gateway.Get<Kept>(Address)).Value is { } kept) Checked(kept.Theme, $"{kept.Text}", kept.Shortcuts).Keep(response);
        }
        catch (GatewayAwayException)
        {
            // it comes with the next sign-in
        }
    }
}
