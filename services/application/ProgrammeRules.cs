namespace ExamPlatform.Applications;

/// <summary>The rules between the parts of a programme: every name refers to something, every window a rule needs is there, nothing is said twice.</summary>
internal sealed partial class ProgrammeRules(ExamProgramme programme)
{
    /// <summary>Identity's words for documents; closed there.</summary>
    private static readonly string[] DocumentTypes =
        ["residentId", "hkMacaoTaiwanResidencePermit", "hkMacaoTravelPermit", "taiwanTravelPermit", "foreignPermanentResidentCard", "passport", "militaryId"];
    private static readonly string[] Addresses = ["schema", "check", "receipt-keys", "outages"];
    private static readonly string[] ContentTypes = ["image/jpeg", "image/png", "application/pdf"];

    /// <summary>Payment's ways of paying; closed there.</summary>
    private static readonly string[] Channels = ["wechat-native", "wechat-jsapi", "wechat-mini", "wechat-h5", "alipay-page", "alipay-wap", "alipay-qr", "unionpay-pc", "unionpay-mobile"];
    private static readonly string[] OnPhones = ["wechat-jsapi", "wechat-mini", "wechat-h5", "alipay-wap", "unionpay-mobile"];

    private readonly Faults faults = new();

    public static IReadOnlyList<Fault> Faults(ExamProgramme programme)
    {
        var rules = new ProgrammeRules(programme);
        rules.CheckHead();
        rules.CheckForm();
        rules.CheckUploads();
        rules.CheckStages();
        rules.CheckPolicies();
        rules.CheckChange();
        rules.CheckPapers();
        rules.CheckSessions();
        rules.CheckPlans();
        rules.CheckOutages();
        rules.CheckPublicNotice();
        rules.CheckRetention();
        return rules.faults.All;
    }

