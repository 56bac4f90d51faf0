namespace ExamPlatform.Applications;

/// <summary>A form as it is filled at a moment: what the programme's rules are asked about.</summary>
/// <param name="Answers">By <c>section/field</c>.</param>
/// <param name="Area">The chosen area; null while none is chosen.</param>
/// <param name="Policy">The chosen area's; null while none is chosen.</param>
/// <param name="PersonDocumentType">The kind of identity document the person registered with, in identity's words.</param>
public sealed record Filling(
    ExamProgramme Programme, IReadOnlyDictionary<string, string> Answers, string? Area, AreaPolicy? Policy, ProfileGroups Profile, Guid? PhotoId, IReadOnlyDictionary<string, Guid> Documents,
    IReadOnlyList<Preference> Preferences, string PersonDocumentType, DateOnly Today)
{
    /// <summary>The profile's entries that a field chooses.</summary>
    public IEnumerable<IProfileEntry> Chosen(string path) =>
        Programme.Field(path) is EntryField field && Answers.TryGetValue(path, out var ids) ? EntryField.Ids(ids).Select(id => Profile.Find(field.Group, id)).OfType<IProfileEntry>() : [];

    /// <summary>The papers this application must send by post.</summary>
    public IEnumerable<PaperRule> PapersAsked => (Programme.Papers ?? []).Where(p => p.When.AllHold(this));

    /// <summary>The documents this application must bring.</summary>
    public IEnumerable<DocumentRule> DocumentsAsked => Programme.Documents.Where(d => d.RequiredWhen.AllHold(this));

    /// <summary>Every fault of the whole, each at <c>#/step/field</c>.</summary>
    public IReadOnlyList<Fault> AllFaults() => [.. AreaFaults(), .. Programme.Form.SelectMany(Faults), .. PhotoFaults(), .. DocumentFaults(), .. Profile.Missing(Programme)];

    public IEnumerable<Fault> AreaFaults()
    {
        if (Programme.Preferences is not null)
        {
            if (Preferences.Count == 0) yield return new("#/preferences", "required", "Choose a training base and a speciality.");
        }
        else if (Policy is null) yield return new("#/area", "required", "Choose the area and the site.");
    }

    public IEnumerable<Fault> PhotoFaults()
    {
        if (PhotoId is null) yield return new("#/photo", "required", "Upload a photo and confirm it for this application.");
    }

    public IEnumerable<Fault> DocumentFaults() => DocumentsAsked.Where(d => !Documents.ContainsKey(d.Code))
        .Select(d => new Fault($"#/documents/{d.Code}", "required", $"Upload this document: {d.Title}."));

    public IEnumerable<Fault> Faults(FormSection section)
    {
        foreach (var field in section.Fields)
        {
            var path = $"{section.Code}/{field.Code}";
            if (!Answers.TryGetValue(path, out var value))
            {
                if (field.RequiredWhen is not null && field.RequiredWhen.AllHold(this)) yield return new($"#/{path}", "required", $"Fill in: {field.Title}.");
            }
            else if ((field.Check(value, Today) ?? field.CheckWithin(value, this)) is { } wrong) yield return new($"#/{path}", wrong.Code, wrong.Detail);
        }
    }
}
