using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>What is typed in a step is saved while it is typed. Only the script calls this; without it the button saves.</summary>
public static class Autosave
{
    private static readonly HashSet<string> NotAnswers = ["__RequestVerificationToken", "_handler", "version", "autosave"];

    /// <param name="Version">What the next change has to name; null where nothing was saved.</param>
    /// <param name="Text">To be announced.</param>
    /// <param name="Errors">What is wrong, by field.</param>
    public sealed record Saved(string? Version, string Text, IReadOnlyDictionary<string, string> Errors);

    public static async Task<Results<Ok<Saved>, StatusCodeHttpResult>> Save(Guid id, string code, HttpContext context, Gateway gateway)
    {
        var form = context.Request.Form;
        var answers = form.Where(field => !NotAnswers.Contains(field.Key)).ToDictionary(field => field.Key, field => string.Join(',', field.Value.ToArray()));
        Task<Reply<ApplicationView>> Send() => gateway.Patch<ApplicationView>($"/api/applications/{id}/steps/{Uri.EscapeDataString(code)}", new { answers }, form["version"]);
        var reply = await Send();
        IReadOnlyList<Fault> wrong = reply.Problem?.Faults ?? [];
        if (wrong.Any(fault => answers.Remove(fault.Field))) reply = await Send(); // one wrong answer keeps no other from being saved
        if (reply.Problem is { } problem) return TypedResults.StatusCode(problem.Status == StatusCodes.Status400BadRequest ? StatusCodes.Status422UnprocessableEntity : problem.Status);
        var asked = (await gateway.Get<FormView>($"/api/applications/{id}/form")).Expect().Steps.FirstOrDefault(step => step.Code == code)?.Fields ?? [];
        var errors = wrong.Concat(reply.Value!.Steps.FirstOrDefault(step => step.Code == code)?.Faults ?? []).DistinctBy(fault => fault.Field)
            .ToDictionary(fault => fault.Field, fault => Refusals.Words(fault, asked.FirstOrDefault(field => field.Code == fault.Field)?.Title ?? ""));
        return TypedResults.Ok(new Saved(reply.ETag, errors.Count == 0 ? Apply.Autosaved : Apply.AutosavedRest, errors));
    }
}
