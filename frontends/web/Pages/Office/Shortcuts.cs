using ExamPlatform.Web.Layout;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>Keys that do what links and buttons do. They are off until a person switches them on (WCAG 2.1.4); the choice is a part of the display that follows the person.</summary>
public static class Shortcuts
{
    /// <summary>What the pages can be told by a key, in the order in which it is explained.</summary>
    public static IReadOnlyList<string> Keys => ["j", "k", "n", "p", "c", "d", "z", "x", "r", "l", "?"];

    public static bool AreOn(HttpContext context) => context is not null && Display.Of(context.Request).Shortcuts;

    /// <summary>The key as the element says it; null while keys are switched off.</summary>
    public static string? Of(HttpContext context, string? key) => AreOn(context) ? key : null;

    /// <summary>The same for a component that hands on what it is given: nothing at all while keys are switched off.</summary>
    public static IReadOnlyDictionary<string, object> On(HttpContext context, string key) => AreOn(context) ? new Dictionary<string, object> { ["aria-keyshortcuts"] = key } : new Dictionary<string, object>();
}
