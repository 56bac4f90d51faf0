namespace ExamPlatform.Web.Layout;

/// <summary>How a person wants pages to look. Kept for a year in a cookie that says nothing else.</summary>
/// <param name="Theme">auto, light, dark or contrast.</param>
/// <param name="Text">100, 125, 150 or 200: percent.</param>
public sealed record Display(string Theme, string Text)
{
    private const string Cookie = "exam-display";

    public static readonly Display Standard = new("auto", "100");
    public static IReadOnlyList<string> Themes => ["auto", "light", "dark", "contrast"];
    public static IReadOnlyList<string> Texts => ["100", "125", "150", "200"];

    public static Display Of(HttpRequest request) => request.Cookies[Cookie]?.Split('.') is [var theme, var text] ? Checked(theme, text) : Standard;

    public static Display Checked(string? theme, string? text) => new(Themes.FirstOrDefault(t => t == theme) ?? Standard.Theme, Texts.FirstOrDefault(t => t == text) ?? Standard.Text);

    public void Keep(HttpResponse response) => response.Cookies.Append(Cookie, $"{Theme}.{Text}", new() { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), Path = "/" });
}
