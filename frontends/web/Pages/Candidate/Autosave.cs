using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>What is typed in a step is saved while it is typed. Only the script calls this; without it the button saves.</summary>
public static class Autosave
{
    private static readonly HashSet<string> NotAnswers = ["__RequestVerificationToken", "_handler", "version", "autosave"];

    /// <param name="Version">What the next change has to name.</param>
    /// <param name="Text">To be announced.</param>
    public sealed record Saved(string? Version, string Text);

    public static async Task<Results<Ok<Saved>, StatusCodeHttpResult>> Save(Guid id, string code, HttpContext context, Gateway gateway)
    {
        var form = context.Request.Form;
        var answers = form.Where(field => !NotAnswers.Contains(field.Key)).ToDictionary(field => field.Key, field => string.Join(',', field.Value.ToArray()));
        var reply = await gateway.Patch<ApplicationView>($"/api/applications/{id}/steps/{Uri.EscapeDataString(code)}", new { answers }, form["version"]);
        return reply.Problem is { } problem ? TypedResults.StatusCode(problem.Status == StatusCodes.Status400BadRequest ? StatusCodes.Status422UnprocessableEntity : problem.Status) : TypedResults.Ok(new Saved(reply.ETag, Apply.Autosaved));
    }
}
