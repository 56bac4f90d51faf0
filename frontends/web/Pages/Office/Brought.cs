using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Pages.Candidate;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>Files that an officer brings for a person at the counter.</summary>
public static class Brought
{
    /// <returns>The upload's id: the newly chosen one, else the one that a former try of the form has brought; null when there is none, or when the errors say what is wrong with it.</returns>
    public static async Task<string?> Bring(this Gateway gateway, IFormCollection form, string field, string kind, Errors errors, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form.Files[field] is not { Length: > 0 } file) return form[$"kept-{field}"].ToString() is { Length: > 0 } kept ? kept : null;
        return (await gateway.Take(file, kind, field, Guid.NewGuid().ToString(), errors, clock))?.Id.ToString();
    }
}
