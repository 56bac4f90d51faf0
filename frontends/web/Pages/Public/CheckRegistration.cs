using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Public;

/// <summary>What registering would say of what is typed so far. Only the script calls this; without it the button tells all at once.</summary>
public static class CheckRegistration
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["name"] = PublicWords.Name,
        ["documentType"] = PublicWords.DocumentType,
        ["documentNumber"] = PublicWords.DocumentNumber,
        ["sex"] = PublicWords.Sex,
        ["birthDate"] = PublicWords.BirthDate,
        ["nationality"] = PublicWords.Nationality,
        ["identityType"] = PublicWords.IdentityType,
        ["mobile"] = PublicWords.Mobile,
        ["password"] = Site.Password,
        ["smsCode"] = PublicWords.Code,
    };

    /// <param name="Errors">What is wrong, by field.</param>
    public sealed record Found(IReadOnlyDictionary<string, string> Errors);

    public static async Task<Ok<Found>> Check(HttpContext context, Gateway gateway)
    {
        var faults = (await gateway.Post<Nothing>("/api/identity/candidates/check", Typed(context.Request.Form))).Problem?.Faults ?? [];
        return TypedResults.Ok(new Found(faults.DistinctBy(At).Where(fault => At(fault) is not null).ToDictionary(fault => At(fault)!.Value.Field, fault => Refusals.Words(fault, At(fault)!.Value.Title))));
    }

    /// <summary>A registration as the platform takes it.</summary>
    public static object Typed(IFormCollection form)
    {
        string Posted(string name) => form[name].ToString().Trim();
        string? Given(string name) => Posted(name) is { Length: > 0 } value ? value : null;
        return new
        {
            name = Posted("name"),
            documentType = Posted("documentType"),
            documentNumber = Posted("documentNumber"),
            repeat = new { name = Posted("repeat-name"), documentType = Posted("documentType"), documentNumber = Posted("repeat-documentNumber") },
            mobile = Posted("mobile"),
            password = form["password"].ToString(),
            noticeVersion = Posted("noticeVersion"),
            sex = Given("sex"),
            birthDate = Given("birthDate"),
            nationality = Given("nationality"),
            identityType = Given("identityType"),
            smsCode = Guid.TryParse(Posted("codeId"), out var id) ? new { id, code = Posted("smsCode") } : null,
        };
    }

    /// <summary>The input that a fault is about, and its title; null where the page has no such input.</summary>
    public static (string Field, string Title)? At(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Pointer switch
        {
            "#/repeat/name" => ("repeat-name", PublicWords.SecondName),
            "#/repeat/documentNumber" => ("repeat-documentNumber", PublicWords.SecondNumber),
            "#/noticeVersion" => ("accepted", PublicWords.NoticeTitle),
            _ => Titles.TryGetValue(fault.Field, out var title) && !fault.Pointer.StartsWith("#/repeat/", StringComparison.Ordinal) ? (fault.Field, title) : null,
        };
    }
}