    private void CheckHead()
    {
        faults.Add(!Code(programme.Code), "code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(Addresses.Contains(programme.Code), "code", "reserved-word", "This is an address of its own under /api/programmes; choose another code.").Add(programme.Version < 1, "version", "out-of-range", "Versions count from 1.");
        faults.Add(programme.Candidates.DocumentTypes.Count == 0, "candidates/documentTypes", "empty", "Name at least one identity document that is accepted.");
        Known(programme.Candidates.DocumentTypes, DocumentTypes, "candidates/documentTypes");
        faults.Add(programme.Subjects.Count == 0, "subjects", "empty", "Name at least one subject.").Add(programme.Form.Count == 0, "form", "empty", "Write at least one section.")
            .Add(programme.Stages.Count == 0, "stages", "empty", "Name at least one stage: somebody has to decide.").Add(programme.Sessions.Count == 0, "sessions", "empty", "Write at least one session.");
        if (programme.Counter is { } counter) CheckCounter(counter);
        Each(programme.ProfileNeeds, "profileNeeds", (need, path) => faults.Add(need.Most is < 1 or > ProfileFaults.MostEntries || (need.Most is not null && !ProfileGroups.Lists.Contains(need.Group)),
            $"{path}/most", "out-of-range", $"1 to {ProfileFaults.MostEntries} entries, of education, training or certificates."));
        faults.Add(programme.Deadlines.LeastDays is < 0 or > 60, "deadlines/leastDays", "out-of-range", "0 to 60 days.");
        Unique(programme.Deadlines.Reminders.Select(r => r.Task.ToString()), "deadlines/reminders");
        Each(programme.Deadlines.Reminders, "deadlines/reminders", (r, path) => faults.Add(r.HoursBefore is < 1 or > 2160, $"{path}/hoursBefore", "out-of-range", "1 to 2160 hours before."));
    }

    /// <summary>Whoever is registered at a counter has no profile, and nobody but an officer of a city or a province enters.</summary>
    private void CheckCounter(CounterRule counter)
    {
        faults.Add(counter.ReplyWithinHours is < 1 or > 720, "counter/replyWithinHours", "out-of-range", "1 to 720 hours.")
            .Add(counter.By is not (DeciderLevel.Site or DeciderLevel.Area), "counter/by", "unknown-word", "Write one of: site, area.")
            .Add(programme.Preferences is not null, "counter", "two-ways", "An exam with preferences is not entered at a counter; leave one of the two out.")
            .Add(programme.ProfileNeeds.Count > 0 || programme.Form.Any(s => s.Fields.Any(f => f is EntryField { RequiredWhen: not null })), "counter", "needs-a-profile",
                "Who is entered at a counter has no profile: ask for nothing of it, or leave the counter out.");
    }

    private void CheckForm()
    {
        string[] taken = ["area", "preferences", "photo", "documents", "profile"];
        Unique(programme.Form.Select(s => s.Code).Concat(taken), "form");
        Unique(programme.Form.Select(s => s.Title), "form");
        faults.Add(programme.Form.Sum(s => s.Fields.OfType<ChoiceField>().Count(f => f.AsRegistered)) > 1, "form", "said-twice", "Only one field is answered by what the account is registered as (asRegistered).");
        Each(programme.Form, "form", (section, path) =>
        {
            faults.Add(!Code(section.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
            Unique(section.Fields.Select(f => f.Code), $"{path}/fields");
            Unique(section.Fields.Select(f => f.Title), $"{path}/fields");
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
                faults.Add(entry.Group is not (ProfileGroup.Education or ProfileGroup.Training or ProfileGroup.Certificates), $"{path}/group", "not-a-list", "Entries are in education, training and certificates.")
                    .Add(entry.Most is < 1 or > 10, $"{path}/most", "out-of-range", "1 to 10.");
                Each(entry.Rules ?? [], $"{path}/rules", (rule, at) => CheckRule(rule, entry.Group, at));
                break;
            case DisabilityCertificateField certificate:
                faults.Add(certificate.Categories.Count == 0 || certificate.Categories.Any(c => c is < 1 or > 7), $"{path}/categories", "out-of-range", "Name categories from 1 to 7; 1 is sight.");
                break;
        }
    }

    private void CheckRule(EntryRule rule, ProfileGroup group, string path)
    {
        if (rule is OnlyKinds only) Known(only.Kinds, ProfileGroups.Kinds(group), $"{path}/kinds");
        if (rule is AlsoInProfile also)
        {
            Known(also.WhenChosen, ProfileGroups.Kinds(group), $"{path}/whenChosen");
            Known(also.Kinds, ProfileGroups.Kinds(group), $"{path}/kinds");
        }
        if (rule is NeedsMember { Kinds: { } needing }) Known(needing, ProfileGroups.Kinds(group), $"{path}/kinds");
        if (rule.Unless is not null) Conditions(rule.Unless, $"{path}/unless");
    }

    private void CheckUploads()
    {
        Upload(programme.Photo.ContentTypes, programme.Photo.MinBytes, programme.Photo.MaxBytes, "photo");
        faults.Add(programme.Photo.Pixels is { } size && (size.Width is < 100 or > 4000 || size.Height is < 100 or > 4000), "photo/pixels", "out-of-range", "100 to 4000 pixels each way.");
        Unique(programme.Documents.Select(d => d.Code).Concat(["photo", "area", "preferences"]), "documents");
        Each(programme.Documents, "documents", (document, path) =>
        {
            faults.Add(!Code(document.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
            Conditions(document.RequiredWhen, $"{path}/requiredWhen");
            Upload(document.ContentTypes, document.MinBytes, document.MaxBytes, path);
        });
    }

    private void CheckStages()
    {
        Unique(programme.Stages.Select(s => s.Code), "stages");
        Each(programme.Stages, "stages", (stage, path) =>
        {
            faults.Add(!Code(stage.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(stage.Reasons.Count == 0, $"{path}/reasons", "empty", "An officer who fails somebody needs a reason to give.");
            Unique(stage.Reasons.Select(r => r.Code), $"{path}/reasons");
            faults.Add(stage.Reasons.Count > 0 && stage.Reasons.All(r => r.Code != StageReason.Other), $"{path}/reasons", "other-missing", $"Add the reason '{StageReason.Other}': officers meet what no list foresees, and write it down.");
            Each(stage.Reasons, $"{path}/reasons", (reason, at) => faults.Add(!Code(reason.Code), $"{at}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(!IsItem(reason.Item), $"{at}/item", "unknown-item", $"Name a field (section/field), a document, {(programme.Preferences is null ? "'area'" : "'preferences'")}, 'photo', or leave it empty."));
            if (stage.OnFail is ReturnToCandidate back)
                faults.Add(!programme.Stages.TakeWhile(s => s.Code != stage.Code).Append(stage).Any(s => s.Code == back.ResumeAt), $"{path}/onFail/resumeAt", "unknown-stage", "Name this stage or one before it.");
            CheckStage(stage, path);
            WindowIsThere(stage.Window, $"{path}/window");
            if (stage.OnFail is ReturnToCandidate { Window: var correction }) WindowIsThere(correction, $"{path}/onFail/window");
        });
    }

    private void CheckChange()
    {
        if (programme.Change.Withdraw is { } withdraw) Check(withdraw.UntilPassed, withdraw.Window, "change/withdraw");
        if (programme.Change.Edit is { } edit) Check(edit.UntilPassed, edit.Window, "change/edit");
        if (programme.Change.GiveUp is { } giveUp) WindowIsThere(giveUp.Window, "change/giveUp/window");
        faults.Add(programme.Change is { Withdraw: not null, Edit: not null }, "change/edit", "two-ways", "A submission is either taken back or replaced; leave one of the two out.");

        void Check(string untilPassed, WindowKind window, string path)
        {
            faults.Add(programme.Stages.All(s => s.Code != untilPassed), $"{path}/untilPassed", "unknown-stage", "Name one of the stages.");
            WindowIsThere(window, $"{path}/window");
        }
    }

    private void CheckStage(Stage stage, string path)
    {
        if (stage.OnFail is ReleaseThenReturn release)
            faults.Add(release.WithinHours is < 1 or > 720, $"{path}/onFail/withinHours", "out-of-range", "1 to 720 hours.").Add(release.By <= stage.Decider, $"{path}/onFail/by", "not-below", "Name a level below the one that decides.");
        var final = stage.OnFail is RejectForGood || stage.Reasons.Any(r => r.Final);
        faults.Add(stage.Appeal is not null && !final, $"{path}/appeal", "nothing-to-appeal", "Only a failure for good can be appealed; leave this out.")
            .Add(stage.Appeal is not null && programme.Preferences is not null, $"{path}/appeal", "place-gone", "A failure for good gives the place to somebody else, so it cannot be appealed where places are given; leave this out.");
        DeciderLevel[] levels = [stage.Decider, .. stage.Appeal is { } to ? [to.Decider] : Array.Empty<DeciderLevel>(), .. stage.OnFail is ReleaseThenReturn held ? [held.By] : Array.Empty<DeciderLevel>()];
        faults.Add(programme.Preferences is null && levels.Contains(DeciderLevel.Point), path, "point-without-base", "Officers of level point belong to a training base, which only an exam with preferences has; name another level.");
        if (stage.Appeal is { } appeal)
            faults.Add(appeal.Decider >= stage.Decider, $"{path}/appeal/decider", "not-above", "Name a level above the one that decides.").Add(appeal.WithinDays is < 1 or > 60, $"{path}/appeal/withinDays", "out-of-range", "1 to 60 days.");
        Each(stage.Checks ?? [], $"{path}/checks", (check, at) =>
        {
            if (check is DisabilityRegisterCheck register) faults.Add(FieldAt(register.Field) is not DisabilityCertificateField, $"{at}/field", "unknown-field", "Name a field of kind disabilityCertificate as section/field.");
        });
    }

    private void CheckPapers()
    {
        Unique((programme.Papers ?? []).Select(p => p.Code), "papers");
        Each(programme.Papers ?? [], "papers", (paper, path) =>
        {
            faults.Add(!Code(paper.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(paper.Copies is < 1 or > 20, $"{path}/copies", "out-of-range", "1 to 20.");
            Conditions(paper.When, $"{path}/when");
            WindowIsThere(paper.Window, $"{path}/window");
        });
        Each(programme.AddedSubjects ?? [], "addedSubjects", (subject, path) => CheckCondition(subject.When, $"{path}/when"));
    }

    private void WindowIsThere(WindowKind kind, string path) => faults.Add(programme.Sessions.Any(s => s.Windows.All(w => w.Kind != kind)), path, "window-missing", $"Every session needs a window '{kind}': this rule uses it.");

    private void Conditions(IReadOnlyList<Condition> conditions, string path)
    {
        faults.Add(conditions.Count == 0, path, "empty", "Write at least one condition; 'always' if it always holds.");
        Each(conditions, path, CheckCondition);
    }

    private void CheckCondition(Condition condition, string path)
    {
        if (condition is AnyOf { Conditions: var alternatives }) Conditions(alternatives, $"{path}/conditions");
        if (condition is AreaIs { Areas: var areas }) Each(areas, $"{path}/areas", (area, place) => faults.Add(!AreaTree.IsProvince(area), place, "unknown-area", "Write the code of a province (GB/T 2260), such as 110000."));
        if (condition is PersonDocumentIs { Types: var types }) Known(types, DocumentTypes, $"{path}/types");
        if (condition is ChosenEntryIs { Field: var chooser } chosen)
        {
            faults.Add(FieldAt(chooser) is not EntryField, $"{path}/field", "unknown-field", "Name a field of kind profileEntry as section/field.");
            if (FieldAt(chooser) is EntryField { Group: var group }) Known(chosen.Kinds, ProfileGroups.Kinds(group), $"{path}/kinds");
        }
        if (condition is not (FieldIs or FieldIsNot)) return;
        var (field, values) = condition is FieldIs { Field: var f, Values: var v } ? (f, v) : (((FieldIsNot)condition).Field, ((FieldIsNot)condition).Values);
        faults.Add(!IsField(field), $"{path}/field", "unknown-field", "Name a field of the form as section/field.");
        if (FieldAt(field) is ChoiceField choice) Known(values, [.. choice.Choices.Select(c => c.Code)], $"{path}/values");
    }

    private void Upload(IReadOnlyList<string> types, long minBytes, long maxBytes, string path)
    {
        faults.Add(minBytes < 0 || minBytes > maxBytes, $"{path}/minBytes", "out-of-range", "From 0 to maxBytes.");
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

    private bool IsItem(string item) => item is "" or "photo" || item == (programme.Preferences is null ? "area" : "preferences") || IsField(item) || programme.Documents.Any(d => d.Code == item);
    private bool IsField(string path) => FieldAt(path) is not null;
    private FormField? FieldAt(string path) => path.Split('/') is [var section, var field] ? programme.Form.FirstOrDefault(s => s.Code == section)?.Field(field) : null;
    private static bool Code(string code) => code.Length is > 0 and <= 40 && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
