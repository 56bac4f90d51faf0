namespace ExamPlatform.Web.Components;

/// <summary>What was sent is not on the page any more; the present state is at an address.</summary>
public sealed class FormGoneException(string address) : Exception("The form is no longer on the page.")
{
    public string Address => address;
}

/// <summary>The names of the forms that the answer to this request draws.</summary>
internal static class DrawnForms
{
    private static readonly object Key = new();

    public static HashSet<string> Of(HttpContext context) => context.Items[Key] as HashSet<string> ?? Begin(context);

    private static HashSet<string> Begin(HttpContext context)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        context.Items[Key] = names;
        return names;
    }
}
