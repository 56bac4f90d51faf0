using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>What saving a group of the profile would say of what is typed so far. Only the script calls this.</summary>
public static class CheckProfile
{
    public static async Task<Ok<Public.CheckRegistration.Found>> Check(string code, HttpContext context, Gateway gateway)
    {
        var group = ProfileGroup.Of(code);
        var filled = group.Filled(field => context.Request.Form[field].ToString().Trim());
        // what is missing altogether is refused before anything else is looked at; what is not filled in yet must not hide what is wrong
        foreach (var field in group.Fields.Where(f => !f.Optional && filled[f.Code] is null)) filled[field.Code] = field.Choices?[0] ?? "";
        object body = group.IsList ? new { entries = new[] { filled } } : filled;
        var faults = (await gateway.Post<Nothing>($"/api/profile/{code}/check", body)).Problem?.Faults ?? [];
        return TypedResults.Ok(new Public.CheckRegistration.Found(faults.Where(fault => group.Fields.Any(f => f.Code == fault.Field)).DistinctBy(fault => fault.Field)
            .ToDictionary(fault => fault.Field, fault => Refusals.Words(fault, group.TitleOf(group.Fields.First(f => f.Code == fault.Field))))));
    }
}
