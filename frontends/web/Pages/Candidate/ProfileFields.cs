using System.Globalization;
using System.Text.Json.Nodes;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>The six groups of the profile as a person fills them in.</summary>
public sealed record ProfileGroup(string Code, bool IsList, IReadOnlyList<ProfileField> Fields)
{
    public string Title => Words(Code);

    public static IReadOnlyList<ProfileGroup> All { get; } =
    [
        new("basic", false, [new("ethnicGroup"), new("politicalStatus", Optional: true)]),
        new("contact", false, [new("address", Autocomplete: "street-address"), new("postcode", Autocomplete: "postal-code", Width: "govuk-input--width-5"), new("email", Optional: true, Autocomplete: "email")]),
        new("work", false, [new("employer", Register: "units", Autocomplete: "organization"), new("employerKind", Optional: true), new("since", IsMonth: true), new("post", Optional: true), new("title", Optional: true), new("titleSince", Optional: true, IsMonth: true), new("duty", Optional: true)]),
        new("education", true, [new("school", Register: "schools"), new("major"), new("level", Choices: ["secondary", "juniorCollege", "bachelor", "master", "doctor"]), new("graduatedOn", IsMonth: true), new("certificateNumber", Optional: true), new("degree", Optional: true)]),
        new("training", true, [new("title"), new("organisation"), new("from", IsMonth: true), new("until", IsMonth: true), new("type", Choices: ["residency", "continuing", "other"])]),
        new("certificates", true, [new("title"), new("number"), new("issuedOn", IsMonth: true), new("type", Choices: ["physician", "assistantPhysician", "ruralAssistantPhysician", "nurse", "residency", "other"]), new("registeredOn", Optional: true, IsMonth: true), new("registrationNumber", Optional: true)]),
    ];

    public static ProfileGroup Of(string code) => All.FirstOrDefault(g => g.Code == code) ?? throw new NotHereException();

    public string TitleOf(ProfileField field) => Words($"{Code}-{field.Code}");

    public IReadOnlyList<Choice> ChoicesOf(ProfileField field) => [.. field.Choices!.Select(choice => new Choice(choice, Words($"{Code}-{field.Code}-{choice}")))];

    /// <summary>What was filled in, as the platform takes it.</summary>
    public JsonObject Filled(Func<string, string> posted)
    {
        var filled = new JsonObject();
        foreach (var field in Fields) filled[field.Code] = posted(field.Code) is { Length: > 0 } value ? value : null;
        return filled;
    }

    internal static string Words(string name) => ProfileWords.ResourceManager.GetString(name, CultureInfo.InvariantCulture) ?? name;
}

/// <param name="Register">The register whose names are offered while one types.</param>
/// <param name="Choices">Where it is one of several.</param>
public sealed record ProfileField(string Code, bool Optional = false, bool IsMonth = false, string? Register = null, IReadOnlyList<string>? Choices = null, string? Autocomplete = null, string Width = "");
