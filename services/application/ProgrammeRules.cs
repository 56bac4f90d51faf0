namespace ExamPlatform.Applications;

/// <summary>The rules between the parts of a programme: every name refers to something, every window a rule needs is there, nothing is said twice.</summary>
internal sealed class ProgrammeRules(ExamProgramme programme)
{
    /// <summary>Identity's words for documents; closed there.</summary>
    private static readonly string[] DocumentTypes =
        ["residentId", "hkMacaoTaiwanResidencePermit", "hkMacaoTravelPermit", "taiwanTravelPermit", "foreignPermanentResidentCard", "passport", "militaryId"];
    private static readonly string[] ContentTypes = ["image/jpeg", "image/png", "application/pdf"];
    private static readonly string[] Channels = ["wechat-native"];

    private readonly Faults faults = new();

    public static IReadOnlyList<Fault> Faults(ExamProgramme programme)
    {
        var rules = new ProgrammeRules(programme);
        rules.CheckHead();
        rules.CheckForm();
        rules.CheckUploads();
        rules.CheckStages();
        rules.CheckPolicies();
        rules.CheckSessions();
        return rules.faults.All;
    }

    private void CheckHead()
    {
        faults.Add(!Code(programme.Code), "code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(programme.Version < 1, "version", "out-of-range", "Versions count from 1.");
        faults.Add(programme.Candidates.DocumentTypes.Count == 0, "candidates/documentTypes", "empty", "Name at least one identity document that is accepted.");
        Known(programme.Candidates.DocumentTypes, DocumentTypes, "candidates/documentTypes");
        faults.Add(programme.Subjects.Count == 0, "subjects", "empty", "Name at least one subject.").Add(programme.Form.Count == 0, "form", "empty", "Write at least one section.")
            .Add(programme.Stages.Count == 0, "stages", "empty", "Name at least one stage: somebody has to decide.").Add(programme.Sessions.Count == 0, "sessions", "empty", "Write at least one session.");
        Each(programme.ProfileNeeds, "profileNeeds", (need, path) => faults.Add(need.Most is < 1 or > ProfileFaults.MostEntries || (need.Most is not null && !ProfileGroups.Lists.Contains(need.Group)),
            $"{path}/most", "out-of-range", $"1 to {ProfileFaults.MostEntries} entries, of education, training or certificates."));
        faults.Add(programme.Deadlines.LeastDays is < 0 or > 60, "deadlines/leastDays", "out-of-range", "0 to 60 days.");
        Unique(programme.Deadlines.Reminders.Select(r => r.Task.ToString()), "deadlines/reminders");
        Each(programme.Deadlines.Reminders, "deadlines/reminders", (r, path) => faults.Add(r.HoursBefore < 1, $"{path}/hoursBefore", "out-of-range", "At least one hour before."));
    }

    private void CheckForm()
    {
        string[] taken = ["area", "photo", "documents", "profile"];
        Unique(programme.Form.Select(s => s.Code).Concat(taken), "form");
        Each(programme.Form, "form", (section, path) =>
        {
            faults.Add(!Code(section.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
            Unique(section.Fields.Select(f => f.Code), $"{path}/fields");
            Each(section.Fields, $"{path}/fields", CheckField);
        });
    }

    private void CheckField(FormField field, string path)
    {
        faults.Add(!Code(field.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
        if (field.RequiredWhen is not null) Conditions(field.RequiredWhen, $"{path}/requiredWhen");
        switch (field)
        {
            case ChoiceField choice:
                faults.Add(choice.Choices.Count == 0, $"{path}/choices", "empty", "List the choices.");
                Unique(choice.Choices.Select(c => c.Code), $"{path}/choices");
                Each(choice.Choices, $"{path}/choices", (c, at) => { if (c.OfferedWhen is not null) Conditions(c.OfferedWhen, $"{at}/offeredWhen"); });
                break;
            case NumberField number:
                faults.Add(number.Min > number.Max, $"{path}/max", "out-of-range", "The greatest is less than the least.");
                break;
            case TextField text:
                faults.Add(text.MaxLength is < 1 or > 2000, $"{path}/maxLength", "out-of-range", "1 to 2000 characters.");
                break;
            case EntryField entry:
                faults.Add(entry.Group is not (ProfileGroup.Education or ProfileGroup.Training or ProfileGroup.Certificates), $"{path}/group", "not-a-list", "Entries are in education, training and certificates.");
                break;
        }
    }

    private void CheckUploads()
    {
        Upload(programme.Photo.ContentTypes, programme.Photo.MaxBytes, "photo");
        Unique(programme.Documents.Select(d => d.Code).Append("photo"), "documents");
        Each(programme.Documents, "documents", (document, path) =>
        {
            faults.Add(!Code(document.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
            Conditions(document.RequiredWhen, $"{path}/requiredWhen");
            Upload(document.ContentTypes, document.MaxBytes, path);
        });
    }

    private void CheckStages()
    {
        Unique(programme.Stages.Select(s => s.Code), "stages");
        Each(programme.Stages, "stages", (stage, path) =>
        {
            faults.Add(!Code(stage.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(stage.Reasons.Count == 0, $"{path}/reasons", "empty", "An officer who fails somebody needs a reason to give.");
            Unique(stage.Reasons.Select(r => r.Code), $"{path}/reasons");
            Each(stage.Reasons, $"{path}/reasons", (reason, at) =>
                faults.Add(reason.Item.Length > 0 && reason.Item != "photo" && !IsField(reason.Item) && programme.Documents.All(d => d.Code != reason.Item), $"{at}/item", "unknown-item", "Name a field (section/field), a document, 'photo', or leave it empty."));
            if (stage.OnFail is ReturnToCandidate back)
                faults.Add(!programme.Stages.TakeWhile(s => s.Code != stage.Code).Append(stage).Any(s => s.Code == back.ResumeAt), $"{path}/onFail/resumeAt", "unknown-stage", "Name this stage or one before it.");
            WindowIsThere(stage.Window, $"{path}/window");
            if (stage.OnFail is ReturnToCandidate { Window: var correction }) WindowIsThere(correction, $"{path}/onFail/window");
        });
        if (programme.Change.Withdraw is not { } withdraw) return;
        faults.Add(programme.Stages.All(s => s.Code != withdraw.UntilPassed), "change/withdraw/untilPassed", "unknown-stage", "Name one of the stages.");
        WindowIsThere(withdraw.Window, "change/withdraw/window");
    }

    private void CheckPolicies()
    {
        Unique(programme.AreaPolicies.Select(p => p.Code), "areaPolicies");
        Each(programme.AreaPolicies, "areaPolicies", (policy, path) =>
        {
            if (policy.Payment is not { } payment) return;
            WindowIsThere(payment.Window, $"{path}/payment/window");
            faults.Add(payment.Channels.Count == 0, $"{path}/payment/channels", "empty", "Name a channel, or leave payment out.");
            Known(payment.Channels, Channels, $"{path}/payment/channels");
            faults.Add(payment.Fee.Parts(programme).Any(p => p.AmountInFen <= 0), $"{path}/payment/fee", "out-of-range", "A fee is more than 0 fen.");
        });
    }

    private void CheckSessions()
    {
        Unique(programme.Sessions.Select(s => s.Code), "sessions");
        Each(programme.Sessions, "sessions", (session, path) =>
        {
            faults.Add(session.Windows.All(w => w.Kind != WindowKind.Registration), $"{path}/windows", "window-missing", "Every session has a registration window.");
            Windows(session.Windows, $"{path}/windows");
            faults.Add(session.Areas.Count == 0, $"{path}/areas", "empty", "Name the areas that take part.");
            Unique(session.Areas.Select(a => a.Area), $"{path}/areas");
            Each(session.Areas, $"{path}/areas", (area, at) =>
            {
                faults.Add(!AreaTree.IsProvince(area.Area), $"{at}/area", "unknown-area", "Write the code of a province (GB/T 2260), such as 110000.");
                faults.Add(programme.AreaPolicies.All(p => p.Code != area.Policy), $"{at}/policy", "unknown-policy", $"Name one of: {string.Join(", ", programme.AreaPolicies.Select(p => p.Code))}.");
                Windows(area.Windows, $"{at}/windows");
            });
        });
    }

    private void Windows(IReadOnlyList<Window> windows, string path)
    {
        Unique(windows.Select(w => w.Kind.ToString()), path);
        Each(windows, path, (window, at) => faults.Add(window.Until <= window.From, $"{at}/until", "ends-before-it-begins", "The end lies after the beginning."));
    }

    private void WindowIsThere(WindowKind kind, string path) => faults.Add(programme.Sessions.Any(s => s.Windows.All(w => w.Kind != kind)), path, "window-missing", $"Every session needs a window '{kind}': this rule uses it.");

    private void Conditions(IReadOnlyList<Condition> conditions, string path)
    {
        faults.Add(conditions.Count == 0, path, "empty", "Write at least one condition; 'always' if it always holds.");
        Each(conditions, path, (condition, at) =>
        {
            if (condition is not (FieldIs or FieldIsNot)) return;
            var (field, values) = condition is FieldIs { Field: var f, Values: var v } ? (f, v) : (((FieldIsNot)condition).Field, ((FieldIsNot)condition).Values);
            faults.Add(!IsField(field), $"{at}/field", "unknown-field", "Name a field of the form as section/field.");
            if (FieldAt(field) is ChoiceField choice) Known(values, [.. choice.Choices.Select(c => c.Code)], $"{at}/values");
        });
    }

    private void Upload(IReadOnlyList<string> types, long maxBytes, string path)
    {
        faults.Add(types.Count == 0, $"{path}/contentTypes", "empty", "Name the content types that are taken.").Add(maxBytes is < 1 or > 20_000_000, $"{path}/maxBytes", "out-of-range", "1 to 20000000 bytes.");
        Known(types, ContentTypes, $"{path}/contentTypes");
    }

    private void Known(IReadOnlyList<string> values, string[] known, string path) =>
        Each(values, path, (value, at) => faults.Add(!known.Contains(value), at, "unknown-word", $"Write one of: {string.Join(", ", known)}."));

    private void Unique(IEnumerable<string> codes, string path)
    {
        foreach (var twice in codes.GroupBy(c => c).Where(g => g.Count() > 1)) faults.Add(true, path, "said-twice", $"'{twice.Key}' stands here twice, or is a reserved word.");
    }

    private static void Each<T>(IReadOnlyList<T> items, string path, Action<T, string> check)
    {
        for (var i = 0; i < items.Count; i++) check(items[i], $"{path}/{i}");
    }

    private bool IsField(string path) => FieldAt(path) is not null;
    private FormField? FieldAt(string path) => path.Split('/') is [var section, var field] ? programme.Form.FirstOrDefault(s => s.Code == section)?.Field(field) : null;
    private static bool Code(string code) => code.Length is > 0 and <= 40 && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
